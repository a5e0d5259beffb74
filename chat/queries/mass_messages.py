"""Mass messages, for their sender: one row in Sent, with the state per client."""

from __future__ import annotations

from typing import Any, TypedDict

from sqlalchemy import Executable, and_, exists, func, select

from chat.access import PEOPLE
from chat.errors import NotFound
from chat.lib.crypto import key_of
from chat.lib.sql import Sets, Statement, parameter
from chat.lib.words import excerpt
from chat.models import Alert, MassMessage, MassRecipient, Message
from chat.models.columns import table
from chat.models.conversations import READ_MARKS
from chat.transaction import Reading

_MASS, _RECIPIENTS, _ALERTS, _MESSAGES = table(MassMessage), table(MassRecipient), table(Alert), table(Message)
PAGE = 50
CLIENTS = 200
_LAST = 1 << 61


class MassView(TypedDict):
    """One mass message. `done` of `of` are written; a finished or cancelled one says when."""

    id: int
    key: str
    subject: str
    first_words: str
    body: str
    sent_at: int
    done: int
    of: int
    skipped: int
    cancelled_at: int | None
    finished_at: int | None


class RecipientView(TypedDict):
    """One client of it: waiting, sent, alerted, read, replied, skipped or cancelled."""

    id: int
    name: str
    state: str
    reason: str
    conversation: int | None


def _mine(_: Sets) -> Executable:
    names = ("id", "key", "subject", "body", "created_at", "done", "total", "cancelled_at", "finished_at")
    of = _RECIPIENTS.c.mass_message_id == _MASS.c.id
    skipped = select(func.count()).select_from(_RECIPIENTS).where(of, _RECIPIENTS.c.state == "skipped").scalar_subquery()
    mine = and_(_MASS.c.sender_id == parameter("sender"), _MASS.c.id < parameter("before"), _MASS.c.trashed_at.is_(None))
    rows = select(*(_MASS.c[name] for name in names), skipped).where(mine)
    return rows.order_by(_MASS.c.id.desc()).limit(parameter("limit"))


def _clients(_: Sets) -> Executable:
    talk, client = _RECIPIENTS.c.conversation_id, _RECIPIENTS.c.client_id
    told = and_(_ALERTS.c.conversation_id == talk, _ALERTS.c.person_id == client, _ALERTS.c.state == "sent")
    alerted = exists().where(told)
    read = exists().where(READ_MARKS.c.conversation_id == talk, READ_MARKS.c.person_id == client)
    replied = exists().where(_MESSAGES.c.conversation_id == talk, _MESSAGES.c.author_id == client)
    own = exists().where(_MASS.c.id == _RECIPIENTS.c.mass_message_id, _MASS.c.sender_id == parameter("sender"))
    columns = (client, PEOPLE.c.name, _RECIPIENTS.c.state, _RECIPIENTS.c.reason, talk, alerted, read, replied)
    joined = select(*columns).join(PEOPLE, PEOPLE.c.id == client)
    mine = and_(_RECIPIENTS.c.mass_message_id == parameter("mass"), client > parameter("after"), own)
    return joined.where(mine).order_by(client).limit(parameter("limit"))


def _progress(sets: Sets) -> Executable:
    moved = and_(sets.has(_MASS.c.sender_id, "people"), _MASS.c.change > parameter("cursor"))
    return (
        select(_MASS.c.sender_id, _MASS.c.key, _MASS.c.done, _MASS.c.total, _MASS.c.change).where(moved).order_by(_MASS.c.change)
    )


MINE, RECIPIENTS, PROGRESS = Statement(_mine), Statement(_clients), Statement(_progress)


def mass_messages(reading: Reading, before: int | None = None) -> tuple[list[MassView], int | None]:
    """The asker's mass messages, the latest first, and the id before which the next page begins."""
    if reading.me.scope is not None:
        raise NotFound
    rows = reading.rows(MINE, sender=reading.me.person, before=before or _LAST, limit=PAGE + 1)
    reading.load_keys({key_of(row[2]) for row in rows})
    views = [_view(reading, row) for row in rows[:PAGE]]
    return views, views[-1]["id"] if len(rows) > PAGE else None


def mass_recipients(reading: Reading, number: int, after: int = 0) -> tuple[list[RecipientView], int | None]:
    """The clients of one of the asker's mass messages, with their state; NotFound for anybody else's."""
    if reading.me.scope is not None:
        raise NotFound
    rows = reading.rows(RECIPIENTS, mass=number, sender=reading.me.person, after=after, limit=CLIENTS + 1)
    if not rows and not after:
        raise NotFound
    views = [_recipient(row) for row in rows[:CLIENTS]]
    return views, views[-1]["id"] if len(rows) > CLIENTS else None


def _view(reading: Reading, row: Any) -> MassView:
    number, key, subject, body, created_at, done, total, cancelled_at, finished_at, skipped = row
    place = f"{reading.me.person}:{key}"
    text = reading.open(f"mass_message.body:{place}", body)
    return {
        "id": number, "key": key, "subject": reading.open(f"mass_message.subject:{place}", subject), "body": text,
        "first_words": excerpt(text), "sent_at": created_at, "done": done, "of": total, "skipped": skipped,
        "cancelled_at": cancelled_at, "finished_at": finished_at,
    }  # fmt: skip


def _recipient(row: Any) -> RecipientView:
    client, name, state, reason, talk, alerted, read, replied = row
    if state == "sent":
        state = "replied" if replied else "read" if read else "alerted" if alerted else "sent"
    return {"id": client, "name": name, "state": state, "reason": reason, "conversation": talk if replied else None}
