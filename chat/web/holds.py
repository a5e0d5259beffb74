"""Holds on a client's record: set, lifted and listed."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from chat.actions import holds
from chat.errors import NotFound
from chat.models.people import Role
from chat.queries import holds as questions
from chat.web.answers import Json
from chat.web.command import Command
from chat.web.desk import unscoped
from chat.web.inputs import Input, Lines, PersonId

ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})


class HoldInput(Input):
    """A client, and why."""

    client: PersonId
    reason: Annotated[Lines, Field(max_length=2_000)]


def _held(given: HoldInput) -> holds.HeldClient:
    return holds.HeldClient(given.client, given.reason)


COMMANDS = (
    Command(
        "set_hold", HoldInput, "Put a client's record on hold: nothing of it is erased while that lasts.",
        action=holds.set_hold, build=_held, may=ADMINISTRATORS,
    ),
    Command(
        "lift_hold", HoldInput, "Lift the hold on a client's record.",
        action=holds.lift_hold, build=_held, may=ADMINISTRATORS,
    ),
)  # fmt: skip


async def hold_list(request: Request) -> Response:
    """GET /api/clients/{id}/holds: the newest first, for those who look after the client."""
    desk, who = await unscoped(request)
    number = desk.wire.ids.inner("person", request.path_params["id"])
    if number is None:
        raise NotFound
    return Json({"holds": await desk.runtime.ask(questions.holds, number, who=who)})
