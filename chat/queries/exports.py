"""What people may take along: all conversations that they see, or those of one client that they take part in."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Executable, and_, or_, select

from chat import access
from chat.access import PEOPLE, Member, readable, silent, trash_cutoff
from chat.errors import NotFound
from chat.lib.sql import Row, Sets, Statement, parameter
from chat.models.conversations import CONVERSATIONS, PARTICIPANTS, READ_MARKS
from chat.models.people import STAFF
from chat.queries.circles import circles
from chat.queries.messages import Spans
from chat.queries.prints import Exchange, Party, PrintedStep, printed_messages
from chat.transaction import Reading

STEP = 200


def _mine(*, of_client: bool) -> Statement:
    def build(_: Sets) -> Executable:
        joined = PARTICIPANTS.join(CONVERSATIONS, CONVERSATIONS.c.id == PARTICIPANTS.c.conversation_id)
        joined = joined.join(PEOPLE, PEOPLE.c.id == PARTICIPANTS.c.person_id)
        mine = and_(PARTICIPANTS.c.person_id == parameter("person"), CONVERSATIONS.c.id > parameter("after"))
        rows = select(CONVERSATIONS.c.id, PARTICIPANTS.c.newest).select_from(joined)
        # As what is printed: also what a mass message stands for.
        rows = rows.where(mine, or_(readable(PEOPLE), silent(PEOPLE)))
        rows = rows.where(CONVERSATIONS.c.client_id == parameter("client")) if of_client else rows
        return rows.order_by(CONVERSATIONS.c.id).limit(parameter("limit"))

    return Statement(build)


def _reads(_: Sets) -> Executable:
    mine = and_(READ_MARKS.c.conversation_id == parameter("conversation"), READ_MARKS.c.through >= parameter("first"))
    columns = (READ_MARKS.c.person_id, READ_MARKS.c.after, READ_MARKS.c.through, READ_MARKS.c.at)
    return select(*columns).where(mine, READ_MARKS.c.after < parameter("last")).order_by(READ_MARKS.c.at)


READS = Statement(_reads)
OWN, OF_CLIENT = _mine(of_client=False), _mine(of_client=True)


def exportable(reading: Reading, client: int | None = None, after: int = 0) -> list[tuple[int, int]]:
    """The next conversations beyond one, in the order of their ids, each with its newest message's seq.

    For clients and contacts all that they see; for staff those with a client whom they look after. NotFound otherwise.
    """
    who = reading.me
    if who.scope is not None or (client is None) == (who.role in STAFF):
        raise NotFound
    mine = {"person": who.person, "after": after, "limit": STEP, "cutoff": trash_cutoff(reading.now)}
    if client is None:
        return [_pair(row) for row in reading.rows(OWN, **mine)]
    access.client(reading, who, client)
    return [_pair(row) for row in reading.rows(OF_CLIENT, **mine, client=client)]


def exported_messages(reading: Reading, number: int, after: int, through: int) -> PrintedStep:
    """The next messages as they are printed, with what other programs are told of each; NotFound as there.

    When a message was read is told as the pages tell it: to staff of everybody, to clients and contacts of themselves.
    """
    step = printed_messages(reading, number, after, through)
    return with_exchanges(reading, number, step, None if reading.me.role in STAFF else reading.me.person)


def with_exchanges(reading: Reading, number: int, step: PrintedStep, reader: int | None) -> PrintedStep:
    """The step with what is told of each of its messages. `reader`: of whose reading alone; None of everybody's."""
    if not step.messages:
        return step
    spans = circles(reading, (number,))[number].spans
    seqs = [message["seq"] for message in step.messages]
    rows = reading.rows(READS, conversation=number, first=seqs[0], last=seqs[-1])
    marks = [row for row in rows if reader is None or row[0] == reader]
    exchanges = [_exchange(spans, author, seq, marks) for author, seq in zip(step.authors, seqs, strict=True)]
    return replace(step, exchanges=exchanges)


def _exchange(spans: Spans, author: int | None, seq: int, marks: list[Row]) -> Exchange:
    received_by = spans.received_by(author, seq)
    ids = {one.id for one in received_by}
    received_at = next((at for person, after, through, at in marks if person in ids and after < seq <= through), None)
    return Exchange(_party(spans.person(author)), [Party(one.id, one.name, one.role) for one in received_by],
                    _party(spans.client()), received_at)  # fmt: skip


def _party(who: Member | None) -> Party | None:
    return Party(who.id, who.name, who.role) if who else None


def _pair(row: Row) -> tuple[int, int]:
    return row[0], row[1]
