"""What tells the key of the ids from another, and deletions on their way to the ledger"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017_operating"
down_revision = "0015_text_order"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("installation", sa.Column("mark", sa.Text(), nullable=False, server_default=""))
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "deletion",
        sa.Column("id", number, primary_key=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("item", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("through", sa.BigInteger(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("deletion")
    op.drop_column("installation", "mark")
