"""Which browsers are told at once, and by what address."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Executable, Select, and_, select

from chat.lib.sql import Sets, Statement, parameter
from chat.models import Mailbox, PushSubscription, Session
from chat.models.columns import table
from chat.transaction import Reading

_PUSHES, _SESSIONS, _BOXES = table(PushSubscription), table(Session), table(Mailbox)


@dataclass(frozen=True, slots=True)
class Subscription:
    """A browser's address and keys, and the number for its badge."""

    endpoint: str
    p256dh: str
    auth: str
    unread: int


def _live(*columns: object) -> Select[tuple[object, ...]]:
    """Subscriptions whose session goes on; a locked one counts: the badge does so, too."""
    live = and_(_SESSIONS.c.id == _PUSHES.c.session_id, _SESSIONS.c.ended_at.is_(None), _SESSIONS.c.ends_at > parameter("now"))
    return select(*columns).select_from(_PUSHES.join(_SESSIONS, live))  # type: ignore[call-overload, no-any-return]


def _of_people(sets: Sets) -> Executable:
    return _live(_PUSHES.c.person_id, _PUSHES.c.id).where(sets.has(_PUSHES.c.person_id, "people")).order_by(_PUSHES.c.id)


def _one(_: Sets) -> Executable:
    columns = (_PUSHES.c.endpoint, _PUSHES.c.p256dh, _PUSHES.c.auth, _BOXES.c.unread)
    mine = and_(_PUSHES.c.id == parameter("subscription"), _PUSHES.c.person_id == parameter("person"))
    return _live(*columns).join(_BOXES, _BOXES.c.person_id == _PUSHES.c.person_id).where(mine)


OF_PEOPLE, ONE = Statement(_of_people), Statement(_one)


def subscriptions(reading: Reading, people: Collection[int]) -> dict[int, list[int]]:
    """Ids of the live subscriptions of each of these people."""
    found: dict[int, list[int]] = {}
    for person, number in reading.rows(OF_PEOPLE, people=list(people), now=reading.now) if people else ():
        found.setdefault(person, []).append(number)
    return found


def subscription(reading: Reading, person: int, number: int) -> Subscription | None:
    """One subscription of this person; None if it is gone or its session is over."""
    rows = reading.rows(ONE, subscription=number, person=person, now=reading.now)
    return Subscription(*rows[0]) if rows else None
