"""Alerts find their way out, with quick links"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002_alerts"
down_revision = "0001"
branch_labels = None
depends_on = None

UNSETTLED, CLAIMED = sa.text("state IN ('waiting', 'claimed')"), sa.text("state = 'claimed'")
IDENTITY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("alert", sa.Column("payload", sa.Text(), nullable=True))
    op.drop_index("alert_due", "alert")
    for name, condition, columns in (
        ("alert_due", UNSETTLED, ["organization_id", "due_at", "id"]),
        ("alert_claimed", CLAIMED, ["person_id"]),
    ):
        op.create_index(name, "alert", columns, postgresql_where=condition, sqlite_where=condition)
    op.add_column("person", sa.Column("alerts_email", sa.Text(), nullable=True))
    for name in ("alerts_email_at", "alerts_email_by", "alerted_at"):
        op.add_column("person", sa.Column(name, sa.BigInteger(), nullable=True))
    op.create_table(
        "quick_link",
        sa.Column("id", IDENTITY, nullable=False),
        sa.Column("person_id", sa.BigInteger(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), sa.ForeignKey("conversation.id"), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_through", sa.BigInteger(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.Column("opened", sa.Integer(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("quick_link_by_token", "quick_link", ["token_hash"], unique=True)
    op.create_index("quick_link_by_person", "quick_link", ["person_id", "conversation_id", "id"])
    op.create_table(
        "quick_link_session",
        sa.Column("session_id", sa.BigInteger(), sa.ForeignKey("session.id"), nullable=False),
        sa.Column("quick_link_id", sa.BigInteger(), sa.ForeignKey("quick_link.id"), nullable=False),
        sa.PrimaryKeyConstraint("session_id", "quick_link_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("quick_link_session_by_link", "quick_link_session", ["quick_link_id"])


def downgrade() -> None:
    op.drop_table("quick_link_session")
    op.drop_table("quick_link")
    for name in ("alerts_email", "alerts_email_at", "alerts_email_by", "alerted_at"):
        op.drop_column("person", name)
    op.drop_index("alert_claimed", "alert")
    op.drop_index("alert_due", "alert")
    op.create_index("alert_due", "alert", ["state", "due_at", "id"], postgresql_where=UNSETTLED, sqlite_where=UNSETTLED)
    op.drop_column("alert", "payload")
