"""Push messages"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008_push"
down_revision = "0007_views"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "push_subscription",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("session_id", sa.BigInteger(), sa.ForeignKey("session.id"), nullable=False),
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("p256dh", sa.Text(), nullable=False),
        sa.Column("auth", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("push_subscription_by_endpoint", "push_subscription", ["endpoint"], unique=True)
    op.create_index("push_subscription_by_person", "push_subscription", ["person_id"])
    op.create_index("push_subscription_by_session", "push_subscription", ["session_id"])


def downgrade() -> None:
    op.drop_table("push_subscription")
