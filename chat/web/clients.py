"""Clients: the third gate."""

from __future__ import annotations

from chat.actions import clients
from chat.models.people import STAFF
from chat.web.command import Command
from chat.web.inputs import Input, PersonId


class ClientInput(Input):
    """A client."""

    client: PersonId


def named(given: ClientInput) -> clients.NamedClient:
    """The client for the action."""
    return clients.NamedClient(given.client)


COMMANDS = (
    Command(
        "enable_messaging",
        ClientInput,
        "Turn secure messaging on for a client.",
        action=clients.enable_messaging,
        build=named,
        may=STAFF,
    ),
    Command(
        "disable_messaging",
        ClientInput,
        "Turn secure messaging off for a client; history stays readable.",
        action=clients.disable_messaging,
        build=named,
        may=STAFF,
    ),
)
