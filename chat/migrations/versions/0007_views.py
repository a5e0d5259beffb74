"""An index of views"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007_views"
down_revision = "0006_texts"
branch_labels = None
depends_on = None

VIEW = sa.text("action = 'view'")


def upgrade() -> None:
    columns = ["conversation_id", "actor_id", "seq"]
    op.create_index("audit_views", "audit_entry", columns, postgresql_where=VIEW, sqlite_where=VIEW)


def downgrade() -> None:
    op.drop_index("audit_views", "audit_entry")
