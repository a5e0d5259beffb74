"""What the outbox knows of a due alert, and what becomes of it. Decided anew at every look, by facts of that moment."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import BigInteger, Executable, and_, case, func, literal_column, select

from chat.access import ORGANIZATIONS, PEOPLE, readable, trash_cutoff
from chat.lib.clock import DAY
from chat.lib.sql import Sets, Statement, parameter
from chat.models import Alert, QuickLink
from chat.models.alerts import UNSETTLED
from chat.models.columns import table
from chat.models.conversations import CONVERSATIONS, PARTICIPANTS
from chat.models.people import STAFF
from chat.transaction import Policy, Reading

ALERTS, LINKS = table(Alert), table(QuickLink)
GIVE_UP = 4 * DAY
#: Ends of a link that leave its mail true: the conversation is still where it leads, by signing in.
REGULAR = frozenset({None, "newer"})


@dataclass(frozen=True, slots=True)
class Due:
    """An alert with all that deciding needs. `client_…`: of the client whom it concerns, be it the recipient or not."""

    id: int
    attempt: int
    state: str
    due_at: int
    kind: str
    channel: str
    organization: int
    person: int
    conversation: int | None
    seq: int | None
    payload: str | None
    created_at: int
    role: str
    active: bool
    email: str | None
    phone: str | None
    choice: str | None
    alerted_at: int | None
    password: bool
    client_active: bool
    client_enabled: bool
    messaging: bool
    mail_name: str
    emergency_text: str
    texts: bool  # *Text message OK* is ticked, and no STOP holds
    readable: bool
    seen: int  # through which message the recipient has seen the conversation
    language: str | None  # of the recipient


@dataclass(frozen=True, slots=True)
class LastLink:
    """The newest quick link of a person and conversation whose mail has left."""

    id: int
    created_at: int
    ends_at: int
    seen_through: int
    end_reason: str | None


@dataclass(frozen=True, slots=True)
class LastText:
    """The newest text message about a conversation that has left, and which message it was about."""

    seq: int
    sent_at: int


Spoken = LastLink | LastText | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of an alert that does not go out now. `due_at` is when to look again, for one that waits."""

    state: str
    reason: str | None
    due_at: int = 0


def _facts(sets: Sets) -> Executable:
    client = PEOPLE.alias("client")
    seen = case(
        (PARTICIPANTS.c.read_through > PARTICIPANTS.c.receipt_through, PARTICIPANTS.c.read_through),
        else_=func.coalesce(PARTICIPANTS.c.receipt_through, 0),
    )
    own = ("id", "attempt", "state", "due_at", "kind", "channel", "organization_id", "person_id", "conversation_id", "seq")
    person = ("role", "active", "email", "phone", "alerts_email", "alerted_at")
    house = ("messaging_enabled", "mail_name", "emergency_text")
    mine = and_(PARTICIPANTS.c.conversation_id == ALERTS.c.conversation_id, PARTICIPANTS.c.person_id == ALERTS.c.person_id)
    joined = (
        ALERTS.join(PEOPLE, PEOPLE.c.id == ALERTS.c.person_id)
        .join(ORGANIZATIONS, ORGANIZATIONS.c.id == ALERTS.c.organization_id)
        .join(client, client.c.id == func.coalesce(PEOPLE.c.client_id, PEOPLE.c.id))
        .outerjoin(PARTICIPANTS, mine)
        .outerjoin(CONVERSATIONS, CONVERSATIONS.c.id == PARTICIPANTS.c.conversation_id)
    )
    columns = (
        *(ALERTS.c[name] for name in (*own, "payload", "created_at")),
        *(PEOPLE.c[name] for name in person),
        PEOPLE.c.password_hash.is_not(None),
        client.c.active,
        client.c.messaging_enabled,
        *(ORGANIZATIONS.c[name] for name in house),
        and_(PEOPLE.c.text_ok, PEOPLE.c.texts_off_at.is_(None)),
        and_(PARTICIPANTS.c.person_id.is_not(None), readable(PEOPLE)),
        seen,
        PEOPLE.c.language,
    )
    return select(*columns).select_from(joined).where(sets.has(ALERTS.c.id, "alerts")).order_by(ALERTS.c.due_at, ALERTS.c.id)


def _last_links(sets: Sets) -> Executable:
    pairs = sets.relation("pairs", person=BigInteger(), conversation=BigInteger())
    here = and_(LINKS.c.person_id == pairs.c.person, LINKS.c.conversation_id == pairs.c.conversation)
    columns = ("person_id", "conversation_id", "id", "created_at", "ends_at", "seen_through", "end_reason")
    rows = select(*(LINKS.c[name] for name in columns)).select_from(pairs.join(LINKS, here))
    return rows.where(LINKS.c.sent_at.is_not(None), LINKS.c.created_at > parameter("since")).order_by(LINKS.c.id)


def _last_texts(sets: Sets) -> Executable:
    pairs = sets.relation("pairs", person=BigInteger(), conversation=BigInteger())
    here = and_(ALERTS.c.conversation_id == pairs.c.conversation, ALERTS.c.person_id == pairs.c.person)
    columns = (ALERTS.c.person_id, ALERTS.c.conversation_id, ALERTS.c.seq, ALERTS.c.settled_at)
    rows = select(*columns).select_from(pairs.join(ALERTS, here))
    texts = and_(ALERTS.c.channel == "sms", ALERTS.c.state == "sent", ALERTS.c.created_at > parameter("since"))
    return rows.where(texts).order_by(ALERTS.c.settled_at, ALERTS.c.id)


def _anything(_: Sets) -> Executable:
    due = select(ALERTS.c.id).where(
        ALERTS.c.organization_id == ORGANIZATIONS.c.id, ALERTS.c.due_at <= parameter("now"), literal_column(UNSETTLED)
    )
    return select(ORGANIZATIONS.c.id).where(due.exists()).limit(1)


FACTS, LAST_LINKS, LAST_TEXTS, ANYTHING_DUE = (Statement(build) for build in (_facts, _last_links, _last_texts, _anything))


def anything_due(reading: Reading) -> bool:
    """Whether some alert is due now."""
    return bool(reading.rows(ANYTHING_DUE, now=reading.now))


def due_alerts(reading: Reading, alerts: Collection[int]) -> list[Due]:
    """These alerts with what deciding needs, the longest due first; one statement."""
    rows = reading.rows(FACTS, alerts=list(alerts), cutoff=trash_cutoff(reading.now)) if alerts else []
    return [Due(*row) for row in rows]


def last_spoken(reading: Reading, dues: Iterable[Due]) -> dict[int, Spoken]:
    """For each of these alerts what its channel has said last about the conversation; at most two statements."""
    known = [due for due in dues if due.conversation is not None]
    since = reading.now - 2 * GIVE_UP
    mails = {(due.person, due.conversation) for due in known if due.channel == "email"}
    texts = {(due.person, due.conversation) for due in known if due.channel == "sms"}
    rows = reading.rows(LAST_LINKS, pairs=list(mails), since=since) if mails else []
    links = {(row[0], row[1]): LastLink(*row[2:]) for row in rows}
    rows = reading.rows(LAST_TEXTS, pairs=list(texts), since=since) if texts else []
    sent = {(row[0], row[1]): LastText(*row[2:]) for row in rows}
    return {due.id: (sent if due.channel == "sms" else links).get((due.person, due.conversation)) for due in known}


def decide(due: Due, last: Spoken, now: int, policy: Policy) -> Verdict | None:
    """What becomes of an alert about a message, given what was said last; None: it goes out now."""
    found = moot(due)
    if found is None and due.role in STAFF and due.channel == "email":
        found = _staff(due, now, policy)
    elif found is None and isinstance(last, LastText):
        found = _after_text(due, last, now, policy)
    elif found is None and isinstance(last, LastLink):
        found = _after_mail(due, last, now, policy)
    if (found is None or found.state == "waiting") and due.created_at + GIVE_UP <= now:
        return Verdict("failed", "gave_up")
    return found


def moot(due: Due) -> Verdict | None:
    """Reasons of the person, the practice and the conversation not to send anything."""
    if not due.readable:
        return Verdict("dropped", "no_access")
    if due.seen >= (due.seq or 0):
        return Verdict("dropped", "read")
    client = due.role not in STAFF
    if not due.active or (client and not due.client_active):
        return Verdict("dropped", "inactive")
    if not due.messaging or (client and not due.client_enabled):
        return Verdict("dropped", "off")
    if due.channel == "push":
        return None
    if due.channel == "sms":
        return Verdict("dropped", "texts_off") if not due.texts else None if due.phone else Verdict("failed", "no_phone")
    if due.choice == "none":
        return Verdict("dropped", "unsubscribed")
    return Verdict("failed", "no_address") if not due.email else None


def _staff(due: Due, now: int, policy: Policy) -> Verdict | None:
    """One email about all that is unread, at most hourly, unless each message is to have its own."""
    if due.choice == "each":
        return None
    if due.alerted_at is not None and due.alerted_at >= due.created_at:
        return Verdict("dropped", "folded")
    unread_for = due.created_at + policy.staff_alert_delay
    again = due.alerted_at + policy.staff_alert_pause if due.alerted_at is not None else 0
    if again > now:
        return Verdict("waiting", "folded", max(again, unread_for))
    # Due before its time if each was wanted when the message was written, and is no longer.
    return Verdict("waiting", None, unread_for) if unread_for > now else None


def _after_mail(due: Due, link: LastLink, now: int, policy: Policy) -> Verdict | None:
    """While nothing was read since the last mail left, it speaks for what was there already and for what follows soon.

    What follows waits until that link's end, and is looked at once on the way: somebody who reads the one message but not
    the other gets a mail all the same.
    """
    if due.seen > link.seen_through or link.end_reason not in REGULAR:
        return None
    if link.created_at >= due.created_at:
        return Verdict("dropped", "folded")
    fold = min(link.created_at + policy.alert_fold, link.ends_at)
    if due.created_at >= fold:
        return None
    following = next((instant for instant in (fold, link.ends_at) if instant > now), None)
    return Verdict("dropped", "folded") if following is None else Verdict("waiting", "folded", following)


def _after_text(due: Due, text: LastText, now: int, policy: Policy) -> Verdict | None:
    """While the message that the last text was about is unread, that text speaks for what follows soon."""
    if due.seen >= text.seq:
        return None
    if text.sent_at >= due.created_at:
        return Verdict("dropped", "folded")
    fold = text.sent_at + policy.alert_fold
    if due.created_at >= fold:
        return None
    return Verdict("waiting", "folded", fold) if fold > now else Verdict("dropped", "folded")
