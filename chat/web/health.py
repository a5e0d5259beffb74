"""Whether the process lives, and whether it can serve."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from chat.migrations import standing
from chat.queries.figures import outbox_figures
from chat.queries.installation import revision
from chat.runtime import Unavailable
from chat.transaction import Reading
from chat.web.answers import Json, error_view
from chat.web.desk import desk_of


def look(reading: Reading) -> tuple[str, float]:
    """The database answers: its migration, and seconds for which the oldest alert has been due."""
    return revision(reading), outbox_figures(reading)[2]


async def healthz(_: Request) -> Response:
    """GET /healthz: the process lives."""
    return Json({"healthy": True})


async def readyz(request: Request) -> Response:
    """GET /readyz: whether people may be sent here, and how each part stands. Without Redis they may: the sweep delivers."""
    desk = desk_of(request)
    ring = desk.runtime.keys.ring
    view: dict[str, Any] = {"ready": False, "database": False, "migrations": None, "oldest_alert_seconds": None}
    view |= {"redis": desk.redis(), "keys": ring.names, "writes": ring.current}
    try:
        found, oldest = await desk.runtime.ask(look)
    except Unavailable as error:
        return Json(view | {"error": error_view(error)[1]}, 503, {"Retry-After": "1"})
    ready = standing(found) != "behind"
    view |= {"ready": ready, "database": True, "migrations": standing(found), "oldest_alert_seconds": oldest}
    return Json(view, 200 if ready else 503, None if ready else {"Retry-After": "1"})
