"""Setting up an empty installation, by a one-time address that is printed at its start. For staff alone."""

from __future__ import annotations

import hmac
from typing import Annotated

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from chat.actions.invitations import check_password
from chat.actions.setup import SetUp, needed, set_up
from chat.web.answers import DoorError, Json
from chat.web.desk import address_of, desk_of, fields_of
from chat.web.inputs import Input, Line, parse
from chat.web.passwords import Password, hashed
from chat.web.sessions import begin

Text = Annotated[Line, Field(max_length=300)]


class SetUpInput(Input):
    """The practice and its first administrator."""

    token: Annotated[str, Field(max_length=200)]
    organization: Text
    time_zone: Text
    name: Text
    username: Text
    password: Password
    email: Text | None = None
    messaging: bool = False


async def is_needed(request: Request) -> Response:
    """GET /api/setup: whether this installation waits for its first administrator."""
    return Json({"needed": await desk_of(request).runtime.ask(needed)})


async def set_up_practice(request: Request) -> Response:
    """POST /api/set_up: found the practice, and sign its administrator in."""
    desk, address = desk_of(request), address_of(request)
    key = f"setup:{address}"
    await desk.throttle.check(key)
    given: SetUpInput = parse(SetUpInput, await fields_of(request), desk.wire.ids)
    if not hmac.compare_digest(given.token.encode(), desk.setup_token.encode()):
        await desk.throttle.failed(key)
        raise DoorError(403, "refused", "This set-up address is not right. Take the one that the server printed at its start.")
    check_password(given.password, given.username)
    fields = given.model_dump(exclude={"token", "password"})
    result = await desk.runtime.perform(set_up, None, SetUp(**fields, password_hash=await hashed(given.password)))
    return await begin(request, result["person"])
