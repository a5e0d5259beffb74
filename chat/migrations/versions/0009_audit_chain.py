"""The chain of the audit trail: heads, and indexes that a send does not pay for"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009_audit_chain"
down_revision = "0008_push"
branch_labels = None
depends_on = None

PLACED, WAITING = sa.text("place IS NOT NULL"), sa.text("place IS NULL")
BY_TIME = {
    "audit_by_time": ["organization_id", "at", "id"],
    "audit_by_client": ["organization_id", "client_id", "at", "id"],
    "audit_by_actor": ["organization_id", "actor_id", "at", "id"],
}


def upgrade() -> None:
    op.create_table(
        "audit_head",
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=False),
        sa.Column("chain", sa.LargeBinary(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("held_until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id"),
        sqlite_with_rowid=False,
    )
    op.drop_index("audit_by_place", "audit_entry")
    op.drop_index("audit_by_client", "audit_entry")
    op.create_index("audit_waiting", "audit_entry", ["id"], postgresql_where=WAITING, sqlite_where=WAITING)
    columns = ["organization_id", "place"]
    op.create_index("audit_by_place", "audit_entry", columns, unique=True, postgresql_where=PLACED, sqlite_where=PLACED)
    for name, columns in BY_TIME.items():
        op.create_index(name, "audit_entry", columns, postgresql_where=PLACED, sqlite_where=PLACED)


def downgrade() -> None:
    for name in (*BY_TIME, "audit_by_place", "audit_waiting"):
        op.drop_index(name, "audit_entry")
    op.drop_table("audit_head")
    op.create_index("audit_by_place", "audit_entry", ["organization_id", "place"])
    op.create_index("audit_by_client", "audit_entry", ["organization_id", "client_id", "id"])
