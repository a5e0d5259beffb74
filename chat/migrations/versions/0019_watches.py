"""Staff are told if a message stays unread"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019_watches"
down_revision = "0018_clients_and_spans"
branch_labels = None
depends_on = None

PENDING, TOLD = sa.text("told_at IS NULL"), sa.text("told_at IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "watch",
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("told_at", sa.BigInteger(), nullable=True),
        sa.Column("mail_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("conversation_id", "seq"),
        sqlite_with_rowid=False,
    )
    op.create_index("watch_due", "watch", ["due_at"], postgresql_where=PENDING, sqlite_where=PENDING)
    op.create_index("watch_told", "watch", ["person_id", "told_at"], postgresql_where=TOLD, sqlite_where=TOLD)
    op.add_column("participant", sa.Column("watched", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column("participant", "watched")
    op.drop_table("watch")
