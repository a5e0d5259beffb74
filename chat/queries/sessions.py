"""Sessions: whose a token is, and which of a process's sockets must close or look again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypedDict

from sqlalchemy import BigInteger, Executable, Text, and_, select

from chat.access import PEOPLE
from chat.lib.signing import token_hash
from chat.lib.sql import Sets, Statement, parameter
from chat.models import Mailbox, Session, Totp
from chat.models.columns import table
from chat.queries.quick_links import scopes
from chat.transaction import Reading, Who

_SESSIONS, _BOXES, _TOTP = table(Session), table(Mailbox), table(Totp)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A live session: for whom, and the instants at which it locks and ends."""

    who: Who
    locks_at: int
    ends_at: int
    restricted: bool = False  # may only set up the second factor that the practice requires


def _by_token(_: Sets) -> Executable:
    names = ("id", "locks_at", "ends_at", "restricted", "scoped")
    person = (PEOPLE.c.id, PEOPLE.c.organization_id, PEOPLE.c.role)
    live = and_(
        _SESSIONS.c.token_hash == parameter("token", _SESSIONS.c.token_hash.type),
        _SESSIONS.c.ended_at.is_(None),
        _SESSIONS.c.ends_at > parameter("now"),
    )
    return (
        select(*(_SESSIONS.c[name] for name in names), *person)
        .join(PEOPLE, PEOPLE.c.id == _SESSIONS.c.person_id)
        .where(live, PEOPLE.c.active | (PEOPLE.c.role == "client"))
    )


BY_TOKEN = Statement(_by_token)


def session_of(reading: Reading, token: str, address: str) -> SignedIn | None:
    """The live session behind a cookie; None if there is none (any more)."""
    rows = reading.rows(BY_TOKEN, token=token_hash(token), now=reading.now)
    if not rows:
        return None
    number, locks_at, ends_at, restricted, scoped, person, organization, role = rows[0]
    if scoped:
        return _by_links(reading, Who(person, organization, role, number, None, address))
    return SignedIn(Who(person, organization, role, number, None, address), locks_at, ends_at, bool(restricted))


def _by_links(reading: Reading, who: Who) -> SignedIn | None:
    """A session that quick links opened: it sees what they lead to, never locks, and ends with the last of them."""
    scope = scopes(reading, [who.session or 0])[who.session or 0]
    last = max(scope.values(), default=0)
    return SignedIn(replace(who, scope=scope), last, last) if scope else None


@dataclass(frozen=True, slots=True)
class Swept:
    """What the sweep found for one socket: whether its session goes on, how far its mailbox has come, and what it may see."""

    state: str  # "", or why the socket must close: signed_out, expired, revoked, second_factor; or locked
    change: int
    scope: dict[int, int] | None = None


def _swept(sets: Sets) -> Executable:
    asked = sets.relation("sockets", session=BigInteger(), person=BigInteger())
    live = and_(_SESSIONS.c.id == asked.c.session, _SESSIONS.c.person_id == asked.c.person)
    source = (
        asked.join(_SESSIONS, live).join(PEOPLE, PEOPLE.c.id == asked.c.person).join(_BOXES, _BOXES.c.person_id == asked.c.person)
    )
    state = (_SESSIONS.c.ended_at, _SESSIONS.c.end_reason, _SESSIONS.c.ends_at, _SESSIONS.c.locks_at, _SESSIONS.c.scoped)
    welcome = PEOPLE.c.active | (PEOPLE.c.role == "client")
    return select(asked.c.session, *state, welcome, _SESSIONS.c.restricted, _BOXES.c.change).select_from(source)


SWEPT = Statement(_swept)


def sweep(reading: Reading, sockets: Sequence[tuple[int, int]]) -> dict[int, Swept]:
    """What became of these (session, person) pairs, by session; one statement for all, and one for those of quick links."""
    rows = reading.rows(SWEPT, sockets=list(sockets))
    scoped = scopes(reading, [row[0] for row in rows if row[5]])
    found = {}
    for session, ended_at, reason, ends_at, locks_at, _, welcome, restricted, change in rows:
        scope = scoped.get(session)
        state = reason or "revoked" if ended_at is not None else "" if welcome else "revoked"
        if not state and (ends_at <= reading.now or scope == {}):
            state = "expired"
        elif not state and restricted:
            state = "second_factor"
        elif not state and locks_at <= reading.now and scope is None:
            state = "locked"
        found[session] = Swept(state, change, scope)
    return found


class Account:
    """What sign-in needs to know of a username."""

    __slots__ = ("id", "organization", "password_hash", "role")

    def __init__(self, id: int, organization: int, role: str, password_hash: str | None) -> None:
        self.id, self.organization, self.role, self.password_hash = id, organization, role, password_hash


ACCOUNT = Statement(
    lambda _: select(PEOPLE.c.id, PEOPLE.c.organization_id, PEOPLE.c.role, PEOPLE.c.password_hash).where(
        PEOPLE.c.username == parameter("username", Text()), PEOPLE.c.active | (PEOPLE.c.role == "client")
    )
)


def account(reading: Reading, username: str) -> Account | None:
    """The account behind a folded username. Inactive clients still sign in, to read; deactivated staff do not."""
    rows = reading.rows(ACCOUNT, username=username)
    return Account(*rows[0]) if rows else None


OWN_HASH = Statement(lambda _: select(PEOPLE.c.password_hash).where(PEOPLE.c.id == parameter("person")))


def own_password_hash(reading: Reading) -> str | None:
    """The asker's password hash, for checking a password that they give again."""
    found: str | None = reading.rows(OWN_HASH, person=reading.me.person)[0][0]
    return found


def _own(_: Sets) -> Executable:
    names = ("id", "created_at", "active_at", "ends_at", "address", "agent", "scoped")
    mine = and_(
        _SESSIONS.c.person_id == parameter("person"), _SESSIONS.c.ended_at.is_(None), _SESSIONS.c.ends_at > parameter("now")
    )
    return select(*(_SESSIONS.c[name] for name in names)).where(mine).order_by(_SESSIONS.c.active_at.desc())


def _factor(_: Sets) -> Executable:
    return select(_TOTP.c.confirmed_at).where(_TOTP.c.person_id == parameter("person"), _TOTP.c.confirmed_at.is_not(None))


OWN, FACTOR = Statement(_own), Statement(_factor)


class SessionView(TypedDict):
    """One of one's own sessions. `current`: the one that asks."""

    id: int
    created_at: int
    active_at: int
    ends_at: int
    address: str
    agent: str
    scoped: bool
    current: bool


def own_sessions(reading: Reading) -> list[SessionView]:
    """The asker's live sessions, the latest used first."""
    rows = reading.rows(OWN, person=reading.me.person, now=reading.now)
    return [SessionView(id=r[0], created_at=r[1], active_at=r[2], ends_at=r[3], address=r[4], agent=r[5], scoped=bool(r[6]),
                        current=r[0] == reading.me.session) for r in rows]  # fmt: skip


def has_second_factor(reading: Reading, person: int) -> bool:
    """Whether a code is asked for after the password."""
    return bool(reading.rows(FACTOR, person=person))
