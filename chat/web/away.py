"""Away messages: one's own."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from chat.actions.away import SetAway, set_away
from chat.errors import NotFound
from chat.models.people import STAFF
from chat.queries.away import away
from chat.web.answers import Json
from chat.web.command import Command
from chat.web.desk import unscoped
from chat.web.inputs import Input, Line, Lines

Day = Annotated[Line, Field(max_length=10)]


class AwayInput(Input):
    """What clients are answered, from the first through the last day, as 2026-12-24; without a text nothing any more."""

    text: Lines
    first_day: Day = ""
    last_day: Day = ""


COMMANDS = (
    Command(
        "set_away",
        AwayInput,
        "Have clients who write answered once while one is away, or no longer.",
        action=set_away,
        build=lambda given: SetAway(given.text, given.first_day, given.last_day),
        may=STAFF,
    ),
)


async def away_view(request: Request) -> Response:
    """GET /api/away: one's own away message; null where there is none."""
    desk, who = await unscoped(request)
    if who.role not in STAFF:
        raise NotFound
    return Json({"away": await desk.runtime.ask(away, who=who)})
