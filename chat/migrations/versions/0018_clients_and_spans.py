"""Pages of staff hear of what changes about the clients whom they look after"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018_clients_change"
down_revision = "0015_text_order"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("mailbox", sa.Column("clients_change", sa.BigInteger(), nullable=False, server_default="0"))


def downgrade() -> None:
    op.drop_column("mailbox", "clients_change")
