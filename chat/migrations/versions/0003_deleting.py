"""Deleting for good, and erasing"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003_deleting"
down_revision = "0002_alerts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "erasure",
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("requested_at", sa.BigInteger(), nullable=False),
        sa.Column("retired", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"]),
        sa.PrimaryKeyConstraint("conversation_id"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("erasure")
