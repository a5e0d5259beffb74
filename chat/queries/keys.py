"""Data keys by the key-encryption key that wraps them."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import func, select

from chat.lib.crypto import Unreadable
from chat.lib.sql import Statement, parameter
from chat.models import DataKey
from chat.models.columns import table
from chat.transaction import Reading

KEYS = table(DataKey)
PAGE = 500
USES = Statement(
    lambda _: (
        select(KEYS.c.wrapping_key, func.count(), func.min(KEYS.c.id)).group_by(KEYS.c.wrapping_key).order_by(KEYS.c.wrapping_key)
    )
)
WRAPPED = Statement(
    lambda _: (
        select(KEYS.c.id, KEYS.c.wrapping_key, KEYS.c.wrapped)
        .where(KEYS.c.id > parameter("after"))
        .order_by(KEYS.c.id)
        .limit(parameter("limit"))
    )
)


class Checked(NamedTuple):
    """A page of data keys that were tried. `last` is None at the end."""

    tried: int
    bad: list[tuple[int, str]]
    last: int | None


def uses(reading: Reading) -> dict[str, int]:
    """How many data keys each key-encryption key wraps, by its name."""
    return {row[0]: row[1] for row in reading.rows(USES)}


def unopened(reading: Reading) -> list[str]:
    """Names of keys in the database that this process cannot read with: missing from its ring, or another key of that name."""
    return [
        name for name, _, first in reading.rows(USES) if _trouble(reading, *reading.rows(WRAPPED, after=first - 1, limit=1)[0])
    ]


def check(reading: Reading, after: int = 0, limit: int = PAGE) -> Checked:
    """Try to open the next data keys, in the order of their ids."""
    rows = reading.rows(WRAPPED, after=after, limit=limit)
    bad = [(row[0], trouble) for row in rows if (trouble := _trouble(reading, *row))]
    return Checked(len(rows), bad, rows[-1][0] if len(rows) == limit else None)


def _trouble(reading: Reading, number: int, name: str, wrapped: bytes) -> str:
    try:
        reading.keys.ring.unwrap(number, name, bytes(wrapped))
    except Unreadable as error:
        return str(error)
    return ""
