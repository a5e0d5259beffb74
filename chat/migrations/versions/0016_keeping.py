"""What outranks the trash: a practice that deletes nothing, a minimum retention, and holds on records"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016_keeping"
down_revision = "0017_operating"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
LASTS = sa.text("lifted_at IS NULL")


def upgrade() -> None:
    op.add_column("organization", sa.Column("deletes_since", sa.BigInteger(), nullable=True, server_default="0"))
    op.add_column("organization", sa.Column("retention_years", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("erasure", sa.Column("due_at", sa.BigInteger(), nullable=False, server_default="0"))
    op.create_index("erasure_by_due", "erasure", ["due_at"])
    op.create_table(
        "hold",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("client_id", sa.BigInteger(), nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("data_key_id", sa.BigInteger(), nullable=False),
        sa.Column("reasons", sa.LargeBinary(), nullable=False),
        sa.Column("set_at", sa.BigInteger(), nullable=False),
        sa.Column("set_by", sa.BigInteger(), nullable=False),
        sa.Column("lifted_at", sa.BigInteger(), nullable=True),
        sa.Column("lifted_by", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        sa.ForeignKeyConstraint(["client_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["data_key_id"], ["data_key.id"]),
        sa.ForeignKeyConstraint(["set_by"], ["person.id"]),
        sa.ForeignKeyConstraint(["lifted_by"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("mark"),
    )
    op.create_index(op.f("ix_hold_data_key_id"), "hold", ["data_key_id"])
    op.create_index("hold_by_client", "hold", ["client_id", "id"])
    op.create_index("hold_by_organization", "hold", ["organization_id"], postgresql_where=LASTS, sqlite_where=LASTS)
    op.create_index("hold_that_lasts", "hold", ["client_id"], unique=True, postgresql_where=LASTS, sqlite_where=LASTS)


def downgrade() -> None:
    op.drop_table("hold")
    op.drop_index("erasure_by_due", "erasure")
    op.drop_column("erasure", "due_at")
    op.drop_column("organization", "retention_years")
    op.drop_column("organization", "deletes_since")
