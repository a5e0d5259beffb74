"""What happened on the days of a practice, in numbers: computed once a day is over, from messages and reading marks that exist.

Only the audit trail knows messages by their time, and its rows stay; so it says which ones to look at, and a message that was
erased meanwhile is not counted. Nothing here goes through a conversation: each message looks at its neighbours.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, ColumnElement, Executable, FromClause, ScalarSelect, and_, func, or_, select, tuple_

from chat.access import ORGANIZATIONS, PEOPLE, readable, trash_cutoff
from chat.lib.clock import DAY, MINUTE
from chat.lib.sql import Row, Sets, Statement, literal, parameter
from chat.lib.zones import day_of, midnight
from chat.models import Message, Tally
from chat.models.columns import table
from chat.models.conversations import CONVERSATIONS, PARTICIPANTS, READ_MARKS, SPANS
from chat.models.mass_messages import SENT_FROM
from chat.models.people import STAFF
from chat.models.tallies import PRACTICE
from chat.queries.chains import AUDIT, LATE_ROWS
from chat.transaction import Reading

WEEKS = 12  # that are shown and kept, the running one among them
AT_ONCE = 7  # days of a step
STEP = 500  # messages that one reading looks at
QUIET = 10 * MINUTE  # so long after its end a day is counted: what was sent in its last moment is there by then
TALLIES, _MESSAGES = table(Tally), table(Message)
_TEAM = sorted(STAFF)
#: What a wait is rounded up to, in minutes: what one would say of it, and no more than that is kept.
WAITS = (
    *(1, 2, 3, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 300, 360, 480, 600, 720, 1_080),
    *(days * 1_440 for days in (1, 2, 3, 4, 5, 6, 7, 10, 14, 21, 28, 42, 84, 182, 364, 3_640)),
)


@dataclass(frozen=True, slots=True)
class Days:
    """Days of a practice that are over and were not counted yet, from `first` through `last` by its clocks."""

    organization: int
    zone: ZoneInfo
    first: date
    last: date

    @property
    def since(self) -> int:
        """The instant at which they begin."""
        return midnight(self.first, self.zone)

    @property
    def until(self) -> int:
        """The instant at which they are over."""
        return midnight(self.last + timedelta(days=1), self.zone)


@dataclass(slots=True)
class Count:
    """What a row of the table holds."""

    received: int = 0
    sent: int = 0
    late: int = 0
    waits: Counter[int] = field(default_factory=Counter)


#: By day and person; PRACTICE for all together.
Counts = dict[tuple[date, int], Count]


@dataclass(frozen=True, slots=True)
class Page:
    """Where the next look begins: (time, id) of the last entry of the audit trail."""

    at: int = 0
    number: int = 0


def _due(_: Sets) -> Executable:
    mine = and_(TALLIES.c.organization_id == ORGANIZATIONS.c.id, TALLIES.c.person_id == literal(PRACTICE))
    # A row of a day that is still to come was written under a wrong clock.
    counted = select(func.max(TALLIES.c.day)).where(mine, TALLIES.c.day <= parameter("today", TALLIES.c.day.type))
    columns = (ORGANIZATIONS.c.id, ORGANIZATIONS.c.time_zone, ORGANIZATIONS.c.created_at)
    return select(*columns, counted.scalar_subquery()).order_by(ORGANIZATIONS.c.id)


def _sends(_: Sets) -> Executable:
    here = and_(
        *(AUDIT.c.organization_id == parameter("organization"), AUDIT.c.place.is_not(None)),
        tuple_(AUDIT.c.at, AUDIT.c.id) > tuple_(parameter("at"), parameter("number")),
        AUDIT.c.at < parameter("until"),
        # About a client, and written to them alone.
        *(AUDIT.c.action == "send_message", AUDIT.c.client_id.is_not(None), AUDIT.c.address != SENT_FROM),
    )
    rows = select(AUDIT.c.at, AUDIT.c.id, AUDIT.c.conversation_id, AUDIT.c.seq).where(here)
    return rows.order_by(AUDIT.c.at, AUDIT.c.id).limit(parameter("limit"))


def _wanted(sets: Sets) -> FromClause:
    return sets.relation("wanted", conversation=BigInteger(), seq=BigInteger())


def _by_hand(wanted: FromClause) -> tuple[FromClause, ColumnElement[bool]]:
    """The wanted messages with their authors, without what the house wrote by itself."""
    here = and_(_MESSAGES.c.conversation_id == wanted.c.conversation, _MESSAGES.c.seq == wanted.c.seq)
    return wanted.join(_MESSAGES, here).join(PEOPLE, PEOPLE.c.id == _MESSAGES.c.author_id), _MESSAGES.c.automatic.is_(False)


def _neighbour(side: FromClause, *where: ColumnElement[bool], team: bool, newest: bool) -> ScalarSelect[Any]:
    """The seq of the nearest message of the same conversation that somebody of that side wrote by hand."""
    writer = PEOPLE.alias("writer")
    theirs = writer.c.role.in_(_TEAM) if team else writer.c.role.not_in(_TEAM)
    here = and_(side.c.conversation_id == _MESSAGES.c.conversation_id, side.c.automatic.is_(False), theirs, *where)
    rows = select(side.c.seq).select_from(side.join(writer, writer.c.id == side.c.author_id)).where(here)
    # Said aloud, for where one stands inside the other: the wanted message is still the outermost's.
    rows = rows.correlate(_MESSAGES)
    return rows.order_by(side.c.seq.desc() if newest else side.c.seq).limit(literal(1)).scalar_subquery()


def _written(sets: Sets) -> Executable:
    """Who wrote each message, and for one of the team what waited for it: the client's first message since the team's last."""
    joined, by_hand = _by_hand(_wanted(sets))
    before, since = _MESSAGES.alias("before"), _MESSAGES.alias("since")
    last = _neighbour(before, before.c.seq < _MESSAGES.c.seq, team=True, newest=True)
    between = (since.c.seq > func.coalesce(last, literal(0)), since.c.seq < _MESSAGES.c.seq)
    waited = _neighbour(since, *between, team=False, newest=False)
    columns = (_MESSAGES.c.conversation_id, PEOPLE.c.id, PEOPLE.c.role.in_(_TEAM), _MESSAGES.c.sent_at)
    return select(*columns, waited).select_from(joined).where(by_hand)


def _waited(sets: Sets) -> Executable:
    """When the message that waited for an answer was written, and whether who answered may see it."""
    asked = sets.relation("asked", conversation=BigInteger(), seq=BigInteger(), person=BigInteger())
    here = and_(_MESSAGES.c.conversation_id == asked.c.conversation, _MESSAGES.c.seq == asked.c.seq)
    span = and_(SPANS.c.conversation_id == asked.c.conversation, SPANS.c.person_id == asked.c.person, _holds(asked.c.seq))
    seen = select(SPANS.c.person_id).where(span, SPANS.c.hidden.is_(False)).exists()
    columns = (asked.c.conversation, asked.c.seq, asked.c.person, _MESSAGES.c.sent_at, seen)
    return select(*columns).select_from(asked.join(_MESSAGES, here))


def _holds(seq: ColumnElement[Any]) -> ColumnElement[bool]:
    return and_(SPANS.c.from_seq <= seq, or_(SPANS.c.to_seq.is_(None), SPANS.c.to_seq >= seq))


def _read(whose: ColumnElement[bool]) -> ColumnElement[bool]:
    """Somebody read the message within a day."""
    marks = and_(READ_MARKS.c.conversation_id == _MESSAGES.c.conversation_id, READ_MARKS.c.through >= _MESSAGES.c.seq)
    reader = PEOPLE.alias("reader")
    rows = select(READ_MARKS.c.person_id).join(reader, reader.c.id == READ_MARKS.c.person_id)
    return rows.where(marks, READ_MARKS.c.at <= _MESSAGES.c.sent_at + literal(DAY), reader.c.role.in_(_TEAM), whose).exists()


def _unread(sets: Sets) -> Executable:
    """Of the wanted messages those of clients that nobody of the team read within a day."""
    joined, by_hand = _by_hand(_wanted(sets))
    nobody = ~_read(READ_MARKS.c.person_id.is_not(None))
    return select(_MESSAGES.c.sent_at).select_from(joined).where(by_hand, PEOPLE.c.role.not_in(_TEAM), nobody)


def _reached(sets: Sets) -> Executable:
    """Whom of the team each client's message was sent to, as far as it is theirs to see; and who read it within a day."""
    joined, by_hand = _by_hand(_wanted(sets))
    staff = PEOPLE.alias("staff")
    span = and_(SPANS.c.conversation_id == _MESSAGES.c.conversation_id, _holds(_MESSAGES.c.seq))
    part = and_(PARTICIPANTS.c.conversation_id == SPANS.c.conversation_id, PARTICIPANTS.c.person_id == SPANS.c.person_id)
    joined = joined.join(SPANS, and_(span, SPANS.c.hidden.is_(False), SPANS.c.inherited.is_(False))).join(PARTICIPANTS, part)
    joined = joined.join(CONVERSATIONS, CONVERSATIONS.c.id == _MESSAGES.c.conversation_id)
    joined = joined.join(staff, staff.c.id == SPANS.c.person_id)
    theirs = and_(PEOPLE.c.role.not_in(_TEAM), staff.c.role.in_(_TEAM), readable(staff))
    read = _read(READ_MARKS.c.person_id == staff.c.id)
    return select(_MESSAGES.c.sent_at, staff.c.id, read).select_from(joined).where(by_hand, theirs)


DUE, SENDS, WRITTEN, WAITED, UNREAD, REACHED = (
    Statement(build) for build in (_due, _sends, _written, _waited, _unread, _reached)
)


def window(today: date) -> date:
    """The first day that is shown and kept: a Monday."""
    return today - timedelta(days=today.weekday() + 7 * (WEEKS - 1))


def due(reading: Reading) -> Days | None:
    """The days to count next, of the first practice that has any; None as long as the audit trail lags behind them."""
    now = reading.now - QUIET
    for number, name, created_at, counted in reading.rows(DUE, today=str(day_of(reading.now, ZoneInfo("UTC")))):
        zone = ZoneInfo(name)
        today = day_of(now, zone)
        after = date.fromisoformat(counted) + timedelta(days=1) if counted else day_of(created_at, zone)
        first = max(after, window(today))
        if first < today:
            days = Days(number, zone, first, min(first + timedelta(days=AT_ONCE), today) - timedelta(days=1))
            return days if reading.rows(LATE_ROWS, before=days.until)[0][0] == 0 else None
    return None


def begun(days: Days) -> Counts:
    """A count for the practice on each of its days, also on those on which nothing happened."""
    length = (days.last - days.first).days + 1
    return {(days.first + timedelta(days=number), PRACTICE): Count() for number in range(length)}


def count_written(reading: Reading, days: Days, counts: Counts, page: Page) -> Page | None:
    """Count what was written on these days into `counts`, a step from `page` on; where the next begins, or None."""
    rows = _page(reading, days, page, 0)
    wanted = [row[2:] for row in rows]
    written = reading.rows(WRITTEN, wanted=wanted) if wanted else []
    waited = _waits(reading, written)
    for conversation, author, team, sent_at, begins in written:
        day = day_of(sent_at, days.zone)
        if not team:
            _of(counts, day, PRACTICE).received += 1
            continue
        begun_at, seen = waited.get((conversation, begins, author), (None, False))
        for person in (PRACTICE, author):
            one = _of(counts, day, person)
            one.sent += 1
            if begun_at is not None and (seen or person == PRACTICE):
                one.waits[rounded(sent_at - begun_at)] += 1
    for sent_at, person, _ in _reached_by(reading, wanted):
        _of(counts, day_of(sent_at, days.zone), person).received += 1
    return _following(rows)


def count_unread(reading: Reading, days: Days, counts: Counts, page: Page) -> Page | None:
    """Count what was a day old on these days and unread until then, a step from `page` on; where the next begins, or None."""
    rows = _page(reading, days, page, DAY)
    wanted = [row[2:] for row in rows]
    unread = [(sent_at, PRACTICE) for (sent_at,) in (reading.rows(UNREAD, wanted=wanted) if wanted else ())]
    unread += [(sent_at, person) for sent_at, person, read in _reached_by(reading, wanted) if not read]
    for sent_at, person in unread:
        _of(counts, day_of(sent_at + DAY, days.zone), person).late += 1
    return _following(rows)


def rounded(wait: int) -> int:
    """A time in milliseconds as minutes, up to the next step."""
    return next((step for step in WAITS if wait <= step * MINUTE), WAITS[-1])


def _page(reading: Reading, days: Days, page: Page, ago: int) -> list[Row]:
    # Where the page begins is the only lower bound: of two, a plan may take the one that makes each page walk all before it.
    begin = page if page.at else Page(days.since - ago)
    bounds = {"at": begin.at, "number": begin.number, "until": days.until - ago}
    return reading.rows(SENDS, organization=days.organization, limit=STEP, **bounds)


def _following(rows: list[Row]) -> Page | None:
    return Page(*rows[-1][:2]) if len(rows) == STEP else None


def _waits(reading: Reading, written: Iterable[Row]) -> dict[tuple[int, int, int], tuple[int, bool]]:
    asked = list({(row[0], row[4], row[1]) for row in written if row[2] and row[4] is not None})
    rows = reading.rows(WAITED, asked=asked) if asked else []
    return {tuple(row[:3]): (row[3], bool(row[4])) for row in rows}


def _reached_by(reading: Reading, wanted: list[Row]) -> Iterator[Row]:
    yield from reading.rows(REACHED, wanted=wanted, cutoff=trash_cutoff(reading.now)) if wanted else ()


def _of(counts: Counts, day: date, person: int) -> Count:
    return counts.setdefault((day, person), Count())
