"""Sign-in, sign-out, unlock: the doors that set or clear the session cookie."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Annotated

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from chat.actions import sessions
from chat.lib import passwords, words
from chat.queries.sessions import account, own_password_hash
from chat.transaction import Who
from chat.web.answers import DoorError, Json
from chat.web.command import Command
from chat.web.desk import Desk, address_of, desk_of, fields_of, signed_in
from chat.web.inputs import Input, Nothing, parse

# argon2 takes 64 MiB and a core for its time: two at once, the rest waits in line.
_HASHING = ThreadPoolExecutor(2, "argon2")
COMMANDS = (
    Command("active", Nothing, "Real input happened; sent at most once a minute.", action=sessions.keep_active, quick_link=True),
)
_WRONG = "The username or the password is not right."


class PasswordInput(Input):
    """A password, given again."""

    password: Annotated[str, Field(min_length=1, max_length=1_000)]


class SignInInput(Input):
    """A username and a password."""

    username: Annotated[str, Field(max_length=200)]
    password: Annotated[str, Field(max_length=1_000)]


async def sign_in(request: Request) -> Response:
    """Begin a session. Unknown names get the same answer, after the same time, as wrong passwords."""
    desk, address = desk_of(request), address_of(request)
    given: SignInInput = parse(SignInInput, await fields_of(request), desk.wire.ids)
    name = words.username(given.username)
    keys = (f"account:{name}", f"address:{address}")
    await desk.throttle.check(*keys)
    found = await desk.runtime.ask(account, name)
    if not await _matches(found.password_hash if found else None, given.password) or found is None:
        await desk.throttle.failed(*keys)
        failed = sessions.FailedSignIn(address, found.id if found else None, found.organization if found else None)
        await desk.runtime.perform(sessions.note_failed_sign_in, None, failed)
        raise DoorError(401, "signed_out", _WRONG)
    what = sessions.SignIn(found.id, address, request.headers.get("user-agent", ""))
    token = await desk.runtime.perform(sessions.sign_in, Who(found.id, found.organization, found.role, None, None, address), what)
    return _with_cookie(desk, Json({"id": desk.wire.person(found.id)}), token)


async def sign_out(request: Request) -> Response:
    """End the session and clear its cookie; its open sockets close."""
    desk = desk_of(request)
    session = await signed_in(request, locked_too=True)
    parse(Nothing, await fields_of(request), desk.wire.ids)
    await desk.runtime.perform(sessions.sign_out, session.who)
    desk.runtime.live.end_session(session.who.session or 0, "signed_out")
    response = Json({})
    response.delete_cookie(desk.cookie, path="/", secure=desk.settings.secure, httponly=True, samesite="lax")
    # Whatever the browser kept of these pages goes with the session.
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


async def unlock(request: Request) -> Response:
    """Go on after the idle lock: the password alone is enough."""
    desk, session = desk_of(request), await signed_in(request, locked_too=True)
    given: PasswordInput = parse(PasswordInput, await fields_of(request), desk.wire.ids)
    key = f"session:{session.who.session}"
    await desk.throttle.check(key)
    if not await _matches(await desk.runtime.ask(own_password_hash, who=session.who), given.password):
        await desk.throttle.failed(key)
        raise DoorError(401, "signed_out", "The password is not right.")
    await desk.runtime.perform(sessions.unlock, session.who)
    return Json({})


async def _matches(stored: str | None, password: str) -> bool:
    return await asyncio.get_running_loop().run_in_executor(_HASHING, passwords.matches, stored, password)


def _with_cookie(desk: Desk, response: Response, token: str) -> Response:
    response.set_cookie(desk.cookie, token, path="/", secure=desk.settings.secure, httponly=True, samesite="lax")
    return response
