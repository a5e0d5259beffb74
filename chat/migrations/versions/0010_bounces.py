"""Whose mails come to nothing, and a list of the alerts that did"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010_bounces"
down_revision = "0009_audit_chain"
branch_labels = None
depends_on = None

FAILED = sa.text("state = 'failed'")


def upgrade() -> None:
    op.add_column("person", sa.Column("mail_failed_at", sa.BigInteger(), nullable=True))
    op.add_column("person", sa.Column("mail_failure", sa.Text(), nullable=True))
    op.create_index("alert_failed", "alert", ["organization_id", "id"], postgresql_where=FAILED, sqlite_where=FAILED)


def downgrade() -> None:
    op.drop_index("alert_failed", "alert")
    op.drop_column("person", "mail_failure")
    op.drop_column("person", "mail_failed_at")
