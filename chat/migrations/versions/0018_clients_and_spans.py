"""Pages of staff hear of what changes about their clients; what is handed over was not sent to who takes over"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018_clients_and_spans"
down_revision = "0016_keeping"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("mailbox", sa.Column("clients_change", sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column("span", sa.Column("inherited", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.drop_column("span", "inherited")
    op.drop_column("mailbox", "clients_change")
