"""SQLite: what is only ever added to, is added at the end"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021_appended"
down_revision = "0020_tallies"
branch_labels = None
depends_on = None

TABLES = ("message", "receipt")


def upgrade() -> None:
    # Sorted by their keys, each new row lay somewhere in the middle, and its neighbours were shifted and written with it.
    for name in TABLES:
        _build_anew(name, "")


def downgrade() -> None:
    for name in TABLES:
        _build_anew(name, " WITHOUT ROWID")


def _build_anew(name: str, kind: str) -> None:
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        return  # PostgreSQL has no other way than this
    here = sa.text("SELECT type, sql FROM sqlite_master WHERE tbl_name = :name AND sql IS NOT NULL")
    found = connection.execute(here, {"name": name}).all()
    (table,) = (sentence for of, sentence in found if of == "table")
    fields = table[table.index("(") : table.rindex(")") + 1]
    op.execute(f"CREATE TABLE {name}_anew {fields}{kind}")
    op.execute(f"INSERT INTO {name}_anew SELECT * FROM {name}")  # noqa: S608  names from here
    op.drop_table(name)
    op.rename_table(f"{name}_anew", name)
    for of, sentence in found:
        if of == "index":
            op.execute(sentence)
