"""Files, contact logs and mass messages"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004_composing"
down_revision = "0003_deleting"
branch_labels = None
depends_on = None

IDENTITY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("message", sa.Column("attachments", sa.BigInteger(), nullable=False, server_default="0"))
    op.create_table(
        "attachment",
        sa.Column("id", IDENTITY, primary_key=True),
        sa.Column("organization_id", sa.BigInteger(), sa.ForeignKey("organization.id"), nullable=False),
        sa.Column("uploader_id", sa.BigInteger(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("storage", sa.Text(), nullable=False),
        sa.Column("thumbnail", sa.Text(), nullable=True),
        sa.Column("data_key_id", sa.BigInteger(), sa.ForeignKey("data_key.id"), nullable=True),
        sa.Column("details", sa.LargeBinary(), nullable=True),
        sa.Column("sent", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
    )
    op.create_index("attachment_unsent", "attachment", ["sent", "created_at"])
    op.create_table(
        "enclosure",
        sa.Column("conversation_id", sa.BigInteger(), sa.ForeignKey("conversation.id"), primary_key=True),
        sa.Column("seq", sa.BigInteger(), primary_key=True),
        sa.Column("place", sa.BigInteger(), primary_key=True),
        sa.Column("attachment_id", sa.BigInteger(), sa.ForeignKey("attachment.id"), nullable=False),
        sa.Column("outer_id", sa.BigInteger(), nullable=False),
        sa.Column("details", sa.LargeBinary(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("enclosure_by_outer_id", "enclosure", ["outer_id"], unique=True)
    op.create_index("enclosure_by_attachment", "enclosure", ["attachment_id"])
    op.create_table(
        "contact_log",
        sa.Column("client_id", sa.BigInteger(), sa.ForeignKey("person.id"), primary_key=True),
        sa.Column("data_key_id", sa.BigInteger(), sa.ForeignKey("data_key.id"), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "contact_log_entry",
        sa.Column("id", IDENTITY, primary_key=True),
        sa.Column("organization_id", sa.BigInteger(), sa.ForeignKey("organization.id"), nullable=False),
        sa.Column("client_id", sa.BigInteger(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("author_id", sa.BigInteger(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by_hand", sa.Boolean(), nullable=False),
        sa.Column("mark", sa.Text(), nullable=False, unique=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
    )
    op.create_index("contact_log_by_client", "contact_log_entry", ["client_id", "id"])


def downgrade() -> None:
    for name in ("contact_log_entry", "contact_log", "enclosure", "attachment"):
        op.drop_table(name)
    op.drop_column("message", "attachments")
