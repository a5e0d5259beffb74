"""Staff: the team as administrators run it."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from chat.actions import staff, standing
from chat.models.people import STAFF, Role
from chat.queries.staff import team
from chat.web.answers import Json
from chat.web.command import Command
from chat.web.desk import unscoped
from chat.web.inputs import Input, Line, PersonId
from chat.web.wire import Wire

ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})
StaffRole = Annotated[str, Field(pattern="^(administrator|therapist)$")]


class InviteInput(Input):
    """Somebody to invite into the team."""

    name: Annotated[Line, Field(max_length=300)]
    email: Annotated[Line, Field(max_length=300)]
    role: StaffRole


class PersonInput(Input):
    """A person."""

    person: PersonId


class RoleInput(PersonInput):
    """A member of the team, and what they may do from now on."""

    role: StaffRole
    version: int


class DeactivateInput(PersonInput):
    """Who is out, and who takes over."""

    successor: PersonId | None = None
    history: bool = False


def _named(given: PersonInput) -> staff.NamedStaff:
    return staff.NamedStaff(given.person)


def _new(given: InviteInput) -> staff.NewStaff:
    return staff.NewStaff(given.name, given.email, given.role)


def _added(wire: Wire, result: dict[str, int]) -> dict[str, Any]:
    return {"person": wire.person(result["person"])}


COMMANDS = (
    Command(
        "invite", InviteInput, "Invite somebody into the team by email.",
        action=staff.invite_staff, build=_new, view=_added, may=ADMINISTRATORS, letter=True,
    ),
    Command(
        "invite_staff_again", PersonInput, "Mail a member of the team a new invitation.",
        action=staff.invite_again, build=_named, may=ADMINISTRATORS, letter=True,
    ),
    Command(
        "set_role", RoleInput, "Make a member of the team administrator or therapist.",
        action=staff.set_role, build=lambda given: staff.SetRole(given.person, given.role, given.version), may=ADMINISTRATORS,
    ),
    Command(
        "add_to_portal", PersonInput, "Let a member of the team and clients write to each other.",
        action=staff.add_to_portal, build=_named, may=ADMINISTRATORS,
    ),
    Command(
        "remove_from_portal", PersonInput, "Let a member of the team and clients no longer write to each other.",
        action=staff.remove_from_portal, build=_named, may=ADMINISTRATORS,
    ),
    Command(
        "activate", PersonInput, "Make a client or a member of the team active again.",
        action=standing.activate, build=_named, may=STAFF,
    ),
    Command(
        "deactivate", DeactivateInput, "Make a client inactive, or put a member of the team out at once.",
        action=standing.deactivate, build=lambda given: staff.Deactivate(given.person, given.successor, given.history), may=STAFF,
    ),
)  # fmt: skip


async def staff_list(request: Request) -> Response:
    """GET /api/staff: the team, for administrators."""
    desk, who = await unscoped(request)
    found = await desk.runtime.ask(team, who=who)
    return Json({"staff": [one | {"id": desk.wire.person(one["id"])} for one in found], "next": None})
