"""The one source of live delivery and of catching up: what lies beyond each reader's cursor, as it stands now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import BigInteger, Executable, and_, select

from chat.access import PEOPLE, readable, trash_cutoff
from chat.lib.sql import Sets, Statement, literal, parameter
from chat.models import Installation, Mailbox
from chat.models.columns import table
from chat.models.conversations import PARTICIPANTS
from chat.models.people import STAFF
from chat.queries.mass_messages import Progress, progress
from chat.queries.messages import MessageView
from chat.queries.views import NEWEST, Base, ConversationView, base_columns, changed_columns, dress, joined
from chat.transaction import Reading, Who

_BOXES, _INSTALLATION = table(Mailbox), table(Installation)
PAGE = 1_000  # changed rows that one shared read answers; who gets less asks again


@dataclass(frozen=True, slots=True)
class Reader:
    """Whose changes are asked for, and from where: the number of the last change that this device has."""

    who: Who
    cursor: int


@dataclass(slots=True)
class Change:
    """One conversation as it now looks to a reader, with its newest messages."""

    number: int
    conversation: ConversationView
    messages: list[MessageView]


@dataclass(slots=True)
class Answer:
    """What a reader gets: changes in order of their number, the new cursor, and whether there is more to ask for.

    `clients` is the number of the change that said: something about a client whom this reader looks after is different now.
    """

    cursor: int
    unread: int
    changes: list[Change] = field(default_factory=list)
    progress: list[Progress] = field(default_factory=list)
    clients: int = 0
    more: bool = False
    reset: bool = False


def _boxes(sets: Sets) -> Executable:
    names = ("person_id", "change", "unread", "horizon", "clients_change")
    return select(*(_BOXES.c[name] for name in names)).where(sets.has(_BOXES.c.person_id, "people"))


def _changed(sets: Sets) -> Executable:
    readers = sets.relation("readers", person=BigInteger(), cursor=BigInteger())
    beyond = and_(PARTICIPANTS.c.person_id == readers.c.person, PARTICIPANTS.c.change > readers.c.cursor)
    source = readers.join(joined(), beyond)
    rows = select(*base_columns(), readable(PEOPLE)).select_from(source)
    # The sum keeps PostgreSQL from going through everybody's rows for the sake of their order.
    return rows.order_by(PARTICIPANTS.c.person_id + literal(0), PARTICIPANTS.c.change).limit(parameter("limit"))


BOXES = Statement(_boxes)
CHANGED = Statement(_changed)
EPOCH = Statement(lambda _: select(_INSTALLATION.c.epoch))


def epoch(reading: Reading) -> str:
    """The word of this database that every cursor begins with."""
    return str(reading.rows(EPOCH)[0][0])


def hello(reading: Reading) -> tuple[str, int, int]:
    """What a connection begins with: the epoch, the number of the asker's last change, and their unread conversations."""
    _, change, unread, *_ = reading.rows(BOXES, people=[reading.me.person])[0]
    return epoch(reading), change, unread


def changes_since(reading: Reading, readers: Sequence[Reader]) -> list[Answer]:
    """An Answer for each reader, by a fixed number of statements for all of them together."""
    boxes = {row[0]: row for row in reading.rows(BOXES, people={reader.who.person for reader in readers})}
    answers = [_begin(reader, boxes[reader.who.person]) for reader in readers]
    lowest: dict[int, int] = {}
    for reader, answer in zip(readers, answers, strict=True):
        if answer.cursor > reader.cursor and not answer.reset:
            lowest[reader.who.person] = min(reader.cursor, lowest.get(reader.who.person, reader.cursor))
    rows = reading.rows(CHANGED, readers=list(lowest.items()), limit=PAGE + 1, cutoff=trash_cutoff(reading.now)) if lowest else []
    cut = (rows[PAGE - 1][0], rows[PAGE - 1][15]) if len(rows) > PAGE else None
    bases: dict[int, list[Base]] = {}
    for row in rows[:PAGE]:
        bases.setdefault(row[0], []).append(changed_columns(row))
    _fill(reading, readers, answers, bases)
    _tell_progress(reading, readers, answers)
    if cut:
        _shorten(readers, answers, cut)
    return answers


def _tell_progress(reading: Reading, readers: Sequence[Reader], answers: list[Answer]) -> None:
    """What moved of staff's mass messages. Their numbers are no conversation's: only if some are missing is it asked for."""
    open_to = [
        (reader, answer)
        for reader, answer in zip(readers, answers, strict=True)
        if reader.who.role in STAFF and reader.who.scope is None and not answer.reset
    ]
    senders: dict[int, int] = {}
    for reader, answer in open_to:
        if answer.cursor - reader.cursor > len(answer.changes):
            senders[reader.who.person] = min(reader.cursor, senders.get(reader.who.person, reader.cursor))
    found = progress(reading, list(senders.items())) if senders else {}
    for reader, answer in open_to:
        answer.progress = [one for one in found.get(reader.who.person, ()) if one.number > reader.cursor]


def _begin(reader: Reader, box: tuple[int, int, int, int, int]) -> Answer:
    _, change, unread, horizon, clients = box
    # Ahead of the mailbox: a cursor of another time. Below the horizon: what ended since is no longer told.
    reset = reader.cursor > change or reader.cursor < horizon
    told = clients > reader.cursor and not reset and reader.who.scope is None
    return Answer(change, unread, clients=clients if told else 0, reset=reset)


def _fill(reading: Reading, readers: Sequence[Reader], answers: list[Answer], bases: dict[int, list[Base]]) -> None:
    lowest: dict[int, int] = {}
    for reader in readers:
        lowest[reader.who.person] = min(reader.cursor, lowest.get(reader.who.person, reader.cursor))
    shown: list[Base] = []
    for person, mine in bases.items():
        for base in mine:
            new = base.message_change > lowest[person]
            base.wanted = max(1, min(NEWEST, base.change - lowest[person])) if new else 1
            shown += [base] if base.allowed else []
    views, messages = dress(reading, shown)
    dressed = {(base.reader, base.id): (view, found) for base, view, found in zip(shown, views, messages, strict=True)}
    for reader, answer in zip(readers, answers, strict=True):
        for base in bases.get(reader.who.person, ()) if not answer.reset else ():
            if base.change > reader.cursor and reader.who.reaches(base.id, reading.now):
                answer.changes.append(_change(base, reader, dressed.get((base.reader, base.id))))


def _change(base: Base, reader: Reader, dressed: tuple[ConversationView, list[MessageView]] | None) -> Change:
    if dressed is None:
        return Change(base.change, {"id": base.id, "change": base.change, "gone": True}, [])
    view, messages = dressed
    count = min(NEWEST, base.change - reader.cursor) if base.message_change > reader.cursor else 0
    return Change(base.change, view, messages[-count:] if count else [])


def _shorten(readers: Sequence[Reader], answers: list[Answer], cut: tuple[int, int]) -> None:
    """The page was full: people after the cut got nothing yet, the one at the cut a part. Their cursor stays behind."""
    person, number = cut
    for reader, answer in zip(readers, answers, strict=True):
        if answer.reset:
            continue  # it begins anew at its mailbox's number and has nothing to wait for
        if reader.who.person == person and answer.cursor > number:
            answer.cursor, answer.more = max(number, reader.cursor), True
        elif reader.who.person > person and answer.cursor > reader.cursor:
            answer.cursor, answer.more = reader.cursor, True
