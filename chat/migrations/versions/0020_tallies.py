"""Each day's numbers, for the overview"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020_tallies"
down_revision = "0019_watches"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tally",
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("received", sa.BigInteger(), nullable=False),
        sa.Column("sent", sa.BigInteger(), nullable=False),
        sa.Column("late", sa.BigInteger(), nullable=False),
        sa.Column("waits", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        sa.PrimaryKeyConstraint("organization_id", "person_id", "day"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("tally")
