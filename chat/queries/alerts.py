"""Alerts as staff see them: beside a conversation, on a client's page, and those that came to nothing. For staff alone."""

from __future__ import annotations

from typing import Any, TypedDict

from sqlalchemy import ColumnElement, Executable, FromClause, Select, and_, func, literal_column, select

from chat import access
from chat.access import PEOPLE
from chat.errors import NotFound
from chat.lib.sentences import Sentence
from chat.lib.sql import Sets, Statement, parameter
from chat.models.alerts import FAILED, UNSETTLED
from chat.models.conversations import PARTICIPANTS
from chat.models.people import STAFF
from chat.queries.outbox import ALERTS
from chat.transaction import Reading, Who

PAGE = 50  # messages whose alerts a page shows; alerts of the other lists
SHOWN = frozenset({"message", "fresh_link", "invitation", "password_reset"})

REASONS = {
    "read": Sentence("It was read before the email left."),
    "folded": Sentence("An email that left before speaks for it."),
    "inactive": Sentence("The person is inactive."),
    "off": Sentence("Secure messaging is turned off."),
    "unsubscribed": Sentence("Alert emails are stopped."),
    "no_access": Sentence("The conversation is no longer theirs to see."),
    "no_address": Sentence("There is no email address."),
    "over": Sentence("It was no longer needed."),
    "gave_up": Sentence("It could not be delivered for four days."),
    "unreachable": Sentence("The mail server cannot be reached. It is tried again."),
    "signing_in": Sentence("The mail server refuses our name or password. It is tried again."),
    "bad_address": Sentence("The mail server cannot use this address."),
    "refused": Sentence("The recipient's mail server refuses it"),
    "later": Sentence("The recipient's mail server wants it later"),
    "server": Sentence("The mail server does not take mails from us"),
    "texts_off": Sentence("The client replied STOP, or texts are not ticked."),
    "no_phone": Sentence("There is no phone number."),
    "blocked": Sentence("The carrier blocks texts to this number; only the client can lift it, with START or with their carrier"),
    "undelivered": Sentence("The carrier could not deliver it"),
    "no_text": Sentence("The text gateway refuses this number"),
    "gateway": Sentence("The text gateway does not take it now. It is tried again."),
    "gateway_account": Sentence("The text gateway refuses our account. It is tried again."),
    "gone": Sentence("The browser takes no more push messages."),
    "no_push": Sentence("The push service refuses it"),
    "push_later": Sentence("The push service does not take it now. It is tried again."),
    "error": Sentence("Something went wrong here. It is tried again."),
    "unknown": Sentence("This kind of alert is not known here."),
}


class AlertView(TypedDict):
    """One alert. `reason` is a word, `words` the sentence; a waiting one with a reason is tried again at `due_at`."""

    person: int
    name: str
    seq: int
    channel: str
    state: str
    reason: str | None
    words: str | None
    due_at: int
    settled_at: int | None


def _beside(_: Sets) -> Executable:
    theirs = and_(
        ALERTS.c.conversation_id == PARTICIPANTS.c.conversation_id,
        ALERTS.c.person_id == PARTICIPANTS.c.person_id,
        ALERTS.c.seq > parameter("low"),
        ALERTS.c.seq <= parameter("high"),
    )
    alert = (ALERTS.c[name] for name in ("seq", "channel", "state", "error", "due_at", "settled_at", "payload"))
    joined = PARTICIPANTS.join(ALERTS, theirs).join(PEOPLE, PEOPLE.c.id == ALERTS.c.person_id)
    rows = select(PEOPLE.c.id, PEOPLE.c.name, *alert).select_from(joined)
    here = rows.where(PARTICIPANTS.c.conversation_id == parameter("conversation"))
    return here.order_by(ALERTS.c.seq.desc(), PEOPLE.c.name, ALERTS.c.id)


class ListedAlert(TypedDict):
    """One alert of a list. `client`: the client whom it concerns, be it the recipient (`name`, `role`) or not."""

    id: int
    client: int
    client_name: str
    name: str
    role: str
    kind: str
    channel: str
    state: str
    reason: str | None
    words: str | None
    created_at: int
    due_at: int
    settled_at: int | None


_CLIENT = PEOPLE.alias("client")
_FOREVER = 1 << 61
_LISTED = ("kind", "channel", "state", "error", "created_at", "due_at", "settled_at", "payload")


def _listed(source: FromClause) -> Select[Any]:
    client = (_CLIENT.c.id, _CLIENT.c.name)
    columns = (ALERTS.c.id, *client, PEOPLE.c.name, PEOPLE.c.role, *(ALERTS.c[name] for name in _LISTED))
    shown = and_(ALERTS.c.kind.in_(sorted(SHOWN)), ALERTS.c.channel != "push", PEOPLE.c.role.not_in(sorted(STAFF)))
    here = source.join(_CLIENT, _CLIENT.c.id == func.coalesce(PEOPLE.c.client_id, PEOPLE.c.id))
    return select(*columns).select_from(here).where(shown).order_by(ALERTS.c.id.desc()).limit(parameter("limit"))


def _trouble(which: ColumnElement[bool]) -> Executable:
    here = and_(ALERTS.c.organization_id == parameter("organization"), ALERTS.c.id < parameter("before"), which)
    mine = access.related(parameter("person"), parameter("role", PEOPLE.c.role.type), _CLIENT.c.id)
    return _listed(ALERTS.join(PEOPLE, PEOPLE.c.id == ALERTS.c.person_id)).where(here, mine)


def _failed(_: Sets) -> Executable:
    return _trouble(literal_column(FAILED))


def _again(_: Sets) -> Executable:
    return _trouble(and_(literal_column(UNSETTLED), ALERTS.c.error.is_not(None), ALERTS.c.error != "folded"))


def _written(_: Sets) -> Executable:
    theirs = and_(ALERTS.c.conversation_id == PARTICIPANTS.c.conversation_id, ALERTS.c.person_id == PARTICIPANTS.c.person_id)
    people = PEOPLE.join(PARTICIPANTS, PARTICIPANTS.c.person_id == PEOPLE.c.id)
    return _listed(people.join(ALERTS, theirs)).where(_of_client())


def _others(_: Sets) -> Executable:
    alone = and_(ALERTS.c.person_id == PEOPLE.c.id, ALERTS.c.conversation_id.is_(None))
    return _listed(PEOPLE.join(ALERTS, alone)).where(_of_client())


def _of_client() -> ColumnElement[bool]:
    mine = select(PEOPLE.c.id).where(PEOPLE.c.client_id == parameter("client"))
    return (PEOPLE.c.id == parameter("client")) | PEOPLE.c.id.in_(mine)


BESIDE, COME_TO_NOTHING, TRIED_AGAIN, WRITTEN, OTHERS = (
    Statement(build) for build in (_beside, _failed, _again, _written, _others)
)
RECIPIENT = Statement(lambda _: select(PEOPLE.c.organization_id, PEOPLE.c.role).where(PEOPLE.c.id == parameter("person")))


def alerts(reading: Reading, conversation: int, before: int | None = None) -> tuple[list[AlertView], int | None]:
    """The alerts of a conversation's newest messages, or of those before a seq, and the seq where the next page begins.

    For staff who may see the conversation; NotFound for everybody else.
    """
    if reading.me.role not in STAFF or reading.me.scope is not None:
        raise NotFound
    _, _, last, *_ = access.conversation(reading, reading.me, conversation)
    high = last if before is None else before - 1
    low = max(0, high - PAGE)
    rows = reading.rows(BESIDE, conversation=conversation, low=low, high=high)
    return [_view(*row) for row in rows], low + 1 if low else None


def troubled(reading: Reading, before: int | None = None) -> tuple[list[ListedAlert], int | None]:
    """For staff: alerts to the clients whom they look after, and to their contacts, that wait for another try or came to
    nothing, the newest first, and the id after which the next page begins."""
    who = reading.me
    if who.role not in STAFF or who.scope is not None:
        raise NotFound
    place = {"organization": who.organization, "person": who.person, "role": who.role, "limit": PAGE + 1}
    again = reading.rows(TRIED_AGAIN, **place, before=_FOREVER) if before is None else []
    rows = reading.rows(COME_TO_NOTHING, **place, before=before or _FOREVER)
    following = rows[PAGE - 1][0] if len(rows) > PAGE else None
    return [_listed_view(*row) for row in [*again[:PAGE], *rows[:PAGE]]], following


def of_client(reading: Reading, client: int) -> list[ListedAlert]:
    """For staff who look after a client: the newest alerts to the client and their contacts, whatever became of them."""
    number = access.client(reading, reading.me, client).id
    rows = [*reading.rows(WRITTEN, client=number, limit=PAGE), *reading.rows(OTHERS, client=number, limit=PAGE)]
    return [_listed_view(*row) for row in sorted(rows, key=lambda row: -row[0])[:PAGE]]


def recipient(reading: Reading, person: int) -> Who | None:
    """On whose behalf somebody acts who holds a link from one of their mails."""
    rows = reading.rows(RECIPIENT, person=person)
    return Who(person, *rows[0]) if rows else None


def sentence(reason: str | None) -> str | None:
    """The sentence for an alert's reason, with the other side's code where there is one."""
    word, _, code = (reason or "").partition(" ")
    words = REASONS.get(word)
    return Sentence("{words} ({code}).", words=words, code=code) if words and code else words


def _view(
    person: int, name: str, seq: int, channel: str, state: str, reason: str | None, due_at: int, settled_at: int | None,
    payload: str | None,
) -> AlertView:  # fmt: skip
    return {
        "person": person, "name": name, "seq": seq, "channel": channel, "state": _state(state, channel, payload),
        "reason": _word(reason), "words": sentence(reason), "due_at": due_at, "settled_at": settled_at,
    }  # fmt: skip


def _listed_view(
    number: int, client: int, client_name: str, name: str, role: str, kind: str, channel: str, state: str, reason: str | None,
    created_at: int, due_at: int, settled_at: int | None, payload: str | None,
) -> ListedAlert:  # fmt: skip
    return {
        "id": number, "client": client, "client_name": client_name, "name": name, "role": role, "kind": kind, "channel": channel,
        "state": _state(state, channel, payload), "reason": _word(reason), "words": sentence(reason),
        "created_at": created_at, "due_at": due_at, "settled_at": settled_at,
    }  # fmt: skip


def _word(reason: str | None) -> str | None:
    return (reason or "").partition(" ")[0] or None


def _state(state: str, channel: str, payload: str | None) -> str:
    if channel == "sms" and (state, payload) == ("sent", "delivered"):
        return "delivered"
    return "waiting" if state == "claimed" else state
