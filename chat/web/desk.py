"""What every door of a process shares, and how a request becomes a `Who`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from itsdangerous import URLSafeTimedSerializer
from starlette.requests import HTTPConnection, Request

from chat.errors import NotFound
from chat.lib import clock, json
from chat.lib.blobs import Storage
from chat.lib.sentences import Sentence
from chat.lib.signing import Signer
from chat.printing import Printer
from chat.queries.sessions import SignedIn, session_of
from chat.runtime import Runtime
from chat.settings import Settings
from chat.transaction import Who
from chat.web.answers import LOCKED, SIGNED_OUT, DoorError
from chat.web.pace import Paces
from chat.web.throttle import Throttle
from chat.web.wire import Wire

#: What a session may do that still lacks the second factor that its practice requires.
RESTRICTED = frozenset({"/api/me", "/api/start_totp", "/api/confirm_totp", "/api/sign_out", "/api/active", "/api/unlock"})
BODY = 64 * 1024


@dataclass
class Desk:
    """One process's services, kept on the application's state."""

    settings: Settings
    runtime: Runtime
    wire: Wire
    throttle: Throttle
    paces: Paces
    version: str
    pending: URLSafeTimedSerializer  # a sign-in between password and code
    blobs: Storage
    signer: Signer
    push_key: str = ""  # what browsers subscribe with
    setup_token: str = ""  # for the first administrator; of no use once there is one
    redis: Callable[[], bool | None] = lambda: None  # whether it answers; None where there is none
    printer: Printer = field(default_factory=Printer)
    exporting: set[int] = field(default_factory=set)  # whose messages are being exported

    @property
    def cookie(self) -> str:
        """The session cookie's name: bound to host and https where there is https."""
        return "__Host-session" if self.settings.secure else "session"


def desk_of(connection: HTTPConnection) -> Desk:
    """The services of the process that serves this connection."""
    desk: Desk = connection.app.state.desk
    return desk


def address_of(connection: HTTPConnection) -> str:
    """The client's address, as the server (and only a trusted proxy) tells it."""
    return connection.client.host if connection.client else ""


async def signed_in(connection: HTTPConnection, *, locked_too: bool = False) -> SignedIn:
    """The session of a request; DoorError 401 without one, 423 while it is locked."""
    desk = desk_of(connection)
    token = connection.cookies.get(desk.cookie)
    session = await desk.runtime.ask(session_of, token, address_of(connection)) if token else None
    if session is None:
        raise DoorError(*SIGNED_OUT)
    if session.restricted and connection.url.path not in RESTRICTED:
        raise DoorError(403, "second_factor", "Your practice asks for a second factor. Set it up first.")
    if not locked_too and session.locks_at <= clock.now():
        raise DoorError(*LOCKED)
    return session


async def unscoped(connection: HTTPConnection) -> tuple[Desk, Who]:
    """Who asks, for all that a quick link's session has no part in; NotFound for such a one."""
    who = (await signed_in(connection)).who
    if who.scope is not None:
        raise NotFound
    return desk_of(connection), who


async def fields_of(request: Request, limit: int = BODY) -> dict[str, Any]:
    """The JSON object in a request's body; DoorError for anything else, and for more than `limit` bytes."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise DoorError(415, "invalid", "Send JSON, with the header Content-Type: application/json.")
    return parsed(await body_of(request, limit))


async def body_of(request: Request, limit: int = BODY) -> bytes:
    """A request's body; DoorError for more than `limit` bytes."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise DoorError(413, "too_large", Sentence("This is larger than {most} KiB.", most=limit // 1024))
    return bytes(body)


def parsed(raw: bytes | str) -> dict[str, Any]:
    """A JSON object; DoorError 400 with a sentence for anything else."""
    try:
        value = json.decode(raw)
    except ValueError as error:
        raise DoorError(400, "invalid", str(error)) from error
    if not isinstance(value, dict):
        raise DoorError(400, "invalid", "Send a JSON object.")
    return value
