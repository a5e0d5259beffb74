"""The practice's settings."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from chat.actions import organizations
from chat.models.people import Role
from chat.queries.organizations import practice
from chat.web.answers import Json
from chat.web.command import Command
from chat.web.desk import unscoped
from chat.web.inputs import Input, Line, Lines


class PracticeInput(Input):
    """All of the Practice page, and the version that was on screen."""

    version: int
    name: Line
    mail_name: Line
    time_zone: Line
    messaging_enabled: bool
    emergency_text: Annotated[Lines, Field(max_length=500)]
    idle_minutes: int
    second_factor_required: bool
    attachments_allowed: bool
    deletion_allowed: bool
    retention_years: int


COMMANDS = (
    Command(
        "save_organization",
        PracticeInput,
        "Change the practice's settings.",
        action=organizations.save_organization,
        build=lambda given: organizations.Practice(**given.model_dump()),
        may=frozenset({Role.ADMINISTRATOR}),
    ),
)


async def practice_view(request: Request) -> Response:
    """GET /api/organization: all settings, for administrators."""
    desk, who = await unscoped(request)
    found = await desk.runtime.ask(practice, who=who)
    return Json(found | {"id": desk.wire.ids.outer("organization", found["id"])})
