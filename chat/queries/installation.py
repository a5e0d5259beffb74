"""What is true of the database as a whole."""

from __future__ import annotations

from sqlalchemy import select

from chat.lib.sql import Statement
from chat.models import Installation
from chat.models.columns import table
from chat.transaction import Reading

MARK = Statement(lambda _: select(table(Installation).c.mark))


def mark(reading: Reading) -> str:
    """What was made under this database's `id` key; empty before its first start."""
    return "".join(row[0] for row in reading.rows(MARK))
