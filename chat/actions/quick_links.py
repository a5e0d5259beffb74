"""Quick links: made when their mail is handed over, opened once by a button, ended with all that they gave."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Executable, Text, and_, insert, select, update

from chat.actions.sessions import BEGIN_SESSION
from chat.lib import clock
from chat.lib.signing import token, token_hash
from chat.lib.sql import Rows, Sets, Statement, parameter
from chat.queries.quick_links import LINKS, SESSIONS, USES, LinkView, link_of
from chat.transaction import Transaction, Who


@dataclass(frozen=True, slots=True)
class Opening:
    """Somebody pressed the button. `session`: the scoped session that their browser has already."""

    word: str
    session: int | None = None
    address: str = ""
    agent: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """The session that may now see the link's conversation. `token` is set if it is a new one."""

    session: int
    conversation: int
    token: str | None
    ends_at: int


def _insert(_: Sets) -> Executable:
    names = ("person_id", "conversation_id", "token_hash", "created_at", "ends_at", "boot", "boot_ends_at", "seen_through")
    given = {name: parameter(name, LINKS.c[name].type) for name in names}
    return insert(LINKS).values(**given, opened=0, asked=0).returning(LINKS.c.id)


def _sent(_: Sets) -> Executable:
    values = {"sent_at": parameter("now")}
    return (
        update(LINKS).values(values).where(LINKS.c.id == parameter("link")).returning(LINKS.c.person_id, LINKS.c.conversation_id)
    )


def _end_older(_: Sets) -> Executable:
    older = and_(
        LINKS.c.person_id == parameter("person"),
        LINKS.c.conversation_id == parameter("conversation"),
        LINKS.c.id < parameter("link"),
        LINKS.c.opened == 0,
        LINKS.c.ended_at.is_(None),
    )
    return update(LINKS).values(ended_at=parameter("now"), end_reason="newer").where(older)


def _use(_: Sets) -> Executable:
    free = and_(LINKS.c.id == parameter("link"), LINKS.c.opened < parameter("limit"), LINKS.c.ended_at.is_(None))
    return update(LINKS).values(opened=LINKS.c.opened + 1).where(free).returning(LINKS.c.id)


def _own(_: Sets) -> Executable:
    mine = and_(
        SESSIONS.c.id == parameter("session"),
        SESSIONS.c.person_id == parameter("person"),
        SESSIONS.c.scoped,
        SESSIONS.c.ended_at.is_(None),
        SESSIONS.c.ends_at > parameter("now"),
    )
    return select(SESSIONS.c.ends_at).where(mine)


def _prolong(_: Sets) -> Executable:
    values = {"ends_at": parameter("ends_at"), "locks_at": parameter("ends_at"), "active_at": parameter("now")}
    return update(SESSIONS).values(values).where(SESSIONS.c.id == parameter("session"))


def _end(sets: Sets) -> Executable:
    theirs = and_(sets.has(LINKS.c.person_id, "people"), LINKS.c.ended_at.is_(None), LINKS.c.ends_at > parameter("now"))
    values = {"ended_at": parameter("now"), "end_reason": parameter("reason", Text())}
    return update(LINKS).values(values).where(theirs).returning(LINKS.c.id)


def _end_sessions(sets: Sets) -> Executable:
    theirs = and_(sets.has(SESSIONS.c.person_id, "people"), SESSIONS.c.scoped, SESSIONS.c.ended_at.is_(None))
    values = {"ended_at": parameter("now"), "end_reason": "revoked"}
    return update(SESSIONS).values(values).where(theirs)


INSERT, SENT, END_OLDER, USE, OWN, PROLONG, END, END_SESSIONS = (
    Statement(build) for build in (_insert, _sent, _end_older, _use, _own, _prolong, _end, _end_sessions)
)
INSERT_USE = Rows(USES, ("session_id", "quick_link_id"), skip_existing=True)


def mint(tx: Transaction, person: int, conversation: int, seen: int, ends_at: int | None = None) -> tuple[int, str]:
    """A new link for a mail that is about to be handed over: its id, and the word that stands nowhere but in the mail."""
    word = token()
    span = tx.policy.quick_link if ends_at is None else ends_at - tx.now
    times = {"created_at": tx.now, "ends_at": tx.now + span, "boot": clock.BOOT, "boot_ends_at": clock.uptime() + span}
    place = {"person_id": person, "conversation_id": conversation, "seen_through": seen}
    return tx.rows(INSERT, **place, **times, token_hash=token_hash(word))[0][0], word


def note_sent(tx: Transaction, link: int) -> None:
    """The mail server took the link's mail: older links of that conversation that nobody opened end."""
    person, conversation = tx.rows(SENT, link=link, now=tx.now)[0]
    tx.rows(END_OLDER, person=person, conversation=conversation, link=link, now=tx.now)


def open_quick_link(tx: Transaction, what: Opening) -> Opened | None:
    """Open the link's conversation for one browser; None if the link is over or was opened elsewhere."""
    link = link_of(tx, what.word)
    if link is None:
        return None
    if link.alive and what.session in link.sessions:
        return Opened(what.session or 0, link.conversation, None, link.ends_at)
    if not link.alive or not tx.rows(USE, link=link.id, limit=tx.policy.quick_link_sessions):
        _note(tx, link, what, None, "refused")
        return None
    opened = _session(tx, link, what)
    tx.write(INSERT_USE, [(opened.session, link.id)])
    _note(tx, link, what, opened.session, "done")
    return opened


def _session(tx: Transaction, link: LinkView, what: Opening) -> Opened:
    """The browser's scoped session of the same person, which then ends with its last link; or a new one."""
    mine = tx.rows(OWN, session=what.session, person=link.person, now=clock.steady()) if what.session else []
    if mine:
        tx.rows(PROLONG, session=what.session, ends_at=max(mine[0][0], link.ends_at), now=tx.now)
        return Opened(what.session or 0, link.conversation, None, link.ends_at)
    secret = token()
    times = {"created_at": tx.now, "active_at": tx.now, "locks_at": link.ends_at, "ends_at": link.ends_at}
    place = {"person_id": link.person, "token_hash": token_hash(secret), "address": what.address, "agent": what.agent[:200]}
    session = tx.rows(BEGIN_SESSION, **times, **place, scoped=True, restricted=False)[0][0]
    return Opened(session, link.conversation, secret, link.ends_at)


def _note(tx: Transaction, link: LinkView, what: Opening, session: int | None, outcome: str) -> None:
    who = Who(link.person, link.organization, link.role, session, None, what.address)
    there = link.conversation
    tx.audit("open_quick_link", who=who, person_id=link.person, client_id=link.client, conversation_id=there, outcome=outcome)


def end_quick_links(tx: Transaction, people: Collection[int], reason: str = "revoked") -> None:
    """End all links of these people and the sessions that they gave, at once: the password, the address or the gate changed."""
    tx.rows(END, people=list(people), reason=reason, now=tx.now)
    tx.rows(END_SESSIONS, people=list(people), now=tx.now)
