"""A conversation as one reader has it, for folders and for the live feed alike: many rows in a fixed number of statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypedDict

from sqlalchemy import BigInteger, ColumnElement, Executable, and_, select

from chat.access import ASSIGNMENTS, ORGANIZATIONS, PEOPLE, Member, gone_at
from chat.lib.crypto import key_of
from chat.lib.sentences import Sentence
from chat.lib.sql import Row, Sets, Statement, literal, parameter
from chat.lib.words import excerpt
from chat.models.conversations import CONVERSATIONS, PARTICIPANTS, READ_MARKS
from chat.models.people import Role
from chat.queries.circles import Circle, PersonView, circles
from chat.queries.damage import SUBJECT, opened_or
from chat.queries.keeping import keeping, kept_view
from chat.queries.messages import MessageView, Seen, read_messages
from chat.queries.watches import WatchView, watches
from chat.transaction import Reading

NEWEST = 20  # messages that a changed row brings at most
_PART = (
    "received_at",
    "sent_at",
    "trashed_at",
    "ended_at",
    "read_through",
    "visible",
    "unread",
    "newest",
    "change",
    "message_change",
    "watched",
)


class ReadView(TypedDict):
    """Somebody read through a seq. `after` is the mark before it."""

    person: int
    through: int
    after: int
    at: int


class ConversationView(TypedDict, total=False):
    """One conversation as its reader has it; a `gone` one has only id and change."""

    id: int
    change: int
    gone: bool
    subject: str | None
    direct: bool
    client: int | None
    people: list[PersonView]
    last_seq: int
    visible: int
    unread: int
    newest: int
    read_through: int
    folders: list[str]
    received_at: int | None
    sent_at: int | None
    trashed_at: int | None
    deleted_at: int | None
    kept: dict[str, Any] | None  # of one in the trash: why it cannot be deleted for good
    first_words: str
    newest_author: int | None
    newest_at: int | None
    reads: list[ReadView]
    closed: dict[str, Any] | None
    watches: list[WatchView]  # for staff: their own messages that they are told of if they stay unread, or were
    unreached: dict[str, int | None] | None  # for staff: since when the client gets no texts, by their STOP, or no mails


@dataclass(slots=True)
class Base:
    """What one statement tells of a conversation for one reader; the fields from `received_at` on are those of Participant."""

    reader: int
    id: int
    client: int | None
    direct: bool
    subject: bytes | None
    last_seq: int
    messaging: bool
    received_at: int | None
    sent_at: int | None
    trashed_at: int | None
    ended_at: int | None
    read_through: int
    visible: int
    unread: int
    newest: int
    change: int
    message_change: int
    watched: int | None
    allowed: bool = True
    wanted: int = 1  # how many of the newest messages are asked for


def base_columns() -> list[ColumnElement[Any]]:
    """The columns of `Base`, in its order, without the last two."""
    names = ("id", "client_id", "direct", "subject", "last_seq")
    here = [CONVERSATIONS.c[name] for name in names]
    return [PARTICIPANTS.c.person_id, *here, ORGANIZATIONS.c.messaging_enabled, *(PARTICIPANTS.c[name] for name in _PART)]


def joined() -> Any:
    """Participants with their conversation, person and organization."""
    # The sum keeps PostgreSQL from going to the person first and from there through all that they take part in, past the
    # cursor or time that is asked for: what it knows of people is what is usual, and that is two conversations.
    person = PEOPLE.c.id == PARTICIPANTS.c.person_id + literal(0)
    return (
        PARTICIPANTS.join(CONVERSATIONS, CONVERSATIONS.c.id == PARTICIPANTS.c.conversation_id)
        .join(PEOPLE, person)
        .join(ORGANIZATIONS, ORGANIZATIONS.c.id == CONVERSATIONS.c.organization_id)
    )


def _newest_marks(sets: Sets) -> Executable:
    wanted = sets.relation("wanted", conversation=BigInteger(), through=BigInteger())
    marks = and_(READ_MARKS.c.conversation_id == wanted.c.conversation, READ_MARKS.c.through > wanted.c.through)
    columns = (READ_MARKS.c.conversation_id, READ_MARKS.c.person_id, READ_MARKS.c.through, READ_MARKS.c.after, READ_MARKS.c.at)
    return select(*columns).select_from(wanted.join(READ_MARKS, marks)).order_by(READ_MARKS.c.through)


MARKS_BEYOND = Statement(_newest_marks)


def _looked_after_by(_: Sets) -> Executable:
    mine = and_(ASSIGNMENTS.c.client_id == parameter("client"), PEOPLE.c.active, PEOPLE.c.in_portal)
    return (
        select(PEOPLE.c.name)
        .join(ASSIGNMENTS, ASSIGNMENTS.c.therapist_id == PEOPLE.c.id)
        .where(mine)
        .order_by(PEOPLE.c.search_name)
    )


LOOKED_AFTER_BY = Statement(_looked_after_by)


def dress(reading: Reading, bases: Sequence[Base]) -> tuple[list[ConversationView], list[list[MessageView]]]:
    """Views of these rows, and for each the newest messages that it wants: four statements for any number, five with trash."""
    if not bases:
        return [], []
    around = circles(reading, {base.id for base in bases})
    reading.load_keys({key_of(base.subject) for base in bases if base.subject})
    wants = [Seen(base.id, base.reader, base.newest - base.wanted + 1, base.newest) for base in bases]
    messages = read_messages(reading, wants, {number: circle.spans for number, circle in around.items()}, damaged=True)
    marks = _marks(reading, bases, around)
    # The readers of a conversation share its newest message. Typed: what a person wrote is no line that nobody wrote.
    first_words = lru_cache(maxsize=None, typed=True)(_first_words)
    views = []
    for base, found in zip(bases, messages, strict=True):
        words = first_words(found[-1]["body"]) if found else ""
        views.append(_view(reading, base, around[base.id], found[-1] if found else None, words, marks))
    # Only what lies in a trash is told what keeps it, so only for that it is asked.
    rules = keeping(reading, {base.id for base in bases if base.trashed_at is not None})
    watched = watches(reading, {(base.id, base.reader) for base in bases if base.watched is not None})
    for base, view in zip(bases, views, strict=True):
        if around[base.id].members[base.reader].staff:
            view["watches"] = watched.get((base.id, base.reader), [])
        if base.trashed_at is not None:
            view["deleted_at"] = gone_at(base.trashed_at, rules[base.id].deletes_since)
            staff = around[base.id].members[base.reader].staff
            view["kept"] = kept_view(rules[base.id], view["newest_at"], reading.now, staff=staff)
    return views, messages


def _marks(reading: Reading, bases: Sequence[Base], around: dict[int, Circle]) -> dict[int, list[ReadView]]:
    """Receipts, for the rows that staff read: those around the newest messages."""
    wanted = {(base.id, max(0, base.last_seq - NEWEST)) for base in bases if around[base.id].members[base.reader].staff}
    found: dict[int, list[ReadView]] = defaultdict(list)
    for conversation, person, through, after, at in reading.rows(MARKS_BEYOND, wanted=list(wanted)) if wanted else ():
        found[conversation].append({"person": person, "through": through, "after": after, "at": at})
    return found


def _view(
    reading: Reading, base: Base, circle: Circle, last: MessageView | None, first_words: str, marks: dict[int, list[ReadView]]
) -> ConversationView:
    me = circle.members[base.reader]
    view: ConversationView = {
        "id": base.id,
        "change": base.change,
        "subject": opened_or(reading, f"conversation.subject:{base.id}", base.subject, SUBJECT) if base.subject else None,
        "direct": bool(base.direct),
        "client": base.client,
        "people": circle.people(base.reader),
        "last_seq": base.last_seq if me.staff else base.newest,
        "visible": base.visible,
        "unread": base.unread,
        "newest": base.newest,
        "read_through": base.read_through,
        "folders": _folders(base),
        "received_at": base.received_at,
        "sent_at": base.sent_at,
        "trashed_at": base.trashed_at,
        "deleted_at": None,
        "kept": None,
        "first_words": first_words,
        "newest_author": last["author"] if last else None,
        "newest_at": last["sent_at"] if last else None,
        "reads": [mark for mark in marks.get(base.id, ()) if mark["person"] != base.reader] if me.staff else [],
        "closed": _closed(reading, base, me, circle),
    }
    if me.staff:
        view["unreached"] = circle.unreached.get(base.client or 0)
    return view


def _first_words(body: str) -> str:
    """A line that nobody wrote stays whole, so that it can be said in the reader's language."""
    return body if isinstance(body, Sentence) else excerpt(body)


def _folders(base: Base) -> list[str]:
    if base.trashed_at is not None:
        return ["trash"]
    return [name for name, time in (("inbox", base.received_at), ("sent", base.sent_at)) if time is not None]


def _closed(reading: Reading, base: Base, me: Member, circle: Circle) -> dict[str, Any] | None:
    if not circle.reached(base.reader):
        left = Sentence("You are no longer part of this conversation. What you received stays readable.")
        return {"gate": "cc", "message": left}
    refusal = circle.shut(base.reader, base.client, messaging=bool(base.messaging))
    if refusal is None:
        return None
    lost = refusal.details["gate"] == "assignment"
    message = Sentence("{reason} {way}", reason=refusal.message, way=_whom_instead(reading, base)) if lost else refusal.message
    return {**refusal.details, "message": message, "can_open": may_open(me, refusal.details["gate"])}


def may_open(me: Member, gate: object) -> bool:
    """Whether this person may open a shut gate themselves: administrators each, therapists that of their clients."""
    return me.staff if gate == "client" else me.role == Role.ADMINISTRATOR and gate in {"organization", "portal"}


def _whom_instead(reading: Reading, base: Base) -> Sentence:
    """Whom a client is to write to, where those of this conversation are gone. Rare, so asked for one at a time."""
    names = [row[0] for row in reading.rows(LOOKED_AFTER_BY, client=base.client)]
    return Sentence("Please write to {names}.", names=names) if names else Sentence("Please call the practice.")


def changed_columns(row: Row) -> Base:
    """A Base from the columns of `base_columns` and whether its reader may still see it."""
    base = Base(*row[:18])
    base.allowed = bool(row[18])
    return base
