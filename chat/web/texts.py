"""Text messages of a client, for staff."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from chat.errors import NotFound
from chat.queries.texts import texts
from chat.web.answers import Json
from chat.web.desk import unscoped


async def client_texts(request: Request) -> Response:
    """GET /api/clients/{id}/texts: whether texts leave, why not, and who recorded what of the consent."""
    desk, who = await unscoped(request)
    number = desk.wire.ids.inner("person", request.path_params["id"])
    if number is None:
        raise NotFound
    found = await desk.runtime.ask(texts, number, who=who)
    return Json({"available": desk.runtime.policy.texts} | found)
