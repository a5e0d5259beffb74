"""Sign-in, sign-out, unlock: the doors that set or clear the session cookie."""

from __future__ import annotations

from typing import Annotated

from itsdangerous import BadData
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from chat.actions import sessions
from chat.actions.totp import Code, check_code
from chat.errors import Invalid
from chat.lib import words
from chat.lib.sentences import Sentence
from chat.queries.sessions import account, has_second_factor, own_password_hash, own_sessions
from chat.web.answers import DoorError, Json
from chat.web.command import Command
from chat.web.desk import Desk, address_of, desk_of, fields_of, signed_in, unscoped
from chat.web.inputs import Input, Line, Nothing, SessionId, parse
from chat.web.passwords import matches
from chat.web.totp import CodeInput

PENDING = 300  # seconds between password and code
_WRONG = Sentence("The username or the password is not right.")


class PasswordInput(Input):
    """A password, given again."""

    password: Annotated[str, Field(min_length=1, max_length=1_000)]


class SignInInput(Input):
    """A username and a password."""

    username: Annotated[Line, Field(max_length=200)]
    password: Annotated[str, Field(max_length=1_000)]


class EndSessionInput(Input):
    """One of one's own sessions."""

    session: SessionId


COMMANDS = (
    Command("active", Nothing, "Real input happened; sent at most once a minute.", action=sessions.keep_active, quick_link=True),
    Command(
        "end_session",
        EndSessionInput,
        "End one of one's own sessions.",
        action=sessions.end_session,
        build=lambda given: sessions.NamedSession(given.session),
    ),
)


async def sign_in(request: Request) -> Response:
    """Begin a session. Unknown names get the same answer, after the same time, as wrong passwords."""
    desk, address = desk_of(request), address_of(request)
    given: SignInInput = parse(SignInInput, await fields_of(request), desk.wire.ids)
    name = words.username(given.username)
    keys = (f"account:{name}", f"address:{address}")
    await desk.throttle.check(*keys)
    found = await desk.runtime.ask(account, name)
    if not await matches(found.password_hash if found else None, given.password) or found is None:
        await desk.throttle.failed(*keys)
        failed = sessions.FailedSignIn(address, found.id if found else None, found.organization if found else None)
        await desk.runtime.perform(sessions.note_failed_sign_in, None, failed)
        raise DoorError(401, "signed_out", _WRONG)
    if await desk.runtime.ask(has_second_factor, found.id):
        response = Json({"second_factor": True}, 202)
        _set_cookie(desk, response, desk.cookie + "-pending", desk.pending.dumps(found.id), max_age=PENDING)
        return response
    return await begin(request, found.id)


async def confirm_sign_in(request: Request) -> Response:
    """The second step: a code after the password."""
    desk = desk_of(request)
    given: CodeInput = parse(CodeInput, await fields_of(request), desk.wire.ids)
    person = _pending(desk, request)
    key = f"code:{person}"
    await desk.throttle.check(key)
    try:
        await desk.runtime.perform(check_code, None, Code(given.code, person))
    except Invalid:
        await desk.throttle.failed(key)
        raise
    response = await begin(request, person)
    response.delete_cookie(desk.cookie + "-pending", path="/", secure=desk.settings.secure, httponly=True, samesite="lax")
    return response


def _pending(desk: Desk, request: Request) -> int:
    try:
        return int(desk.pending.loads(request.cookies.get(desk.cookie + "-pending", ""), max_age=PENDING))
    except BadData as error:
        raise DoorError(401, "signed_out", "Please begin again with username and password.") from error


async def begin(request: Request, person: int) -> Response:
    """Sign somebody in who proved who they are."""
    desk = desk_of(request)
    what = sessions.SignIn(person, address_of(request), request.headers.get("user-agent", ""))
    token = await desk.runtime.perform(sessions.sign_in, None, what)
    response = Json({"id": desk.wire.person(person)})
    _set_cookie(desk, response, desk.cookie, token)
    return response


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
    if not await matches(await desk.runtime.ask(own_password_hash, who=session.who), given.password):
        await desk.throttle.failed(key)
        raise DoorError(401, "signed_out", "The password is not right.")
    await desk.runtime.perform(sessions.unlock, session.who)
    return Json({})


async def session_list(request: Request) -> Response:
    """GET /api/sessions: one's own."""
    desk, who = await unscoped(request)
    found = await desk.runtime.ask(own_sessions, who=who)
    return Json({"sessions": [one | {"id": desk.wire.ids.outer("session", one["id"])} for one in found], "next": None})


def _set_cookie(desk: Desk, response: Response, name: str, value: str, max_age: int | None = None) -> None:
    response.set_cookie(name, value, max_age=max_age, path="/", secure=desk.settings.secure, httponly=True, samesite="lax")
