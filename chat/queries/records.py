"""A client's whole record, for the operator's hands alone: also what nobody has in a mailbox any more."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Executable, Text, and_, or_, select

from chat.access import ORGANIZATIONS, PEOPLE
from chat.lib.sql import Sets, Statement, parameter
from chat.lib.words import folded, listed
from chat.models import Message
from chat.models.columns import table
from chat.models.conversations import CONVERSATIONS
from chat.models.people import Role
from chat.queries.circles import circles
from chat.queries.contact_logs import EntryView, LogHead, entries
from chat.queries.exports import with_exchanges
from chat.queries.messages import opened
from chat.queries.prints import STEP, PrintedConversation, PrintedStep, Printout, printed_heads, printed_step
from chat.transaction import Reading

_MESSAGES = table(Message)
PAGE = 50


class Found(NamedTuple):
    """A client whom a word of the command line may mean."""

    id: int
    organization: int
    name: str
    born: str | None
    practice: str
    time_zone: str


def _clients(_: Sets) -> Executable:
    word, key = parameter("word", Text()), parameter("key", Text())
    named = or_(PEOPLE.c.username == key, PEOPLE.c.email_key == key, PEOPLE.c.search_name == key, PEOPLE.c.name == word)
    columns = (
        PEOPLE.c.id,
        PEOPLE.c.organization_id,
        PEOPLE.c.name,
        PEOPLE.c.born,
        ORGANIZATIONS.c.name,
        ORGANIZATIONS.c.time_zone,
    )
    joined = PEOPLE.join(ORGANIZATIONS, ORGANIZATIONS.c.id == PEOPLE.c.organization_id)
    return select(*columns).select_from(joined).where(PEOPLE.c.role == Role.CLIENT.value, named).order_by(PEOPLE.c.id)


def _conversations(_: Sets) -> Executable:
    mine = and_(CONVERSATIONS.c.client_id == parameter("client"), CONVERSATIONS.c.id > parameter("after"))
    rows = select(CONVERSATIONS.c.id, CONVERSATIONS.c.last_seq).where(mine)
    return rows.order_by(CONVERSATIONS.c.id).limit(parameter("limit"))


def _seqs(_: Sets) -> Executable:
    here = and_(_MESSAGES.c.conversation_id == parameter("conversation"), _MESSAGES.c.seq > parameter("after"))
    return select(_MESSAGES.c.seq).where(here).order_by(_MESSAGES.c.seq).limit(parameter("limit"))


CLIENTS, OF_CLIENT, SEQS = Statement(_clients), Statement(_conversations), Statement(_seqs)


def find(reading: Reading, word: str) -> list[Found]:
    """The clients, active or not, whose username, email address or whole name this is."""
    return [Found(*row) for row in reading.rows(CLIENTS, word=word, key=folded(word))]


def record_head(reading: Reading, client: Found) -> Printout:
    """What stands on every page."""
    return {
        "practice": client.practice, "time_zone": client.time_zone, "printed_by": "the operator",
        "now": reading.now, "conversations": [],
    }  # fmt: skip


def record_log_head(reading: Reading, client: Found) -> LogHead:
    """What stands on every page of the contact log."""
    return {
        "practice": client.practice, "time_zone": client.time_zone, "exported_by": "the operator",
        "now": reading.now, "client": client.name, "born": client.born,
    }  # fmt: skip


def record_log(reading: Reading, client: int, before: int | None = None) -> tuple[list[EntryView], int | None]:
    """A page of the contact log, the newest entry first, and the id before which the next begins."""
    return entries(reading, client, before, STEP)


def record_conversations(reading: Reading, client: int, after: int = 0) -> list[PrintedConversation]:
    """The next conversations that concern this client, beyond one, with all who took part."""
    rows = reading.rows(OF_CLIENT, client=client, after=after, limit=PAGE)
    heads = printed_heads(reading, {row[0]: row[1] for row in rows})
    return [heads[row[0]] for row in rows]


def record_messages(reading: Reading, number: int, after: int) -> PrintedStep:
    """The next messages that are stored, whoever sees them; each says who has it in no mailbox any more."""
    seqs = [row[0] for row in reading.rows(SEQS, conversation=number, after=after, limit=STEP + 1)]
    if not seqs:
        return PrintedStep([], None)
    chosen = seqs[:STEP]
    views = opened(reading, [(number, chosen[0], chosen[-1])])[number]
    spans = circles(reading, (number,))[number].spans
    for view in views:
        view["author_name"] = spans.name(view["author"])
        view["to"], view["cc"] = spans.recipients(view["author"], view["seq"])
    step = printed_step(views, chosen[-1] if len(seqs) > STEP else None)
    for message in step.messages:
        if gone := spans.forgotten_by(message["seq"]):
            message["note"] = f"No longer in the mailbox of {listed(gone)}"
    return with_exchanges(reading, number, step, None)
