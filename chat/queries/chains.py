"""The chain of the audit trail: what waits for its place, and whether the rows that have one are as they were written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Executable, and_, func, select

from chat.lib import chains
from chat.lib.clock import MINUTE
from chat.lib.sql import Row, Sets, Statement, parameter
from chat.models import AuditEntry, AuditHead
from chat.models.columns import table
from chat.transaction import Reading

AUDIT, HEADS = table(AuditEntry), table(AuditHead)
NOBODY = 0  # the chain of what belongs to no organization
STEP, PAGE = 600, 2_000
LATE = MINUTE
#: What a link vouches for, in this order; the place comes last.
RECORD = (
    *("id", "organization_id", "at", "actor_id", "session_id", "action", "person_id", "client_id", "conversation_id", "seq"),
    *("address", "outcome", "details"),
)


class Head(NamedTuple):
    """How far a chain goes."""

    organization: int
    place: int
    chain: bytes


@dataclass(frozen=True, slots=True)
class Links:
    """What lengthens one chain: (row id, place, link) after the head that was read."""

    organization: int
    after: int
    rows: tuple[tuple[int, int, bytes], ...]
    holder: str = ""


def _waiting(_: Sets) -> Executable:
    return (
        select(*(AUDIT.c[name] for name in RECORD)).where(AUDIT.c.place.is_(None)).order_by(AUDIT.c.id).limit(parameter("limit"))
    )


def _page(mine: ColumnElement[bool]) -> Statement:
    found = and_(mine, AUDIT.c.place.is_not(None), AUDIT.c.place > parameter("after"))
    columns = (*(AUDIT.c[name] for name in RECORD), AUDIT.c.place, AUDIT.c.chain)
    return Statement(lambda _: select(*columns).where(found).order_by(AUDIT.c.place).limit(parameter("limit")))


WAITING = Statement(_waiting)
SELECT_HEADS = Statement(
    lambda _: select(HEADS.c.organization_id, HEADS.c.place, HEADS.c.chain, HEADS.c.holder, HEADS.c.held_until).order_by(
        HEADS.c.organization_id
    )
)
PLACED = _page(AUDIT.c.organization_id == parameter("organization"))
PLACED_OF_NOBODY = _page(AUDIT.c.organization_id.is_(None))
OF_LATE = and_(AUDIT.c.place.is_(None), AUDIT.c.at < parameter("before"))
LATE_ROWS = Statement(lambda _: select(func.count(), func.min(AUDIT.c.id), func.min(AUDIT.c.at)).where(OF_LATE))
CHAINED = Statement(lambda _: select(func.coalesce(AUDIT.c.organization_id, NOBODY)).where(AUDIT.c.place == 1))


def unchained(reading: Reading, key: bytes, holder: str, limit: int = STEP) -> list[Links]:
    """The next links of every chain that is `holder`'s to lengthen (nobody else's lease runs). Computed here, beside the
    writer; `actions.chains.append` writes them if the heads are still the same."""
    waiting = reading.rows(WAITING, limit=limit)
    if not waiting:
        return []
    heads = {row[0]: row for row in reading.rows(SELECT_HEADS)}
    return [
        _links(key, heads.get(number), number, rows, holder)
        for number, rows in _apart(waiting).items()
        if number not in heads or heads[number][3] == holder or heads[number][4] < reading.now
    ]


def _apart(rows: Sequence[Row]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = {}
    for row in rows:
        found.setdefault(row[1] or NOBODY, []).append(row)
    return found


def _links(key: bytes, head: Row | None, organization: int, rows: Sequence[Row], holder: str) -> Links:
    after, chain = (head[1], bytes(head[2])) if head else (0, chains.START)
    made = []
    for place, row in enumerate(rows, after + 1):
        chain = chains.link(key, chain, (*row, place))
        made.append((row[0], place, chain))
    return Links(organization, after, tuple(made), holder)


def heads(reading: Reading) -> list[Head]:
    """How far every chain goes."""
    return [Head(row[0], row[1], bytes(row[2])) for row in reading.rows(SELECT_HEADS)]


def headless(reading: Reading) -> list[int]:
    """Organizations with a chain whose head is gone."""
    known = {row[0] for row in reading.rows(SELECT_HEADS)}
    return sorted({row[0] for row in reading.rows(CHAINED)} - known)


def late(reading: Reading) -> tuple[int, int, int] | None:
    """(how many, lowest id, since when) of rows without a place for more than a minute; None if there are none."""
    count, first, since = reading.rows(LATE_ROWS, before=reading.now - LATE)[0]
    return (count, first, since) if count else None


@dataclass
class Walk:
    """A check of one chain, a page at a time, so that no snapshot is held long. `known`: links that it must have, by place."""

    organization: int
    key: bytes
    known: Mapping[int, bytes] = field(default_factory=dict)
    place: int = 0
    chain: bytes = chains.START
    fault: str = ""

    def step(self, reading: Reading, limit: int = PAGE) -> bool:
        """Check the next rows; whether there may be more. `fault` then names the first bad one, if there is one."""
        values: dict[str, Any] = {"after": self.place, "limit": limit}
        if self.organization == NOBODY:
            rows = reading.rows(PLACED_OF_NOBODY, **values)
        else:
            rows = reading.rows(PLACED, organization=self.organization, **values)
        for row in rows:
            self.fault = self._look(row)
            if self.fault:
                return False
        if len(rows) < limit:
            self._end()
        return len(rows) == limit

    def _look(self, row: Row) -> str:
        place, stored = row[-2], bytes(row[-1] or b"")
        if place != self.place + 1:
            return f"Entry {self.place + 1} was removed."
        expected = chains.link(self.key, self.chain, row[:-1])
        if not chains.same(expected, stored):
            return f"Entry {place} (row {row[0]}, “{row[5]}”) was changed, replaced or moved."
        if place in self.known and not chains.same(expected, self.known[place]):
            return f"Entry {place} (row {row[0]}) is not the one that the heads were taken from."
        self.place, self.chain = place, stored
        return ""

    def _end(self) -> None:
        last = max(self.known, default=0)
        if last > self.place:
            self.fault = f"The entries {self.place + 1} to {last} were cut off."
