"""What a virus scanner found in an upload, which is then kept apart"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014_quarantine"
down_revision = "0013_in_use"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("attachment", sa.Column("threat", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("attachment", "threat")
