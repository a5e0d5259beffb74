"""What goes out: each kind of alert is decided once more, and what its mail needs is made, at the moment of handing over."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import Executable, and_, update

from chat.actions.alerts import Handing, announce, give_up, held
from chat.actions.invitations import Mint
from chat.actions.invitations import mint as mint_invitation
from chat.actions.quick_links import mint as mint_link
from chat.lib.languages import ENGLISH, spoken
from chat.lib.sql import Sets, Statement, parameter
from chat.models.people import STAFF
from chat.queries.outbox import Due, Verdict, decide, last_spoken
from chat.queries.push import subscription
from chat.queries.quick_links import ASKS, LINKS, link_numbered, link_of
from chat.queries.watches import not_read
from chat.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Letter:
    """What one mail is made of; it names nobody. `word` is the secret of its link, `link` the id of a quick link."""

    alert: int
    attempt: int
    template: str
    person: int
    address: str
    conversation: int | None
    mail_name: str
    emergency_text: str
    prepared_at: int
    word: str | None = None
    link: int | None = None
    ends_at: int = 0
    keys: tuple[str, str] = ("", "")  # of a browser that is to open a push
    unread: int = 0
    language: str = ENGLISH


def _ask(_: Sets) -> Executable:
    left = and_(LINKS.c.id == parameter("link"), LINKS.c.asked < parameter("limit"))
    return update(LINKS).values(asked=LINKS.c.asked + 1).where(left).returning(LINKS.c.id)


ASK = Statement(_ask)


def ask_for_mail(tx: Transaction, word: str) -> bool:
    """From a link's page: mail another link while its time lasts, or the invitation again to who has no password yet.

    False if there is nothing to mail: the link is unknown or was asked too often, or signing in is the way.
    """
    link = link_of(tx, word)
    if link is None or (link.password and not link.alive) or not tx.rows(ASK, link=link.id, limit=ASKS):
        return False
    if link.alive:
        announce(tx, link.organization, [link.person], "fresh_link", conversation=link.conversation, payload=str(link.id))
    else:
        announce(tx, link.organization, [link.person], "invitation")
    return True


def prepare_message(tx: Transaction, mine: Handing) -> Letter | None:
    """An email about a message: with a quick link for clients and contacts, to the sign-in page for staff."""
    due = held(tx, mine)
    if due is None:
        return None
    if verdict := decide(due, last_spoken(tx, [due]).get(due.id), tx.now, tx.policy):
        give_up(tx, due, verdict)
        return None
    if due.channel == "push":
        return _push(tx, due)
    if due.channel == "sms":
        return replace(_letter(tx, due, "text"), address=due.phone or "")
    if due.role in STAFF:
        return _letter(tx, due, "unread")
    number, word = mint_link(tx, due.person, due.conversation or 0, due.seen)
    return _letter(tx, due, "message", word=word, link=number, ends_at=tx.now + tx.policy.quick_link)


def _push(tx: Transaction, due: Due) -> Letter | None:
    """What one browser is told: how many conversations are unread, for the badge, and nothing else."""
    found = subscription(tx, due.person, int(due.payload or 0))
    if found is None:
        give_up(tx, due, Verdict("dropped", "over"))
        return None
    return replace(_letter(tx, due, "push"), address=found.endpoint, keys=(found.p256dh, found.auth), unread=found.unread)


def prepare_fresh_link(tx: Transaction, mine: Handing) -> Letter | None:
    """Another link to what the first one opened elsewhere; it ends at the same moment."""
    due = held(tx, mine)
    if due is None:
        return None
    first = link_numbered(tx, int(due.payload or 0))
    if first is None or not first.alive or not due.email:
        give_up(tx, due, Verdict("dropped", "over"))
        return None
    number, word = mint_link(tx, due.person, first.conversation, due.seen, first.ends_at)
    return _letter(tx, due, "message", word=word, link=number, ends_at=first.ends_at)


def prepare_invitation(tx: Transaction, mine: Handing) -> Letter | None:
    """An invitation to choose a username and a password; for nobody who has them."""
    return _to_password(tx, mine, "invitation", invited=True)


def prepare_password_reset(tx: Transaction, mine: Handing) -> Letter | None:
    """A link to a new password, for somebody who has one."""
    return _to_password(tx, mine, "password_reset", invited=False)


def prepare_email_changed(tx: Transaction, mine: Handing) -> Letter | None:
    """A notice to the address that somebody had before (the alert's payload), in case it was not they who changed it."""
    due = held(tx, mine)
    if due is None:
        return None
    if not due.payload:
        give_up(tx, due, Verdict("failed", "no_address"))
        return None
    return replace(_letter(tx, due, "email_changed"), address=due.payload)


def prepare_not_read(tx: Transaction, mine: Handing) -> Letter | None:
    """An email to staff who asked to be told if a message stays unread; it says neither whose nor what."""
    due = held(tx, mine)
    if due is None:
        return None
    if verdict := _not_told(tx, due):
        give_up(tx, due, verdict)
        return None
    return _letter(tx, due, "not_read")


def _not_told(tx: Transaction, due: Due) -> Verdict | None:
    if not due.active:
        return Verdict("dropped", "inactive")
    if not due.messaging:
        return Verdict("dropped", "off")
    if due.choice == "none":
        return Verdict("dropped", "unsubscribed")
    # It may have waited for its hour, and the client has read meanwhile; what an earlier one spoke of is no reason for another.
    if not not_read(tx, due.person, limit=1, mail=int(due.payload or 0)):
        return Verdict("dropped", "read")
    return None if due.email else Verdict("failed", "no_address")


def _to_password(tx: Transaction, mine: Handing, purpose: str, *, invited: bool) -> Letter | None:
    due = held(tx, mine)
    if due is None:
        return None
    if verdict := _unwanted(due, invited=invited):
        give_up(tx, due, verdict)
        return None
    return _letter(tx, due, purpose, word=mint_invitation(tx, Mint(due.person, purpose)))


def _unwanted(due: Due, *, invited: bool) -> Verdict | None:
    if due.password == invited:
        return Verdict("dropped", "over")
    if not due.active and (invited or due.role != "client"):
        return Verdict("dropped", "inactive")
    return None if due.email else Verdict("failed", "no_address")


def _letter(
    tx: Transaction, due: Due, template: str, *, word: str | None = None, link: int | None = None, ends_at: int = 0
) -> Letter:
    emergency = due.emergency_text if template == "message" else ""
    return Letter(
        due.id, due.attempt, template, due.person, due.email or "", due.conversation, due.mail_name, emergency,
        tx.now, word, link, ends_at, language=spoken(due.language) or ENGLISH,
    )  # fmt: skip
