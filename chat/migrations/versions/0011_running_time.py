"""Quick links also end by the running time of the machine that made them"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011_running_time"
down_revision = "0010_bounces"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("quick_link", sa.Column("boot", sa.Text(), nullable=True))
    op.add_column("quick_link", sa.Column("boot_ends_at", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column("quick_link", "boot_ends_at")
    op.drop_column("quick_link", "boot")
