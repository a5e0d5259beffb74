"""The audit trail as administrators read it: who did what, to whose record, when and from where."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, TypedDict

from sqlalchemy import Executable, and_, func, select, tuple_

from chat import access
from chat.access import PEOPLE
from chat.lib.sql import Row, Statement, literal, parameter
from chat.queries.audit_words import detailed, of_kind, said
from chat.queries.chains import AUDIT
from chat.transaction import Reading

PAGE = 50
LATER = (1 << 61, 1 << 61)


@dataclass(frozen=True, slots=True)
class Filters:
    """What to look for. `since` and `until` are instants (until excluded); None: everything."""

    actor: int | None = None
    client: int | None = None
    kind: str | None = None
    since: int | None = None
    until: int | None = None


class Someone(TypedDict):
    """A person of an entry."""

    id: int
    name: str


class Entry(TypedDict):
    """One entry. `actor` is None where the house itself acted, or nobody whom it knows."""

    id: int
    at: int
    actor: Someone | None
    action: str
    kind: str
    what: str
    person: Someone | None
    client: Someone | None
    seq: int | None
    address: str
    outcome: str
    details: str


_ACTOR, _PERSON, _CLIENT = (PEOPLE.alias(name) for name in ("actor", "whom", "client"))
_FILTERS = {
    "actor": AUDIT.c.actor_id == parameter("actor"),
    "client": AUDIT.c.client_id == parameter("client"),
    "since": AUDIT.c.at >= parameter("since"),
}
#: Beside a person: computed, so that SQLite takes the index of that person and not the one of all times.
_SINCE = AUDIT.c.at + literal(0) >= parameter("since")
_OWN = tuple(AUDIT.c[name] for name in ("id", "at", "action", "seq", "address", "outcome", "details"))
_NAMES = tuple(one.c[name] for one in (_ACTOR, _PERSON, _CLIENT) for name in ("id", "name"))


@cache
def listing(given: frozenset[str]) -> Statement:
    """A page of one organization's entries, for this combination of filters: each has the index that its filters need."""

    def build(sets: Any) -> Executable:
        older = tuple_(AUDIT.c.at, AUDIT.c.id) < tuple_(parameter("at"), parameter("number"))
        found = [AUDIT.c.organization_id == parameter("organization"), AUDIT.c.place.is_not(None), older]
        of_one = given & {"actor", "client"}
        found += [_SINCE if name == "since" and of_one else _FILTERS[name] for name in sorted(given - {"kind"})]
        found += [sets.has(AUDIT.c.action, "actions")] if "kind" in given else []
        joined = AUDIT.outerjoin(_ACTOR, _ACTOR.c.id == AUDIT.c.actor_id).outerjoin(_PERSON, _PERSON.c.id == AUDIT.c.person_id)
        joined = joined.outerjoin(_CLIENT, _CLIENT.c.id == AUDIT.c.client_id)
        newest = (AUDIT.c.at.desc(), AUDIT.c.id.desc())
        return select(*_OWN, *_NAMES).select_from(joined).where(and_(*found)).order_by(*newest).limit(parameter("limit"))

    return Statement(build)


_MINE = and_(AUDIT.c.place.is_(None), AUDIT.c.organization_id == parameter("organization"))
WAITING = Statement(lambda _: select(func.count(literal(1))).select_from(AUDIT).where(_MINE))


def audit(
    reading: Reading, filters: Filters, before: tuple[int, int] | None = None, limit: int = PAGE
) -> tuple[list[Entry], tuple[int, int] | None]:
    """A page of the asker's practice, the newest first, and (time, id) of the last entry if more follow; administrators only.

    An entry is found as soon as it has its place in the chain, within a second. NotFound for a client who is not theirs.
    """
    access.require_administrator(reading)
    if filters.client is not None:
        access.client(reading, reading.me, filters.client)
    given = {name: value for name in ("actor", "client", "since") if (value := getattr(filters, name)) is not None}
    names = frozenset(given) | ({"kind"} if filters.kind else frozenset())
    at, number = before or ((filters.until, 0) if filters.until is not None else LATER)
    rows = reading.rows(
        listing(names), organization=reading.me.organization, at=at, number=number, limit=limit + 1,
        **given, **({"actions": of_kind(filters.kind)} if filters.kind else {}),
    )  # fmt: skip
    last = rows[limit - 1] if len(rows) > limit else None
    return [_entry(row) for row in rows[:limit]], (last[1], last[0]) if last else None


def waiting(reading: Reading) -> int:
    """How many entries of the asker's practice have no place in the chain yet, and are therefore not listed."""
    access.require_administrator(reading)
    return int(reading.rows(WAITING, organization=reading.me.organization)[0][0])


def _entry(row: Row) -> Entry:
    number, at, action, seq, address, outcome, details, *people = row
    kind, words = said(action)
    actor, person, client = (_someone(*people[start : start + 2]) for start in (0, 2, 4))
    return {
        "id": number, "at": at, "actor": actor, "action": action, "kind": kind, "what": words, "person": person, "client": client,
        "seq": seq, "address": address, "outcome": outcome, "details": detailed(details),
    }  # fmt: skip


def _someone(number: int | None, name: str | None) -> Someone | None:
    return {"id": number, "name": name or ""} if number is not None else None
