"""What is printed of conversations: plain values, read in steps, so that no snapshot is kept open for a long print."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple, NotRequired, TypedDict

from sqlalchemy import Executable, select

from chat import access
from chat.access import Member, member
from chat.errors import NotFound
from chat.lib.crypto import key_of
from chat.lib.sql import Row, Sets, Statement
from chat.models import Person
from chat.models.columns import table
from chat.models.conversations import CONVERSATIONS
from chat.queries.circles import EVERYONE, circles
from chat.queries.damage import SUBJECT, opened_or
from chat.queries.messages import MessageView, Seen, read_messages
from chat.queries.people import me
from chat.transaction import Reading

STEP = 200  # messages a reading
_PEOPLE = table(Person)


class PrintedPerson(TypedDict):
    """Somebody who takes or took part. `of` is the name of the client whose contact this is."""

    name: str
    role: str
    relation: str | None
    of: str | None
    cc: bool
    me: bool
    left: bool


class PrintedConversation(TypedDict):
    """The head of one conversation. It is printed through `newest`."""

    id: int
    subject: str | None
    people: list[PrintedPerson]
    newest: int


class PrintedMessage(TypedDict):
    """One message."""

    seq: int
    author: str
    body: str
    sent_at: int
    to: list[str]
    cc: list[str]
    attachments: list[str]
    automatic: bool
    note: NotRequired[str]  # a line of the house's own about this message


class PrintedFile(NamedTuple):
    """A file of a printed message, for those who take it along: `id` is its number there, `sent_at` the message's time."""

    id: int
    name: str
    sent_at: int


class Party(NamedTuple):
    """Somebody whom a message came from or went to."""

    id: int
    name: str
    role: str


class Exchange(NamedTuple):
    """What other programs are told of a message beside its text: between whom, about whom, and when it was read first."""

    sender: Party | None
    recipients: list[Party]
    client: Party | None
    received_at: int | None


class Printout(TypedDict):
    """What stands on every page, and the conversations in the order asked for, without those that may not be printed."""

    practice: str
    time_zone: str
    printed_by: str
    now: int
    conversations: list[PrintedConversation]
    language: NotRequired[str]  # of the paper; the door adds it


@dataclass(frozen=True, slots=True)
class PrintedStep:
    """Some messages in order, the seq from which to go on (None if these were the last), and their files."""

    messages: list[PrintedMessage]
    next: int | None
    files: list[PrintedFile] = field(default_factory=list)
    exchanges: list[Exchange] = field(default_factory=list)  # for those who take the messages along: one for each
    authors: list[int | None] = field(default_factory=list)


def _subjects(sets: Sets) -> Executable:
    client = _PEOPLE.alias("client")
    joined = CONVERSATIONS.outerjoin(client, client.c.id == CONVERSATIONS.c.client_id)
    here = sets.has(CONVERSATIONS.c.id, "ids")
    return select(CONVERSATIONS.c.id, CONVERSATIONS.c.subject, client.c.name).select_from(joined).where(here)


SUBJECTS = Statement(_subjects)


class _Seat:
    """One person's place in a conversation: from when to when, as one who reads it may know."""

    def __init__(self, who: Member) -> None:
        self.who = who
        self.cc = who.cc
        self.open = False
        self.ranges: list[tuple[int, int | None]] = []


def printout(reading: Reading, ids: Sequence[int]) -> Printout:
    """The heads of those of the named conversations that the asker may print now, in the order given."""
    found = printable(reading, ids)
    heads = printed_heads(reading, {number: row[3] for number, row in found.items()})
    mine = me(reading)
    return {
        "practice": mine["organization"]["name"],
        "time_zone": mine["organization"]["time_zone"],
        "printed_by": mine["name"],
        "now": reading.now,
        "conversations": [heads[number] for number in ids if number in heads],
    }


def printed_messages(reading: Reading, number: int, after: int, through: int) -> PrintedStep:
    """The next messages after one seq and through another; NotFound if the conversation is no longer the asker's to see."""
    if not printable(reading, (number,)):
        raise NotFound
    spans = circles(reading, (number,))[number].spans
    seen = list(islice(spans.upwards(reading.me.person, after, through), STEP + 1))
    chosen = seen[:STEP]
    if not chosen:
        return PrintedStep([], None)
    want = Seen(number, reading.me.person, chosen[0], chosen[-1])
    messages = read_messages(reading, [want], {number: spans})[0]
    return printed_step(messages, chosen[-1] if len(seen) > STEP else None)


def printed_step(messages: Sequence[MessageView], following: int | None) -> PrintedStep:
    """These messages as they are printed, with their files."""
    files = [PrintedFile(file["id"], str(file["name"]), one["sent_at"]) for one in messages for file in one["attachments"]]
    return PrintedStep([_message(one) for one in messages], following, files, authors=[one["author"] for one in messages])


def printable(reading: Reading, ids: Sequence[int]) -> dict[int, Row]:
    """Those that the asker may see now, and those without a reply that a mass message of theirs stands for."""
    return access.silent_conversations(reading, reading.me, ids) | access.conversations(reading, reading.me, ids)


def _message(view: MessageView) -> PrintedMessage:
    return {
        "seq": view["seq"],
        "author": view["author_name"],
        "body": view["body"],
        "sent_at": view["sent_at"],
        "to": view["to"],
        "cc": view["cc"],
        "attachments": [str(one["name"]) for one in view["attachments"]],
        "automatic": view["automatic"],
    }


def printed_heads(reading: Reading, found: dict[int, int]) -> dict[int, PrintedConversation]:
    """The heads of conversations that were found to be the asker's, given with their newest seq; nobody's: with all people."""
    if not found:
        return {}
    subjects = reading.rows(SUBJECTS, ids=list(found))
    reading.load_keys({key_of(row[1]) for row in subjects if row[1]})
    people = _people(reading, {row[0]: row[2] for row in subjects})
    return {
        number: {
            "id": number,
            "subject": opened_or(reading, f"conversation.subject:{number}", sealed, SUBJECT) if sealed else None,
            "people": people[number],
            "newest": found[number],
        }
        for number, sealed, _ in subjects
    }


def _people(reading: Reading, clients: dict[int, str | None]) -> dict[int, list[PrintedPerson]]:
    """Who takes part, and who took part in something that the asker sees; one who came later learns of nobody earlier."""
    asker = reading.who.person if reading.who else None
    seats: dict[int, dict[int, _Seat]] = defaultdict(dict)
    hidden: set[tuple[int, int, int]] = set()
    for row in reading.rows(EVERYONE, conversations=list(clients)):
        conversation, person, first, last, cc, unseen = row[:6]
        seat = seats[conversation].setdefault(person, _Seat(member(row[6:13], cc=bool(cc), relation=row[13])))
        seat.ranges.append((first, last))
        seat.open = seat.open or last is None
        if unseen:
            hidden.add((conversation, person, first))
    result: dict[int, list[PrintedPerson]] = {}
    for conversation, there in seats.items():
        own = there.get(asker or 0)
        mine = [one for one in own.ranges if (conversation, asker, one[0]) not in hidden] if own else []
        met = [seat for seat in there.values() if seat.open or any(_meet(one, other) for one in seat.ranges for other in mine)]
        known = list(there.values()) if asker is None else met
        result[conversation] = [_person(asker, seat, clients[conversation]) for seat in sorted(known, key=_rank)]
    return result


def _meet(one: tuple[int, int | None], other: tuple[int, int | None]) -> bool:
    """Whether two ranges of messages have one in common."""
    return (one[1] is None or one[1] >= other[0]) and (other[1] is None or other[1] >= one[0])


def _rank(seat: _Seat) -> tuple[bool, bool, str, int]:
    return not seat.who.staff, seat.cc, seat.who.name, seat.who.id


def _person(asker: int | None, seat: _Seat, client: str | None) -> PrintedPerson:
    return {
        "name": seat.who.name,
        "role": seat.who.role,
        "relation": seat.who.relation,
        "of": client if seat.who.role == "contact" else None,
        "cc": seat.cc,
        "me": seat.who.id == asker,
        "left": not seat.open,
    }
