"""Away messages, and whom they answered"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012_away"
down_revision = "0011_running_time"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "away",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("first_day", sa.Text(), nullable=False),
        sa.Column("last_day", sa.Text(), nullable=False),
        sa.Column("begins_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("data_key_id", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["data_key_id"], ["data_key.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_away_person_id"), "away", ["person_id"])
    op.create_table(
        "away_answer",
        sa.Column("away_id", sa.BigInteger(), nullable=False),
        sa.Column("client_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["away_id"], ["away.id"]),
        sa.ForeignKeyConstraint(["client_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("away_id", "client_id"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("away_answer")
    op.drop_table("away")
