"""Quick links: what one leads to, and which conversations a session may see by them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Executable, FromClause, Select, and_, func, or_, select

from chat.access import ORGANIZATIONS, PEOPLE
from chat.lib import clock
from chat.lib.clock import MINUTE
from chat.lib.signing import token_hash
from chat.lib.sql import Row, Sets, Statement, parameter
from chat.models import QuickLink, QuickLinkSession, Session
from chat.models.columns import table
from chat.transaction import Reading

LINKS, USES, SESSIONS = table(QuickLink), table(QuickLinkSession), table(Session)
_CLIENT = PEOPLE.alias("client")
SKEW = MINUTE  # clocks of two machines may differ; a link from further ahead than this is of a clock that was turned back
ASKS = 3  # mails that one link's page may ask for


@dataclass(frozen=True, slots=True)
class LinkView:
    """A link as its page needs it. `alive`: its time is not over, and nothing has ended it."""

    id: int
    person: int
    organization: int
    role: str
    conversation: int
    client: int | None
    ends_at: int
    opened: int
    asked: int
    alive: bool
    password: bool
    mail_name: str
    time_zone: str
    sessions: frozenset[int]


def alive() -> ColumnElement[bool]:
    """Rule: this link still opens what it leads to. Needs `limits`; PEOPLE, ORGANIZATIONS and the client in FROM.

    Turning messaging off, for the practice or for the client, ends every link at once. On the machine that made it, a link
    also ends by that machine's running time: a clock that is turned back, be it while the process is down, lengthens nothing.
    """
    on = and_(ORGANIZATIONS.c.messaging_enabled, _CLIENT.c.messaging_enabled)
    reads = or_(PEOPLE.c.active, PEOPLE.c.role == "client")
    time = and_(LINKS.c.ended_at.is_(None), LINKS.c.ends_at > parameter("now"), LINKS.c.created_at <= parameter("ahead"))
    elsewhere = or_(LINKS.c.boot.is_(None), LINKS.c.boot != parameter("boot", LINKS.c.boot.type))
    return and_(time, or_(elsewhere, LINKS.c.boot_ends_at > parameter("uptime")), on, reads)


def _joined() -> FromClause:
    people = LINKS.join(PEOPLE, PEOPLE.c.id == LINKS.c.person_id)
    houses = people.join(ORGANIZATIONS, ORGANIZATIONS.c.id == PEOPLE.c.organization_id)
    return houses.join(_CLIENT, _CLIENT.c.id == func.coalesce(PEOPLE.c.client_id, PEOPLE.c.id))


def _link() -> Select[Any]:
    zone = func.coalesce(PEOPLE.c.time_zone, ORGANIZATIONS.c.time_zone)
    columns = (
        *(LINKS.c.id, LINKS.c.person_id, PEOPLE.c.organization_id, PEOPLE.c.role, LINKS.c.conversation_id, _CLIENT.c.id),
        *(LINKS.c.ends_at, LINKS.c.opened, LINKS.c.asked, alive()),
        *(PEOPLE.c.password_hash.is_not(None), ORGANIZATIONS.c.mail_name, zone),
    )
    return select(*columns).select_from(_joined())


def _uses(_: Sets) -> Executable:
    return select(USES.c.session_id).where(USES.c.quick_link_id == parameter("link"))


def _scopes(sets: Sets) -> Executable:
    columns = (USES.c.session_id, LINKS.c.conversation_id, func.max(LINKS.c.ends_at))
    rows = select(*columns).select_from(USES.join(_joined(), LINKS.c.id == USES.c.quick_link_id))
    return rows.where(sets.has(USES.c.session_id, "sessions"), alive()).group_by(USES.c.session_id, LINKS.c.conversation_id)


BY_TOKEN = Statement(lambda _: _link().where(LINKS.c.token_hash == parameter("token", LINKS.c.token_hash.type)))
BY_NUMBER = Statement(lambda _: _link().where(LINKS.c.id == parameter("link")))
USES_OF, SCOPES = Statement(_uses), Statement(_scopes)


def limits() -> dict[str, int | str]:
    """The parameters that `alive` needs, by clocks that turning back does not move."""
    now = clock.steady()
    return {"now": now, "ahead": now + SKEW, "boot": clock.BOOT or "", "uptime": clock.uptime()}


def link_of(reading: Reading, word: str) -> LinkView | None:
    """What the link with this word leads to, alive or not; None if there was never one."""
    return _view(reading, reading.rows(BY_TOKEN, token=token_hash(word), **limits()))


def link_numbered(reading: Reading, number: int) -> LinkView | None:
    """The link with this id."""
    return _view(reading, reading.rows(BY_NUMBER, link=number, **limits()))


def _view(reading: Reading, rows: list[Row]) -> LinkView | None:
    if not rows:
        return None
    row = rows[0]
    sessions = frozenset(use[0] for use in reading.rows(USES_OF, link=row[0]))
    return LinkView(*(*row[:9], bool(row[9]), bool(row[10]), row[11], row[12], sessions))


def scopes(reading: Reading, sessions: Collection[int]) -> dict[int, dict[int, int]]:
    """For each of these sessions the conversations that its links still open, with the instant at which each ends."""
    found: dict[int, dict[int, int]] = {session: {} for session in sessions}
    for session, conversation, ends_at in reading.rows(SCOPES, sessions=list(sessions), **limits()) if sessions else ():
        found[session][conversation] = ends_at
    return found
