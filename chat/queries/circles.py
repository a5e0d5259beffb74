"""Who takes or took part in a conversation, with what follows from it for each reader; worked out once for the same rows.

The feed asks for the people of a conversation with each of its messages, and they are nearly always the same. So the rows are
read each time, in the reader's own snapshot, and only what is made of them is kept: a right that ended is another row, and
another circle.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any, TypedDict

from sqlalchemy import ColumnElement, Executable, Select, and_, false, func, or_, select

from chat.access import MEMBER_COLUMNS, PEOPLE, Member, closed, member, related
from chat.errors import Refused
from chat.lib.sql import Row, Sets, Statement
from chat.models.conversations import CONVERSATIONS, SPANS
from chat.queries.messages import Spans
from chat.transaction import Reading

KEPT = 8_192  # circles in memory, a few KiB each


class PersonView(TypedDict):
    """Somebody in a conversation, as its readers see them."""

    id: int
    name: str
    role: str
    cc: bool
    relation: str | None


def _everyone(sets: Sets) -> Executable:
    spans = (SPANS.c.conversation_id, SPANS.c.person_id, SPANS.c.from_seq, SPANS.c.to_seq, SPANS.c.cc, SPANS.c.hidden)
    told = (PEOPLE.c.relation, PEOPLE.c.texts_off_at, PEOPLE.c.mail_failed_at)
    # As `access.reaches` in its set form: what an open span promises ends with the relation.
    now = or_(and_(PEOPLE.c.active, related(PEOPLE.c.id, PEOPLE.c.role, CONVERSATIONS.c.client_id)), _is_client())
    rows: Select[Any] = (
        select(*spans, *MEMBER_COLUMNS, *told, now)
        .join(PEOPLE, PEOPLE.c.id == SPANS.c.person_id)
        .join(CONVERSATIONS, CONVERSATIONS.c.id == SPANS.c.conversation_id)
    )
    return rows.add_columns(SPANS.c.inherited).where(sets.has(SPANS.c.conversation_id, "conversations"))


def _is_client() -> ColumnElement[bool]:
    return func.coalesce(CONVERSATIONS.c.client_id == PEOPLE.c.id, false())


EVERYONE = Statement(_everyone)


class Circle:
    """All who take or took part in one conversation. It is shared by threads and readers: nobody changes what it gives."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self.members: dict[int, Member] = {}
        self.open: list[Member] = []  # whom the next message reaches: the client first, then contacts, then staff
        self.spans = Spans()
        self.unreached: dict[int, dict[str, int | None]] = {}  # who gets no texts or no mails, and since when
        self._people: dict[int, list[PersonView]] = {}
        self._shut: dict[tuple[int, bool], Refused | None] = {}
        for row in rows:
            person, first, last, cc, hidden = row[1:6]
            relation, texts_off_at, mail_failed_at, reached, inherited = row[13:]
            self.members[person] = who = member(row[6:], cc=bool(cc), relation=relation)
            self.unreached[person] = {"texts_off_at": texts_off_at, "mail_failed_at": mail_failed_at}
            if last is None and reached:
                self.open.append(who)
            self.spans.add(who, first, last, cc=bool(cc), hidden=bool(hidden), inherited=bool(inherited))
        self.open.sort(key=lambda one: (one.role != "client", not one.cc, one.name, one.id))

    def reached(self, reader: int) -> bool:
        """Whether the next message reaches this reader."""
        return any(one.id == reader for one in self.open)

    def people(self, reader: int) -> list[PersonView]:
        """Whom a message of this reader reaches."""
        found = self._people.get(reader)
        if found is None:
            others = [one for one in self.open if one.id != reader]
            found = self._people[reader] = [
                {"id": one.id, "name": one.name, "role": one.role, "cc": one.cc, "relation": one.relation} for one in others
            ]
        return found

    def shut(self, reader: int, client: int | None, *, messaging: bool) -> Refused | None:
        """The gate that keeps this reader from writing, as `access.closed` names it. `client`: whom the conversation concerns."""
        key = (reader, messaging)
        if key not in self._shut:
            whom = self.members.get(client) if client else None
            others = [one for one in self.open if one.id != reader]
            self._shut[key] = closed(self.members[reader], whom, others, messaging=messaging)
        return self._shut[key]


_circle = lru_cache(KEPT)(Circle)


def circles(reading: Reading, conversations: Iterable[int]) -> dict[int, Circle]:
    """Conversation → its circle; one statement for all."""
    found: dict[int, list[Row]] = {}
    for row in reading.rows(EVERYONE, conversations=list(conversations)):
        found.setdefault(row[0], []).append(row)
    return {number: _circle(tuple(rows)) for number, rows in found.items()}
