"""How Alembic connects: always through the connection that `cli.database` gives it."""

from __future__ import annotations

from alembic import context
from sqlmodel import SQLModel

import chat.models  # noqa: F401  the tables register themselves

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    compare_type=True,
    compare_server_default=False,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
