"""Clients: the Clients page, the client's page, assignments, and the third gate."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from chat.actions import assignments, clients
from chat.errors import NotFound
from chat.models.people import STAFF, Role
from chat.queries import clients as questions
from chat.web.answers import Json
from chat.web.command import Command
from chat.web.desk import desk_of, unscoped
from chat.web.inputs import Input, Line, PersonId
from chat.web.wire import Wire

ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})
Text = Annotated[Line, Field(max_length=300)]


class ClientInput(Input):
    """A client; `email` where enabling needs one."""

    client: PersonId
    email: Text | None = None


class ClientInfoInput(Input):
    """The Client Info tab; without `client` a new one."""

    client: PersonId | None = None
    version: int = 0
    name: Text
    born: Text | None = None
    email: Text | None = None
    phone: Text | None = None
    text_ok: bool = False
    time_zone: Text | None = None
    language: Text | None = None


class FindClientsInput(Input):
    """Words of a client's name, among the active or the inactive ones."""

    search: Annotated[Line, Field(max_length=200)] = ""
    active: bool = True
    before: PersonId | None = None


class AssignInput(Input):
    """A client and a therapist."""

    client: PersonId
    therapist: PersonId


class HandOverInput(Input):
    """Clients of one therapist go to another."""

    therapist: PersonId
    successor: PersonId
    history: bool = False
    clients: Annotated[list[PersonId], Field(max_length=10_000)] | None = None


def _hand_over(given: HandOverInput) -> assignments.HandOver:
    return assignments.HandOver(
        given.therapist, given.successor, given.history, None if given.clients is None else tuple(given.clients)
    )


def _named(given: ClientInput) -> clients.NamedClient:
    return clients.NamedClient(given.client, given.email)


def _pair(given: AssignInput) -> assignments.Assigned:
    return assignments.Assigned(given.client, given.therapist)


def _saved(wire: Wire, result: dict[str, int]) -> dict[str, Any]:
    return {"client": wire.person(result["client"])}


def client_row(wire: Wire, row: Any) -> dict[str, Any]:
    """A client for the wire."""
    view: dict[str, Any] = row | {
        "id": wire.person(row["id"]),
        "therapists": [one | {"id": wire.person(one["id"])} for one in row["therapists"]],
    }
    return view


def client_page(wire: Wire, found: tuple[list[questions.ClientRow], int | None]) -> dict[str, Any]:
    """A page of clients."""
    rows, following = found
    return {"clients": [client_row(wire, row) for row in rows], "next": wire.person(following) if following else None}


def _find(reading: Any, search: str, after: int | None, active: bool) -> Any:
    return questions.find_clients(reading, search, after, active=active)


COMMANDS = (
    Command(
        "enable_messaging", ClientInput, "Turn secure messaging on for a client.",
        action=clients.enable_messaging, build=_named, may=STAFF, letter=True,
    ),
    Command(
        "disable_messaging", ClientInput, "Turn secure messaging off for a client; history stays readable.",
        action=clients.disable_messaging, build=_named, may=STAFF,
    ),
    Command(
        "invite_client", ClientInput, "Mail a client a new invitation.",
        action=clients.invite_again, build=_named, may=STAFF, letter=True,
    ),
    Command(
        "save_client", ClientInfoInput, "Add a client, or change what is known of one.",
        action=clients.save_client, build=lambda given: clients.ClientInfo(**given.model_dump()), view=_saved, may=STAFF,
    ),
    Command(
        "find_clients", FindClientsInput, "Clients by name, active or inactive.",
        question=_find, build=lambda given: (given.search, given.before, given.active), view=client_page, may=STAFF,
    ),
    Command(
        "assign", AssignInput, "Let a therapist look after a client.",
        action=assignments.assign, build=_pair, may=ADMINISTRATORS,
    ),
    Command(
        "unassign", AssignInput, "Let a therapist no longer look after a client.",
        action=assignments.unassign, build=_pair, may=ADMINISTRATORS,
    ),
    Command(
        "hand_over", HandOverInput, "Move clients from one therapist to another, with or without history.",
        action=assignments.hand_over, build=_hand_over, may=ADMINISTRATORS,
    ),
)  # fmt: skip


async def client_list(request: Request) -> Response:
    """GET /api/clients: the first page of the active ones; `find_clients` does the rest."""
    desk, who = await unscoped(request)
    return Json(client_page(desk.wire, await desk.runtime.ask(questions.find_clients, who=who)))


async def client_view(request: Request) -> Response:
    """GET /api/clients/{id}"""
    desk, who = await unscoped(request)
    number = desk.wire.ids.inner("person", request.path_params["id"])
    if number is None:
        raise NotFound
    found = await desk.runtime.ask(questions.client, number, who=who)
    contacts = [one | {"id": desk.wire.person(one["id"])} for one in found["contacts"]]
    return Json(client_row(desk.wire, found) | {"contacts": contacts})


async def own_contacts(request: Request) -> Response:
    """GET /api/contacts: a client's own contacts."""
    desk, who = await unscoped(request)
    found = await desk.runtime.ask(questions.own_contacts, who=who)
    return Json({"contacts": [one | {"id": desk_of(request).wire.person(one["id"])} for one in found], "next": None})
