"""The loader: one therapist in thousands of conversations.

Messages are sent by the product's own action, many in a transaction, so that every counter and index is as the product makes it.

    python -m tests.bench.grow <messages> [<short>]    with the product's settings in the environment, after `chat demo --pairs 1`
"""

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from uuid import uuid4

from sqlalchemy import Connection, insert, select, text

from chat import house
from chat.actions.chains import append
from chat.actions.messages import SendMessage, send_messages
from chat.cli.demo import SETTLE_ALERTS
from chat.lib import clock
from chat.lib.database import reading_engine, writing_engine
from chat.models import Assignment, Mailbox, Person, Role
from chat.models.columns import table
from chat.queries.chains import Links, unchained
from chat.runtime.lane import Lane, Work
from chat.settings import Settings
from chat.transaction import Keys, Reading, Who
from tests.bench.load import TEXT

THERAPIST = "t0001"
SHORT = 90
"""Messages of each conversation but one, which holds a tenth of all, unless another number is given."""
BATCH, AT_ONCE = 500, 5_000
"""Messages of a transaction, and entries of the history."""
_PEOPLE, _MAILBOXES, _ASSIGNMENTS = table(Person), table(Mailbox), table(Assignment)


@dataclass(frozen=True)
class House:
    """Whom the loader writes for."""

    therapist: int
    organization: int
    clients: list[int]


def fill(size: int, short: int = SHORT) -> None:
    """Send so many messages into one long conversation and many short ones; the long one is written last and leads the inbox."""
    settings = Settings()
    engine = writing_engine(settings.database)
    with engine.begin() as connection:
        found = hire(connection, max(1, size * 9 // 10 // short))
    vault = house.open_vault(settings)
    lane = house.lane(settings, vault)
    waiting = works(found, size, short)
    while batch := list(islice(waiting, BATCH)):
        lane.carry_out(batch, check)
    chain(lane, settings, vault)
    lane.close()
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SET statement_timeout = 0"))  # the product's five seconds are meant for people
        SETTLE_ALERTS.rows(connection)
        connection.execute(text("ANALYZE"))
        connection.commit()


def chain(lane: Lane, settings: Settings, vault: house.Vault) -> None:
    """Bring the history into its chain, as the server does while messages come: it would be busy with it for minutes."""
    engine, keys, key = reading_engine(settings.database), Keys(vault.ring), house.audit_key(vault)

    def loose() -> list[Links]:
        with engine.connect() as connection, connection.begin():
            return unchained(Reading(connection, keys), key, "grow", AT_ONCE)

    while links := loose():
        lane.carry_out([Work(append, None, links)], check)
    engine.dispose()


def check(works: Iterable[Work], _: set[int]) -> None:
    """A refused message would make a database that is none."""
    for work in works:
        if isinstance(work.result, BaseException):
            raise work.result


def works(found: House, size: int, short: int) -> Iterator[Work]:
    """The messages, by turns of therapist and client."""
    long = size // 10
    for number, client in enumerate(found.clients):
        for turn in range(long if number == len(found.clients) - 1 else short):
            author, reader = (client, found.therapist) if turn % 2 else (found.therapist, client)
            role = Role.CLIENT if turn % 2 else Role.THERAPIST
            what = SendMessage(str(uuid4()), TEXT, to=(reader,))
            yield Work(send_messages, Who(author, found.organization, role), what)


def hire(connection: Connection, short: int) -> House:
    """Clients for the therapist: one for each short conversation and one for the long one."""
    found = select(_PEOPLE.c.id, _PEOPLE.c.organization_id).where(_PEOPLE.c.username == THERAPIST)
    therapist, organization = connection.execute(found).one()
    common = {"organization_id": organization, "role": Role.CLIENT, "active": True, "in_portal": False, "messaging_enabled": True}
    names = [f"Client {number:06d}" for number in range(short + 1)]
    rows = [common | {"name": name, "search_name": name.lower(), "version": 1, "created_at": clock.now()} for name in names]
    connection.execute(insert(_PEOPLE), rows)
    mine = (
        select(_PEOPLE.c.id)
        .where(_PEOPLE.c.organization_id == organization, _PEOPLE.c.name.like("Client ______"))
        .order_by(_PEOPLE.c.id)
    )
    clients = [int(row[0]) for row in connection.execute(mine)]
    connection.execute(insert(_MAILBOXES), [{"person_id": one, "change": 0, "unread": 0, "horizon": 0} for one in clients])
    pairs = [{"client_id": one, "therapist_id": therapist, "created_at": clock.now()} for one in clients]
    connection.execute(insert(_ASSIGNMENTS), pairs)
    return House(therapist, organization, clients)


if __name__ == "__main__":
    fill(*map(int, sys.argv[1:]))
