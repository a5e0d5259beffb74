"""Sessions: begun at sign-in, kept alive by real input, ended at sign-out or from elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Executable, and_, exists, insert, select, update

from chat.errors import NotFound
from chat.lib.clock import DAY, HOUR, MINUTE
from chat.lib.signing import token, token_hash
from chat.lib.sql import Sets, Statement, parameter
from chat.models import Organization, Person, Session, Totp
from chat.models.columns import table
from chat.models.people import STAFF
from chat.transaction import Transaction, Who

_SESSIONS, _PEOPLE, _ORGANIZATIONS, _TOTP = table(Session), table(Person), table(Organization), table(Totp)
STAFF_LENGTH = 12 * HOUR
CLIENT_LENGTH = 30 * DAY


@dataclass(frozen=True, slots=True)
class SignIn:
    """Somebody proved who they are."""

    person: int
    address: str
    agent: str = ""


def _begin(_: Sets) -> Executable:
    names = (
        "person_id",
        "token_hash",
        "scoped",
        "restricted",
        "created_at",
        "active_at",
        "locks_at",
        "ends_at",
        "address",
        "agent",
    )
    return insert(_SESSIONS).values({name: parameter(name, _SESSIONS.c[name].type) for name in names}).returning(_SESSIONS.c.id)


def _idle(_: Sets) -> Executable:
    joined = _PEOPLE.join(_ORGANIZATIONS, _ORGANIZATIONS.c.id == _PEOPLE.c.organization_id)
    columns = (_PEOPLE.c.organization_id, _PEOPLE.c.role, _ORGANIZATIONS.c.idle_minutes, _ORGANIZATIONS.c.second_factor_required)
    own = joined.outerjoin(_TOTP, _TOTP.c.person_id == _PEOPLE.c.id)
    return select(*columns, _TOTP.c.confirmed_at).select_from(own).where(_PEOPLE.c.id == parameter("person"))


def _touch(_: Sets) -> Executable:
    live = and_(_SESSIONS.c.id == parameter("session"), _SESSIONS.c.ended_at.is_(None), _SESSIONS.c.locks_at > parameter("now"))
    return (
        update(_SESSIONS).values(active_at=parameter("now"), locks_at=parameter("locks_at")).where(live).returning(_SESSIONS.c.id)
    )


def _unlock(_: Sets) -> Executable:
    live = and_(_SESSIONS.c.id == parameter("session"), _SESSIONS.c.ended_at.is_(None), _SESSIONS.c.ends_at > parameter("now"))
    return (
        update(_SESSIONS).values(active_at=parameter("now"), locks_at=parameter("locks_at")).where(live).returning(_SESSIONS.c.id)
    )


def _end(sets: Sets) -> Executable:
    mine = and_(
        _SESSIONS.c.person_id == parameter("person"), sets.has(_SESSIONS.c.id, "sessions"), _SESSIONS.c.ended_at.is_(None)
    )
    values = {"ended_at": parameter("now"), "end_reason": parameter("reason", _SESSIONS.c.end_reason.type)}
    return update(_SESSIONS).values(values).where(mine).returning(_SESSIONS.c.id)


def _restrict(_: Sets) -> Executable:
    theirs = and_(_TOTP.c.person_id == _PEOPLE.c.id, _TOTP.c.confirmed_at.is_not(None))
    staff = and_(_PEOPLE.c.organization_id == parameter("organization"), _PEOPLE.c.role.in_(sorted(STAFF)))
    without = select(_PEOPLE.c.id).where(staff, ~exists().where(theirs))
    live = and_(_SESSIONS.c.person_id.in_(without), _SESSIONS.c.ended_at.is_(None), _SESSIONS.c.scoped.is_(False))
    return update(_SESSIONS).values(restricted=parameter("restricted", _SESSIONS.c.restricted.type)).where(live)


BEGIN_SESSION, IDLE, TOUCH, UNLOCK, END_SESSIONS, RESTRICT = (
    Statement(build) for build in (_begin, _idle, _touch, _unlock, _end, _restrict)
)


def sign_in(tx: Transaction, what: SignIn) -> str:
    """Begin a session for a person whose password was checked; the answer is its token, which is stored nowhere."""
    organization, role, idle, required, confirmed_at = tx.rows(IDLE, person=what.person)[0]
    secret = token()
    length = STAFF_LENGTH if role in STAFF else CLIENT_LENGTH
    times = {"created_at": tx.now, "active_at": tx.now, "locks_at": tx.now + idle * MINUTE, "ends_at": tx.now + length}
    values = {
        "person_id": what.person,
        "token_hash": token_hash(secret),
        "scoped": False,
        "address": what.address,
        "agent": what.agent[:200],
    }
    restricted = bool(required) and role in STAFF and confirmed_at is None
    session = tx.rows(BEGIN_SESSION, **times, **values, restricted=restricted)[0][0]
    tx.audit("sign_in", who=Who(what.person, organization, role, session, None, what.address), person_id=what.person)
    return secret


def keep_active(tx: Transaction, _what: None = None) -> dict[str, int]:
    """Real input happened: the idle lock moves on. A session that is locked already stays so."""
    idle = tx.rows(IDLE, person=tx.me.person)[0][2]
    if not tx.rows(TOUCH, session=tx.me.session, now=tx.now, locks_at=tx.now + idle * MINUTE):
        raise NotFound
    return {}


def unlock(tx: Transaction, _what: None = None) -> dict[str, int]:
    """The password was given again: the session goes on."""
    idle = tx.rows(IDLE, person=tx.me.person)[0][2]
    if not tx.rows(UNLOCK, session=tx.me.session, now=tx.now, locks_at=tx.now + idle * MINUTE):
        raise NotFound
    tx.audit("unlock", person_id=tx.me.person)
    return {}


def require_second_factor(tx: Transaction, organization: int, *, required: bool) -> None:
    """Hold the running sessions of staff who lack a second factor to setting it up, or let them go on without.

    Their open sockets close at the next sweep, within 5 s. Who has one is left alone: a session that was begun by a password
    alone is not set free by this.
    """
    tx.rows(RESTRICT, organization=organization, restricted=required)


def sign_out(tx: Transaction, _what: None = None) -> dict[str, int]:
    """End the session that asks."""
    if tx.rows(END_SESSIONS, person=tx.me.person, sessions=[tx.me.session], now=tx.now, reason="signed_out"):
        tx.audit("sign_out", person_id=tx.me.person)
    return {}


@dataclass(frozen=True, slots=True)
class FailedSignIn:
    """Somebody tried a password in vain. `person` is None for a username that does not exist."""

    address: str
    person: int | None = None
    organization: int | None = None


def note_failed_sign_in(tx: Transaction, what: FailedSignIn) -> None:
    """Record the attempt; the trail of the organization shows it when the account exists."""
    tx.audit("sign_in", organization_id=what.organization, person_id=what.person, address=what.address, outcome="refused")


def _end_all(sets: Sets) -> Executable:
    theirs = and_(sets.has(_SESSIONS.c.person_id, "people"), _SESSIONS.c.ended_at.is_(None), _SESSIONS.c.id != parameter("but"))
    values = {"ended_at": parameter("now"), "end_reason": parameter("reason", _SESSIONS.c.end_reason.type)}
    return update(_SESSIONS).values(values).where(theirs).returning(_SESSIONS.c.id)


END_ALL = Statement(_end_all)


def end_all_sessions(tx: Transaction, people: list[int], reason: str, but: int = 0) -> int:
    """End every session of these people but one; the answer is how many. Open sockets close at the next sweep, within 5 s."""
    return len(tx.rows(END_ALL, people=people, now=tx.now, reason=reason, but=but))


@dataclass(frozen=True, slots=True)
class NamedSession:
    """One of the asker's own sessions."""

    session: int


def end_session(tx: Transaction, what: NamedSession) -> dict[str, int]:
    """End one of one's own sessions, wherever it is; NotFound for anybody else's."""
    if not tx.rows(END_SESSIONS, person=tx.me.person, sessions=[what.session], now=tx.now, reason="ended"):
        raise NotFound
    tx.audit("end_session", person_id=tx.me.person)
    return {}
