"""Rotation's third step: data keys are wrapped anew by the key that writes, a few at a time, beside everything else."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Executable, Text, select

from chat.lib.sql import Changes, Sets, Statement, parameter
from chat.queries.keys import KEYS
from chat.transaction import Transaction

STEP = 200


@dataclass(frozen=True, slots=True)
class Rewrapped:
    """What a step did: how many, and the id after which the next begins; None if nothing was left."""

    count: int
    last: int | None


def _old(_: Sets) -> Executable:
    found = select(KEYS.c.id, KEYS.c.wrapping_key, KEYS.c.wrapped).where(
        KEYS.c.id > parameter("after"), KEYS.c.wrapping_key != parameter("current", Text())
    )
    return found.order_by(KEYS.c.id).limit(parameter("limit")).with_for_update(key_share=True)


OLD = Statement(_old)
REWRAP = Changes(KEYS, ("id",), ("wrapping_key", "wrapped"))


def rewrap(tx: Transaction, after: int = 0) -> Rewrapped:
    """One step over the data keys beyond this id. A row that was destroyed meanwhile stays so; a key that is not on the ring
    raises Unreadable, and nothing of the step is written. Can be cut off anywhere and begun again."""
    ring = tx.keys.ring
    rows = tx.rows(OLD, after=after, current=ring.current, limit=STEP)
    tx.write(REWRAP, [(row[0], *ring.wrap(row[0], ring.unwrap(row[0], row[1], bytes(row[2])))) for row in rows])
    return Rewrapped(len(rows), rows[-1][0] if rows else None)


def note_scheduled_rotation(tx: Transaction, count: int) -> None:
    """The same for one that the server did by itself."""
    tx.audit("rotate_keys", details=f"{count} data keys, now by {tx.keys.ring.current}, by the calendar")


def note_rotation(tx: Transaction, count: int) -> None:
    """That everything is wrapped by one key is on record."""
    tx.audit("rotate_keys", address="command line", details=f"{count} data keys, now by {tx.keys.ring.current}")
