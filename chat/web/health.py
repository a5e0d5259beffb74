"""Whether the process lives, and whether it can serve."""

from __future__ import annotations

from sqlalchemy import select, text
from starlette.requests import Request
from starlette.responses import Response

from chat.lib.sql import Statement
from chat.transaction import Reading
from chat.web.answers import Json
from chat.web.desk import desk_of

PING = Statement(lambda _: select(text("1")))


def ping(reading: Reading) -> bool:
    """The database answers."""
    return bool(reading.rows(PING))


async def healthz(_: Request) -> Response:
    """GET /healthz: the process lives."""
    return Json({"healthy": True})


async def readyz(request: Request) -> Response:
    """GET /readyz: the database answers, and which keys this process holds."""
    desk = desk_of(request)
    ready = await desk.runtime.ask(ping)
    return Json({"ready": ready, "keys": desk.runtime.keys.ring.names}, 200 if ready else 503)
