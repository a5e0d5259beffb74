"""A worker dies at every point of a mass message; another goes on: nobody gets it twice, and nobody is missed."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Executable, select

from chat.actions import people
from chat.actions.mass_messages import SendMass, advance, send_mass_message
from chat.lib.database import writing_engine
from chat.models import Alert, ContactLogEntry, MassRecipient, Message
from chat.models.columns import table
from chat.models.conversations import CONVERSATIONS
from chat.queries.mass_messages import mass_messages
from chat.transaction import Transaction, Who
from tests.databases import Template, closing_engine
from tests.delivery.desk import house_of
from tests.faults.mass_worker import PROGRAM, STEP
from tests.people import new_person
from tests.recount import faults
from tests.services.nursery import nursery

POINTS = (("before", 1), ("written", 1), ("after", 1), ("uncommitted", 2), ("written", 3), ("after", 3))
CLIENTS = STEP * 3 - 2  # besides Cleo's Fay: a last step that is not full


def more_clients(tx: Transaction, therapist: Who) -> list[int]:
    """Clients of one therapist, none of whom the other tests know."""
    added = [people.add_person(tx, new_person(therapist.organization, "client", f"Client {n:02}")) for n in range(CLIENTS)]
    people.assign_all(tx, [(client, therapist.person) for client in added])
    return added


def worker(log: Path, address: str, when: str, step: int) -> int:
    forked = nursery(PROGRAM).fork([address, when, str(step)], dict(os.environ), log)
    return forked.wait(60)


def rows(address: str, *statements: Executable) -> list[list[tuple[Any, ...]]]:
    """What the database holds, for each statement."""
    with closing_engine(writing_engine(address)) as engine, engine.connect() as connection:
        return [[tuple(row) for row in connection.execute(one)] for one in statements]


@pytest.mark.journey
@pytest.mark.parametrize(("when", "step"), POINTS)
async def test_a_worker_may_die_anywhere_and_each_client_gets_it_once(
    address: str, template: Template, tmp_path: Path, when: str, step: int
) -> None:
    cleo = template.cast["cleo"]
    async with house_of(address) as runtime:
        clients = [*await runtime.perform(more_clients, None, cleo), template.cast["fay"].person]
        what = SendMass(str(uuid4()), "Holidays", "Closed.", everyone=True, copy_to_contact_log=True)
        number = (await runtime.perform(send_mass_message, cleo, what))["mass_message"]
    assert worker(tmp_path / "worker.log", address, when, step) == -signal.SIGKILL
    written = step if when == "after" else step - 1
    talks, messages, entries, alerts = CONVERSATIONS, table(Message), table(ContactLogEntry), table(Alert)
    (left,) = rows(address, select(talks.c.client_id))
    assert len(left) == min(written * STEP, len(clients)), "all of a step, or nothing"

    async with house_of(address) as runtime:
        while await runtime.perform(advance, None, None, job=True):
            pass
        ((row,), _) = await runtime.ask(mass_messages, who=cleo)
        assert (row["id"], row["done"], row["of"]) == (number, len(clients), len(clients))
    of, bodies, copies, due, states = rows(
        address,
        select(talks.c.client_id).order_by(talks.c.client_id),
        select(messages.c.conversation_id, messages.c.seq),
        select(entries.c.client_id),
        select(alerts.c.person_id),
        select(table(MassRecipient).c.state),
    )
    everybody = sorted((client,) for client in clients)
    assert sorted(of) == sorted(copies) == sorted(due) == everybody
    assert sorted(seq for _, seq in bodies) == [1] * len(clients)
    assert set(states) == {("sent",)}
    with closing_engine(writing_engine(address)) as engine, engine.connect() as connection:
        assert faults(connection) == []
