"""Mass messages"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005_mass_messages"
down_revision = "0004_composing"
branch_labels = None
depends_on = None

IDENTITY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "mass_message",
        sa.Column("id", IDENTITY, primary_key=True),
        sa.Column("organization_id", sa.BigInteger(), sa.ForeignKey("organization.id"), nullable=False),
        sa.Column("sender_id", sa.BigInteger(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("data_key_id", sa.BigInteger(), sa.ForeignKey("data_key.id"), nullable=False),
        sa.Column("subject", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("files", sa.LargeBinary(), nullable=True),
        sa.Column("copy_to_contact_log", sa.Boolean(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("done", sa.BigInteger(), nullable=False),
        sa.Column("change", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("cancelled_at", sa.BigInteger(), nullable=True),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.Column("trashed_at", sa.BigInteger(), nullable=True),
    )
    op.create_index("mass_message_by_sender", "mass_message", ["sender_id", "id"])
    op.create_index("mass_message_open", "mass_message", ["finished_at", "id"])
    op.create_table(
        "mass_recipient",
        sa.Column("mass_message_id", sa.BigInteger(), sa.ForeignKey("mass_message.id"), primary_key=True),
        sa.Column("client_id", sa.BigInteger(), sa.ForeignKey("person.id"), primary_key=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), sa.ForeignKey("conversation.id"), nullable=True),
        sqlite_with_rowid=False,
    )
    op.create_index("mass_recipient_waiting", "mass_recipient", ["mass_message_id", "state", "client_id"])


def downgrade() -> None:
    op.drop_table("mass_recipient")
    op.drop_table("mass_message")
