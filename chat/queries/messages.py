"""Messages as one reader may see them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from operator import attrgetter, itemgetter
from typing import TypedDict

from sqlalchemy import BigInteger, Executable, and_, select

from chat.access import Member
from chat.lib.crypto import key_of
from chat.lib.sentences import Sentence, unpacked
from chat.lib.sql import Sets, Statement
from chat.models import Message
from chat.models.columns import table
from chat.queries.attachments import FileView, files_of
from chat.queries.damage import MESSAGE, opened_or
from chat.transaction import Reading

_MESSAGES = table(Message)


class MessageView(TypedDict):
    """One message. `after` is the seq of the one before it that this reader may see, 0 for the first."""

    seq: int
    after: int
    author: int | None
    author_name: str
    body: str
    sent_at: int
    to: list[str]
    cc: list[str]
    attachments: list[FileView]
    automatic: bool
    in_contact_log: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """The messages of a conversation from seq to seq, for one reader."""

    conversation: int
    reader: int
    first: int
    last: int


@dataclass(slots=True)
class _Span:
    who: Member
    first: int
    last: int | None
    cc: bool
    hidden: bool
    inherited: bool = False

    def holds(self, seq: int) -> bool:
        return self.first <= seq and (self.last is None or seq <= self.last)


class Spans:
    """Who may see which messages of one conversation, and to whom each was sent."""

    def __init__(self) -> None:
        self._all: list[_Span] = []
        self._people: dict[int, Member] = {}
        self._shown: dict[int, list[_Span]] = {}  # what each reader may see
        self._whole: set[int] = set()  # who sees all of it: nearly everybody
        self._recipients: dict[tuple[int | None, tuple[int, ...]], tuple[list[str], list[str]]] = {}

    def add(self, who: Member, first: int, last: int | None, *, cc: bool, hidden: bool, inherited: bool = False) -> None:
        """Note a span."""
        span = _Span(who, first, last, cc, hidden, inherited)
        self._all.append(span)
        self._people[who.id] = who
        if not hidden:
            self._shown.setdefault(who.id, []).append(span)
            if first == 1 and last is None:
                self._whole.add(who.id)

    def sees(self, reader: int, seq: int) -> bool:
        """Whether this reader may see this message."""
        if reader in self._whole:
            return seq > 0
        return any(span.holds(seq) for span in self._shown.get(reader, ()))

    def forgotten_by(self, seq: int) -> list[str]:
        """The names of those whose message this was and who have it no more: they deleted it, or their trash did."""
        hidden = {span.who.name for span in self._all if span.hidden and span.holds(seq)}
        return sorted(hidden)

    def before(self, reader: int, seq: int) -> int:
        """The seq of the message before this one that the reader may see, 0 if there is none."""
        if self.sees(reader, seq - 1):
            return seq - 1
        ends = (span.last for span in self._shown.get(reader, ()) if span.last is not None)
        return max((end for end in ends if end < seq), default=0)

    def staff(self, reader: int) -> bool:
        """Whether this reader is a member of the team."""
        person = self._people.get(reader)
        return person is not None and person.staff

    def upwards(self, reader: int, after: int, through: int) -> Iterator[int]:
        """Every seq after one and through another that this reader may see, ascending; made as it is taken."""
        for first, last in self._ranges(reader):
            yield from range(max(first, after + 1), (through if last is None else min(last, through)) + 1)

    def downwards(self, reader: int, newest: int) -> Iterator[int]:
        """Every seq up to `newest` that this reader may see, descending; made as it is taken."""
        for first, last in reversed(self._ranges(reader)):
            yield from range(newest if last is None else min(last, newest), first - 1, -1)

    def _ranges(self, reader: int) -> list[tuple[int, int | None]]:
        """What this reader may see, ascending, without overlaps. A conversation may have a hundred thousand messages."""
        found: list[tuple[int, int | None]] = []
        for span in sorted(self._shown.get(reader, ()), key=attrgetter("first")):
            first, last = span.first, span.last
            if found and (found[-1][1] is None or first <= found[-1][1] + 1):
                first, before = found.pop()
                last = None if before is None or last is None else max(before, last)
            found.append((first, last))
        return found

    def name(self, person: int | None) -> str:
        """The name of somebody who takes or took part."""
        who = self._people.get(person or 0)
        return who.name if who else ""

    def received_by(self, author: int | None, seq: int) -> list[Member]:
        """Those it was sent to, whether or not they have it any more: first who was written to, then who was on Cc."""
        there = {span.who.id: span for span in self._all if span.holds(seq) and not span.inherited and span.who.id != author}
        return [span.who for span in sorted(there.values(), key=lambda span: (span.cc, span.who.name, span.who.id))]

    def person(self, person: int | None) -> Member | None:
        """Somebody who takes or took part."""
        return self._people.get(person or 0)

    def client(self) -> Member | None:
        """The client whom the conversation concerns."""
        return next((who for who in self._people.values() if who.role == "client"), None)

    def recipients(self, author: int | None, seq: int) -> tuple[list[str], list[str]]:
        """The names of those it was sent to, and of those on Cc."""
        # Kept by who was there, not by message: a long conversation has few such circles.
        there = tuple([at for at, span in enumerate(self._all) if span.holds(seq) and not span.inherited])
        found = self._recipients.get((author, there))
        if found is None:
            others = {span.who.id: span for span in map(self._all.__getitem__, there) if span.who.id != author}
            to, cc = (sorted(span.who.name for span in others.values() if span.cc is copied) for copied in (False, True))
            found = self._recipients[author, there] = to, cc
        return found


def _wanted(sets: Sets) -> Executable:
    wanted = sets.relation("wanted", conversation=BigInteger(), first=BigInteger(), last=BigInteger())
    names = ("conversation_id", "seq", "author_id", "body", "sent_at", "automatic", "in_contact_log", "attachments")
    here = and_(
        _MESSAGES.c.conversation_id == wanted.c.conversation, _MESSAGES.c.seq >= wanted.c.first, _MESSAGES.c.seq <= wanted.c.last
    )
    return select(*(_MESSAGES.c[name] for name in names)).select_from(wanted.join(_MESSAGES, here))


MESSAGES = Statement(_wanted)


def read_messages(
    reading: Reading, wants: Sequence[Seen], spans: dict[int, Spans], *, damaged: bool = False
) -> list[list[MessageView]]:
    """For each want, its messages in order of seq, opened once however many read them; one statement. `damaged` as below."""
    found = opened(reading, _ranges(wants), damaged=damaged)
    return [_for_reader(found.get(want.conversation, []), want, spans[want.conversation]) for want in wants]


def _ranges(wants: Sequence[Seen]) -> list[tuple[int, int, int]]:
    """One range a conversation that holds what all its readers want."""
    ranges: dict[int, tuple[int, int]] = {}
    for want in wants:
        first, last = ranges.get(want.conversation, (want.first, want.last))
        ranges[want.conversation] = min(first, want.first), max(last, want.last)
    return [(conversation, first, last) for conversation, (first, last) in ranges.items()]


def opened(reading: Reading, ranges: list[tuple[int, int, int]], *, damaged: bool = False) -> dict[int, list[MessageView]]:
    """The messages of these conversations from seq to seq, as nobody in particular has them; the caller checks who may.

    One that does not open is Unreadable; with `damaged` a sentence stands in its place, for lists that hold much else.
    """
    # They lie nearly in order already. The database would carry all bodies through a sorting tree, half of what the query takes.
    rows = sorted(reading.rows(MESSAGES, wanted=ranges), key=itemgetter(0, 1))
    reading.load_keys({key_of(row[3]) for row in rows})
    found: dict[int, list[MessageView]] = {}
    files = files_of(reading, [(row[0], row[1]) for row in rows if row[7]], damaged=damaged)
    for conversation, seq, author, sealed, sent_at, automatic, in_contact_log, _ in rows:
        body = _body(reading, f"message.body:{conversation}:{seq}", sealed, wrote=bool(author), damaged=damaged)
        view: MessageView = {
            "seq": seq, "after": 0, "author": author, "author_name": "", "body": body, "sent_at": sent_at,
            "to": [], "cc": [], "attachments": files.get((conversation, seq), []), "automatic": bool(automatic),
            "in_contact_log": bool(in_contact_log),
        }  # fmt: skip
        found.setdefault(conversation, []).append(view)
    return found


def _body(reading: Reading, place: str, sealed: bytes, *, wrote: bool, damaged: bool) -> str:
    text = opened_or(reading, place, sealed, MESSAGE) if damaged else reading.open(place, sealed)
    return text if wrote or isinstance(text, Sentence) else unpacked(text)


def _for_reader(messages: list[MessageView], want: Seen, spans: Spans) -> list[MessageView]:
    mine = []
    for message in messages:
        seq = message["seq"]
        if want.first <= seq <= want.last and spans.sees(want.reader, seq):
            seen = message.copy()
            seen["after"] = spans.before(want.reader, seq)
            seen["author_name"] = spans.name(message["author"])
            seen["to"], seen["cc"] = spans.recipients(message["author"], seq)
            # Clients and contacts cannot learn that there is a contact log.
            seen["in_contact_log"] = message["in_contact_log"] and spans.staff(want.reader)
            mine.append(seen)
    return mine


PAGE = 50
CATCH_UP = 100


def page(
    reading: Reading, conversation: int, spans: Spans, *, before: int | None, after: int | None, newest: int
) -> tuple[list[MessageView], int | None]:
    """The newest messages, those before a seq, or those after one, ascending; and the seq from which to ask for more.

    What a reader may see has holes where somebody was dropped and added again, so ranges are walked until a page is full.
    """
    me = reading.me.person
    if after is not None:
        seen = list(islice(spans.upwards(me, after, newest), CATCH_UP + 1))
        rest, chosen = len(seen) > CATCH_UP, seen[:CATCH_UP]
    else:
        seen = list(islice(spans.downwards(me, newest if before is None else min(newest, before - 1)), PAGE + 1))
        rest, chosen = len(seen) > PAGE, seen[PAGE - 1 :: -1]
    if not chosen:
        return [], None
    found = read_messages(reading, [Seen(conversation, me, chosen[0], chosen[-1])], {conversation: spans})[0]
    return found, (chosen[-1] if after is not None else chosen[0]) if rest else None
