"""Ways to a password: changing it, asking for a link, and using one. Hashing is done here, in its own threads."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Annotated

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from chat.actions import invitations
from chat.actions.passwords import NewPassword, change_password
from chat.errors import CoreError
from chat.lib import passwords
from chat.lib.languages import ENGLISH
from chat.queries.sessions import own_password_hash
from chat.web.answers import DoorError, Json
from chat.web.desk import address_of, desk_of, fields_of, unscoped
from chat.web.inputs import Input, Line, parse
from chat.web.languages import language

# argon2 takes 64 MiB and a core for its time: two at once, the rest waits in line.
_HASHING = ThreadPoolExecutor(2, "argon2")
Password = Annotated[str, Field(min_length=1, max_length=1_000)]


class ChangeInput(Input):
    """The password that holds, and the one that shall."""

    old: Password
    new: Password


class LinkInput(Input):
    """The token of a link that came by mail."""

    token: Annotated[str, Field(max_length=200)]


class AcceptInput(LinkInput):
    """What was chosen with an invitation."""

    username: Annotated[Line, Field(max_length=200)]
    password: Password


class ResetInput(LinkInput):
    """What was chosen with a reset."""

    password: Password


class ForgotInput(Input):
    """An email address or a username."""

    name: Annotated[Line, Field(max_length=300)]


async def matches(stored: str | None, password: str) -> bool:
    """Whether a password is right, found out in a slow thread."""
    return await asyncio.get_running_loop().run_in_executor(_HASHING, passwords.matches, stored, password)


async def hashed(password: str) -> str:
    """The hash of a password, made in a slow thread."""
    return await asyncio.get_running_loop().run_in_executor(_HASHING, passwords.hashed, password)


async def change(request: Request) -> Response:
    """POST /api/change_password: other sessions of the person end."""
    desk, who = await unscoped(request)
    given: ChangeInput = parse(ChangeInput, await fields_of(request), desk.wire.ids)
    key = f"session:{who.session}"
    await desk.throttle.check(key)
    if not await matches(await desk.runtime.ask(own_password_hash, who=who), given.old):
        await desk.throttle.failed(key)
        raise DoorError(403, "refused", "The old password is not right.")
    invitations.check_password(given.new)
    await desk.runtime.perform(change_password, who, NewPassword(await hashed(given.new)))
    return Json({})


async def look(request: Request) -> Response:
    """POST /api/look_at_link: what a link is for, before anything is chosen with it."""
    desk, address = desk_of(request), address_of(request)
    desk.paces.links.look(address)
    given: LinkInput = parse(LinkInput, await fields_of(request), desk.wire.ids)
    try:
        return Json(await desk.runtime.ask(invitations.look_at, given.token))
    except CoreError:
        desk.paces.links.take(address)
        raise


async def accept(request: Request) -> Response:
    """POST /api/accept_invitation and /api/reset_password: choose a password, once."""
    desk, address = desk_of(request), address_of(request)
    desk.paces.links.look(address)
    model = AcceptInput if request.url.path.endswith("accept_invitation") else ResetInput
    given = parse(model, await fields_of(request), desk.wire.ids)
    username = getattr(given, "username", None)
    invitations.check_password(given.password, username or "")
    # A guess is answered before 64 MiB and a core are spent on it.
    try:
        await desk.runtime.ask(invitations.look_at, given.token)
    except CoreError:
        desk.paces.links.take(address)
        raise
    own = None if language() == ENGLISH else language()
    chosen = invitations.Accept(given.token, await hashed(given.password), username, own)
    await desk.runtime.perform(invitations.accept, None, chosen)
    return Json({})


async def forgot(request: Request) -> Response:
    """POST /api/request_password_reset: the same answer for everybody."""
    desk, address = desk_of(request), address_of(request)
    given: ForgotInput = parse(ForgotInput, await fields_of(request), desk.wire.ids)
    keys = (f"forgot:{address}", f"forgot:{given.name.casefold()}")
    await desk.throttle.check(*keys)
    await desk.throttle.failed(*keys)
    await desk.runtime.perform(invitations.request_password, None, invitations.Forgot(given.name, address))
    return Json({})
