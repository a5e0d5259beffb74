"""Contacts: a client's own."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from chat.actions import contacts
from chat.models.people import Role
from chat.web.command import Command
from chat.web.inputs import Input, Line, PersonId
from chat.web.wire import Wire

CLIENTS = frozenset({Role.CLIENT})
Text = Annotated[Line, Field(max_length=300)]


class AddContactInput(Input):
    """Somebody whom one may Cc from now on."""

    name: Text
    relation: Text = ""
    email: Text


class SaveContactInput(AddContactInput):
    """A contact as it is to be; `version` is the one that was on screen."""

    contact: PersonId
    version: int


class ContactInput(Input):
    """One of one's own contacts."""

    contact: PersonId


def _saved(wire: Wire, result: dict[str, int]) -> dict[str, Any]:
    return {"contact": wire.person(result["contact"])}


def _contact(given: AddContactInput) -> contacts.Contact:
    return contacts.Contact(**given.model_dump())


COMMANDS = (
    Command(
        "add_contact", AddContactInput, "Add somebody whom one may Cc.",
        action=contacts.save_contact, build=_contact, view=_saved, may=CLIENTS,
    ),
    Command(
        "save_contact", SaveContactInput, "Change a contact.",
        action=contacts.save_contact, build=_contact, view=_saved, may=CLIENTS,
    ),
    Command(
        "remove_contact", ContactInput, "Remove a contact; no later message reaches them.",
        action=contacts.remove_contact, build=lambda given: contacts.NamedContact(given.contact), may=CLIENTS,
    ),
)  # fmt: skip
