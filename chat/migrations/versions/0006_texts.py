"""Text messages"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006_texts"
down_revision = "0005_mass_messages"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("person", sa.Column("texts_off_at", sa.BigInteger(), nullable=True))
    op.create_index("person_by_phone", "person", ["phone"])
    op.create_table(
        "text_consent",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organization_id", sa.BigInteger(), sa.ForeignKey("organization.id"), nullable=False),
        sa.Column("person_id", sa.BigInteger(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("text_consent_by_person", "text_consent", ["person_id", "id"])
    op.create_table(
        "text_received",
        sa.Column("sid", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("claim", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("sid"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("text_received")
    op.drop_table("text_consent")
    op.drop_index("person_by_phone", "person")
    op.drop_column("person", "texts_off_at")
