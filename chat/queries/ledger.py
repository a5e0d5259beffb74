"""Deletions that wait for their place in the ledger."""

from __future__ import annotations

from sqlalchemy import select

from chat.lib.ledger import Line
from chat.lib.sql import Statement, parameter
from chat.models import Deletion
from chat.models.columns import table
from chat.queries.changes import epoch
from chat.transaction import Reading

DELETIONS = table(Deletion)
PAGE = 500
_COLUMNS = tuple(DELETIONS.c[name] for name in ("id", "at", "kind", "item", "person_id", "through"))
WAITING = Statement(lambda _: select(*_COLUMNS).order_by(DELETIONS.c.id).limit(parameter("limit")))


def waiting(reading: Reading, limit: int = PAGE) -> tuple[int, dict[int, Line]]:
    """The instant of this look, and by id the deletions that are not known to stand in the ledger. What was acknowledged
    before that instant and is not among them stands there."""
    rows = reading.rows(WAITING, limit=limit)
    word = epoch(reading) if rows else ""
    return reading.now, {row[0]: Line(word, *row[1:]) for row in rows}
