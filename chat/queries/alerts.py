"""Alerts as staff see them beside a conversation, and who stands behind a link that stops them."""

from __future__ import annotations

from typing import TypedDict

from sqlalchemy import Executable, and_, select

from chat import access
from chat.access import PEOPLE
from chat.errors import NotFound
from chat.lib.sql import Sets, Statement, parameter
from chat.models.conversations import PARTICIPANTS
from chat.models.people import STAFF
from chat.queries.outbox import ALERTS
from chat.transaction import Reading, Who

PAGE = 50  # messages whose alerts a page shows

REASONS = {
    "read": "It was read before the email left.",
    "folded": "An email that left before speaks for it.",
    "inactive": "The person is inactive.",
    "off": "Secure messaging is turned off.",
    "unsubscribed": "Alert emails are stopped.",
    "no_access": "The conversation is no longer theirs to see.",
    "no_address": "There is no email address.",
    "over": "It was no longer needed.",
    "gave_up": "It could not be delivered for four days.",
    "unreachable": "The mail server cannot be reached. It is tried again.",
    "signing_in": "The mail server refuses our name or password. It is tried again.",
    "bad_address": "The mail server cannot use this address.",
    "refused": "The recipient's mail server refuses it",
    "later": "The recipient's mail server wants it later",
    "server": "The mail server does not take mails from us",
    "texts_off": "The client replied STOP, or texts are not ticked.",
    "no_phone": "There is no phone number.",
    "blocked": "The carrier blocks texts to this number; only the client can lift it, with START or with their carrier",
    "no_text": "The text gateway refuses this number",
    "gateway": "The text gateway does not take it now. It is tried again.",
    "gateway_account": "The text gateway refuses our account. It is tried again.",
    "gone": "The browser takes no more push messages.",
    "no_push": "The push service refuses it",
    "push_later": "The push service does not take it now. It is tried again.",
    "error": "Something went wrong here. It is tried again.",
    "unknown": "This kind of alert is not known here.",
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
    alert = (ALERTS.c[name] for name in ("seq", "channel", "state", "error", "due_at", "settled_at"))
    joined = PARTICIPANTS.join(ALERTS, theirs).join(PEOPLE, PEOPLE.c.id == ALERTS.c.person_id)
    rows = select(PEOPLE.c.id, PEOPLE.c.name, *alert).select_from(joined)
    here = rows.where(PARTICIPANTS.c.conversation_id == parameter("conversation"))
    return here.order_by(ALERTS.c.seq.desc(), PEOPLE.c.name, ALERTS.c.id)


BESIDE = Statement(_beside)
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


def recipient(reading: Reading, person: int) -> Who | None:
    """On whose behalf somebody acts who holds a link from one of their mails."""
    rows = reading.rows(RECIPIENT, person=person)
    return Who(person, *rows[0]) if rows else None


def _view(
    person: int, name: str, seq: int, channel: str, state: str, reason: str | None, due_at: int, settled_at: int | None
) -> AlertView:
    word, _, code = (reason or "").partition(" ")
    words = REASONS.get(word)
    return {
        "person": person, "name": name, "seq": seq, "channel": channel,
        "state": "waiting" if state == "claimed" else state,
        "reason": word or None, "words": f"{words} ({code})." if words and code else words,
        "due_at": due_at, "settled_at": settled_at,
    }  # fmt: skip
