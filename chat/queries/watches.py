"""Messages whose author asked to be told if they stay unread: only the author learns of it, and only while that is so."""

from __future__ import annotations

from collections.abc import Collection
from typing import TypedDict

from sqlalchemy import BigInteger, ColumnElement, Executable, and_, or_, select

from chat.access import PEOPLE, readable, trash_cutoff
from chat.lib.sql import Sets, Statement, literal, parameter
from chat.models import Watch
from chat.models.columns import table
from chat.models.conversations import CONVERSATIONS, PARTICIPANTS
from chat.models.people import STAFF
from chat.transaction import Reading

WATCHES = table(Watch)
LISTED = 50  # of the newest that a list shows
_THEIRS = PARTICIPANTS.alias("theirs")


class WatchView(TypedDict):
    """One watched message that the client has not read; `told_at` once its time was over."""

    seq: int
    days: int
    due_at: int
    told_at: int | None


class NotRead(TypedDict):
    """The same for a list, of messages whose time is over."""

    conversation: int
    seq: int
    client: int
    client_name: str
    days: int
    told_at: int


def unread() -> ColumnElement[bool]:
    """Rule: the client whom the conversation concerns has not read the watched message."""
    here = and_(_THEIRS.c.conversation_id == WATCHES.c.conversation_id, _THEIRS.c.person_id == CONVERSATIONS.c.client_id)
    return and_(here, _THEIRS.c.receipt_through < WATCHES.c.seq)


def _shown(sets: Sets) -> Executable:
    wanted = sets.relation("wanted", conversation=BigInteger(), person=BigInteger())
    mine = and_(WATCHES.c.conversation_id == wanted.c.conversation, WATCHES.c.person_id == wanted.c.person)
    joined = wanted.join(WATCHES, mine).join(CONVERSATIONS, CONVERSATIONS.c.id == WATCHES.c.conversation_id)
    columns = ("conversation_id", "person_id", "seq", "days", "due_at", "told_at")
    rows = select(*(WATCHES.c[name] for name in columns)).select_from(joined.join(_THEIRS, unread()))
    return rows.order_by(WATCHES.c.conversation_id, WATCHES.c.seq)


def _not_read(_: Sets) -> Executable:
    client = PEOPLE.alias("client")
    mine = and_(PARTICIPANTS.c.conversation_id == WATCHES.c.conversation_id, PARTICIPANTS.c.person_id == WATCHES.c.person_id)
    joined = WATCHES.join(CONVERSATIONS, CONVERSATIONS.c.id == WATCHES.c.conversation_id).join(_THEIRS, unread())
    joined = joined.join(PARTICIPANTS, mine).join(PEOPLE, PEOPLE.c.id == WATCHES.c.person_id)
    joined = joined.join(client, client.c.id == CONVERSATIONS.c.client_id)
    columns = (WATCHES.c.conversation_id, WATCHES.c.seq, client.c.id, client.c.name, WATCHES.c.days, WATCHES.c.told_at)
    spoken_of = or_(WATCHES.c.mail_at == parameter("mail"), parameter("mail") == literal(0))
    told = and_(WATCHES.c.person_id == parameter("person"), WATCHES.c.told_at.is_not(None), spoken_of)
    rows = select(*columns).select_from(joined).where(told, readable(PEOPLE))
    return rows.order_by(WATCHES.c.told_at.desc()).limit(parameter("limit"))


SHOWN, NOT_READ = Statement(_shown), Statement(_not_read)


def watches(reading: Reading, wanted: Collection[tuple[int, int]]) -> dict[tuple[int, int], list[WatchView]]:
    """For these (conversation, author): what the author is to be told of, or was, and the client has still not read."""
    found: dict[tuple[int, int], list[WatchView]] = {}
    for conversation, person, seq, days, due_at, told_at in reading.rows(SHOWN, wanted=list(wanted)) if wanted else ():
        view: WatchView = {"seq": seq, "days": days, "due_at": due_at, "told_at": told_at}
        found.setdefault((conversation, person), []).append(view)
    return found


def not_read(reading: Reading, person: int, limit: int = LISTED, mail: int = 0) -> list[NotRead]:
    """What this member of the team was told of and clients have still not read, as far as it is theirs to see; newest first.

    `mail`: only what the email speaks of that was to leave then.
    """
    rows = reading.rows(NOT_READ, person=person, limit=limit, mail=mail, cutoff=trash_cutoff(reading.now))
    return [
        {"conversation": row[0], "seq": row[1], "client": row[2], "client_name": row[3], "days": row[4], "told_at": row[5]}
        for row in rows
    ]


def own_not_read(reading: Reading) -> list[NotRead]:
    """The asker's own; none for whoever cannot ask to be told."""
    return not_read(reading, reading.me.person) if reading.me.role in STAFF and reading.me.scope is None else []
