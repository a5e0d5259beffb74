"""What people may take along: all conversations that they see, or those of one client that they take part in."""

from __future__ import annotations

from sqlalchemy import Executable, and_, or_, select

from chat import access
from chat.access import PEOPLE, readable, silent, trash_cutoff
from chat.errors import NotFound
from chat.lib.sql import Row, Sets, Statement, parameter
from chat.models.conversations import CONVERSATIONS, PARTICIPANTS
from chat.models.people import STAFF
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


def _pair(row: Row) -> tuple[int, int]:
    return row[0], row[1]
