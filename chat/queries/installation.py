"""What is true of the database as a whole."""

from __future__ import annotations

from sqlalchemy import select, text

from chat.lib.sql import Statement
from chat.models import Installation
from chat.models.columns import table
from chat.transaction import Reading

MARK = Statement(lambda _: select(table(Installation).c.mark))
REVISION = Statement(lambda _: select(text("version_num")).select_from(text("alembic_version")))


def revision(reading: Reading) -> str:
    """The migration that this database took last."""
    return "".join(row[0] for row in reading.rows(REVISION))


def mark(reading: Reading) -> str:
    """What was made under this database's `id` key; empty before its first start."""
    return "".join(row[0] for row in reading.rows(MARK))
