"""Folders of conversations, and an opened one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Executable, Text, and_, or_, select

from chat.access import PEOPLE, readable, trash_cutoff
from chat.lib.sql import Sets, Statement, parameter
from chat.lib.words import folded, like
from chat.models.conversations import PARTICIPANTS, SPANS
from chat.queries.circles import circles
from chat.queries.messages import MessageView, page
from chat.queries.views import MARKS_BEYOND, Base, ConversationView, ReadView, base_columns, dress, joined
from chat.transaction import Reading

PAGE = 50
WORDS = ("word1", "word2", "word3", "word4")


def _named(place: ColumnElement[Any]) -> ColumnElement[bool]:
    """Somebody else in the conversation has a name with all the words looked for."""
    other = PEOPLE.alias("other")
    words = and_(*(other.c.search_name.like(parameter(name, Text()), escape="\\") for name in WORDS))
    there = select(SPANS.c.person_id).join(other, other.c.id == SPANS.c.person_id).where(SPANS.c.conversation_id == place)
    return there.where(SPANS.c.person_id != parameter("person"), words).exists()


def _folder(time: ColumnElement[Any], *, trashed: bool, named: bool = False) -> Statement:
    def build(_: Sets) -> Executable:
        place = PARTICIPANTS.c.trashed_at.is_not(None) if trashed else PARTICIPANTS.c.trashed_at.is_(None)
        before = or_(time < parameter("time"), and_(time == parameter("time"), PARTICIPANTS.c.conversation_id < parameter("id")))
        mine = and_(PARTICIPANTS.c.person_id == parameter("person"), time.is_not(None), time <= parameter("time"), place, before)
        rows = select(*base_columns()).select_from(joined()).where(mine, readable(PEOPLE))
        rows = rows.where(_named(PARTICIPANTS.c.conversation_id)) if named else rows
        return rows.order_by(time.desc(), PARTICIPANTS.c.conversation_id.desc()).limit(parameter("limit"))

    return Statement(build)


_TIMES = {
    "inbox": (PARTICIPANTS.c.received_at, False),
    "sent": (PARTICIPANTS.c.sent_at, False),
    "trash": (PARTICIPANTS.c.trashed_at, True),
}
FOLDERS = {name: _folder(time, trashed=trashed) for name, (time, trashed) in _TIMES.items()}
SEARCHED = {name: _folder(time, trashed=trashed, named=True) for name, (time, trashed) in _TIMES.items()}
_FOREVER = 1 << 61


def _one(_: Sets) -> Executable:
    mine = and_(PARTICIPANTS.c.person_id == parameter("person"), PARTICIPANTS.c.conversation_id == parameter("id"))
    return select(*base_columns()).select_from(joined()).where(mine, readable(PEOPLE))


ONE = Statement(_one)


Page = tuple[list[ConversationView], tuple[int, int] | None]


def conversations(reading: Reading, folder: str, before: tuple[int, int] | None = None) -> Page:
    """A page of a folder, newest first by that folder's time, and the (time, id) after which the next page begins."""
    return _page(reading, FOLDERS[folder], folder, before, {})


def find(reading: Reading, folder: str, search: str, before: tuple[int, int] | None = None) -> Page:
    """The same, of conversations with somebody whose name holds every word of `search`."""
    words = folded(search).split()[: len(WORDS)]
    patterns = {name: like(word) for name, word in zip(WORDS, [*words, *[""] * len(WORDS)], strict=False)}
    return _page(reading, SEARCHED[folder] if words else FOLDERS[folder], folder, before, patterns if words else {})


def _page(reading: Reading, statement: Statement, folder: str, before: tuple[int, int] | None, patterns: dict[str, str]) -> Page:
    time, number = before or (_FOREVER, 0)
    place = {"person": reading.me.person, "time": time, "id": number, "limit": PAGE + 1, "cutoff": trash_cutoff(reading.now)}
    rows = reading.rows(statement, **place, **patterns)
    page = [base for base in (Base(*row) for row in rows[:PAGE]) if reading.me.reaches(base.id, reading.now)]
    last = Base(*rows[PAGE - 1]) if len(rows) > PAGE else None
    return dress(reading, page)[0], (getattr(last, _TIMES[folder][0].name), last.id) if last else None


def one(reading: Reading, number: int) -> ConversationView | None:
    """One conversation as the asker has it; None if it is not theirs to see."""
    if not reading.me.reaches(number, reading.now):
        return None
    rows = reading.rows(ONE, person=reading.me.person, id=number, cutoff=trash_cutoff(reading.now))
    return dress(reading, [Base(*rows[0])])[0][0] if rows else None


@dataclass(slots=True)
class Opened:
    """A conversation with a page of its messages, ascending, and the receipts that concern them."""

    conversation: ConversationView
    messages: list[MessageView]
    reads: list[ReadView]
    next: int | None


def messages_page(reading: Reading, number: int, *, before: int | None = None, after: int | None = None) -> Opened | None:
    """An opened conversation with a page of its messages; None if it is not the asker's to see."""
    view = one(reading, number)
    if view is None:
        return None
    circle = circles(reading, [number])[number]
    messages, following = page(reading, number, circle.spans, before=before, after=after, newest=view["newest"])
    reads: list[ReadView] = []
    if circle.members[reading.me.person].staff and messages:
        rows = reading.rows(MARKS_BEYOND, wanted=[(number, messages[0]["seq"] - 1)])
        reads = [
            {"person": row[1], "through": row[2], "after": row[3], "at": row[4]} for row in rows if row[1] != reading.me.person
        ]
    return Opened(view, messages, reads, following)
