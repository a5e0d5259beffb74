"""What came in as STOP or START, of which number, and when the gateway got it"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015_text_order"
down_revision = "0014_quarantine"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("text_received", sa.Column("phone", sa.Text(), nullable=True))
    op.add_column("text_received", sa.Column("word", sa.Text(), nullable=True))
    op.add_column("text_received", sa.Column("gateway_at", sa.BigInteger(), nullable=True))
    op.create_index("text_received_by_phone", "text_received", ["phone", "at"])
    op.create_index("text_received_by_time", "text_received", ["at"])


def downgrade() -> None:
    op.drop_index("text_received_by_time", "text_received")
    op.drop_index("text_received_by_phone", "text_received")
    for name in ("gateway_at", "word", "phone"):
        op.drop_column("text_received", name)
