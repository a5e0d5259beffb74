"""Clients: the third gate, by whoever looks after them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Executable, select, update

from chat import access
from chat.actions.batch import Batch
from chat.lib.sql import Sets, Statement, parameter
from chat.models import Person
from chat.models.columns import table
from chat.models.conversations import CONVERSATIONS
from chat.transaction import Transaction

_PEOPLE = table(Person)


@dataclass(frozen=True, slots=True)
class NamedClient:
    """A client."""

    client: int


def _of_client(_: Sets) -> Executable:
    return select(CONVERSATIONS.c.id).where(CONVERSATIONS.c.client_id == parameter("client"))


def _set_messaging(_: Sets) -> Executable:
    value = {"messaging_enabled": parameter("enabled", _PEOPLE.c.messaging_enabled.type), "version": _PEOPLE.c.version + 1}
    return update(_PEOPLE).values(value).where(_PEOPLE.c.id == parameter("client"))


OF_CLIENT, SET_MESSAGING = Statement(_of_client), Statement(_set_messaging)


def enable_messaging(tx: Transaction, what: NamedClient) -> dict[str, int]:
    """Open the client's gate; what was written before can be continued on every open page at once."""
    return _set(tx, what, enabled=True)


def disable_messaging(tx: Transaction, what: NamedClient) -> dict[str, int]:
    """Shut the client's gate: history stays readable for both sides, every new message is refused with the reason."""
    return _set(tx, what, enabled=False)


def _set(tx: Transaction, what: NamedClient, *, enabled: bool) -> dict[str, int]:
    client = access.client(tx, tx.me, what.client)
    if client.messaging_enabled == enabled:
        return {}
    # The conversations are locked before the person's row is written: a send that runs beside sees the gate before or after.
    batch = Batch(tx, conversations=[row[0] for row in tx.rows(OF_CLIENT, client=client.id)])
    tx.rows(SET_MESSAGING, client=client.id, enabled=enabled)
    for part in batch.parts.values():
        if part.ended_at is None:
            batch.change(part, counted=part.counts)
    batch.save()
    tx.audit("enable_messaging" if enabled else "disable_messaging", person_id=client.id, client_id=client.id)
    return {}
