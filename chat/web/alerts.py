"""Alerts: their state for staff, choosing which ones one wants, and the link that stops them."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from chat.actions import subscriptions
from chat.errors import NotFound
from chat.lib import clock
from chat.lib.clock import DAY, SECOND
from chat.queries import alerts as questions
from chat.queries import watches
from chat.transaction import Who
from chat.web.answers import DoorError, Json
from chat.web.command import Command
from chat.web.desk import desk_of, unscoped
from chat.web.inputs import Input, PersonId
from chat.web.rendered import rendered
from chat.web.wire import Wire

PURPOSE, LIFE = "unsubscribe", 400 * DAY // SECOND


class SaveAlertsInput(Input):
    """Which alert emails: usual, each or none; of a client, by staff, or one's own."""

    email: Annotated[str, Field(max_length=20)]
    client: PersonId | None = None


COMMANDS = (
    Command(
        "save_alerts",
        SaveAlertsInput,
        "Choose which alert emails one wants; staff choose for a client.",
        action=subscriptions.choose_alerts,
        build=lambda given: subscriptions.ChooseAlerts(given.email, given.client),
    ),
)


async def alert_list(request: Request) -> Response:
    """GET /api/alerts?conversation=&before=: for staff, what became of the alerts of a conversation's messages.

    Without a conversation: those to one's clients that came to nothing or are tried again.
    """
    desk, who = await unscoped(request)
    if "conversation" not in request.query_params:
        return await _troubled(request)
    number = desk.wire.ids.inner("conversation", request.query_params["conversation"])
    before = request.query_params.get("before")
    if number is None:
        raise NotFound
    if before is not None and not (before.isascii() and before.isdigit() and len(before) <= 15):
        raise DoorError(400, "invalid", "“before” is the `next` of the page before.")
    found, following = await desk.runtime.ask(questions.alerts, number, int(before) if before else None, who=who)
    rows = [one | {"person": desk.wire.person(one["person"])} for one in found]
    return Json({"alerts": rows, "next": str(following) if following else None, "now": clock.now()})


async def _troubled(request: Request) -> Response:
    desk, who = await unscoped(request)
    word = request.query_params.get("before")
    before = desk.wire.ids.inner("alert", word) if word is not None else None
    if word is not None and before is None:
        raise DoorError(400, "invalid", "“before” is the `next` of the page before.")
    found, following = await desk.runtime.ask(questions.troubled, before, who=who)
    rows = [_listed(desk.wire, one) for one in found]
    unread = await desk.runtime.ask(watches.own_not_read, who=who) if before is None else []
    not_read = [
        one | {"conversation": desk.wire.conversation_id(one["conversation"]), "client": desk.wire.person(one["client"])}
        for one in unread
    ]
    following_id = desk.wire.ids.outer("alert", following) if following else None
    return Json({"alerts": rows, "next": following_id, "not_read": not_read})


async def client_alerts(request: Request) -> Response:
    """GET /api/clients/{id}/alerts: for staff, the newest alerts to a client and their contacts."""
    desk, who = await unscoped(request)
    number = desk.wire.ids.inner("person", request.path_params["id"])
    if number is None:
        raise NotFound
    found = await desk.runtime.ask(questions.of_client, number, who=who)
    return Json({"alerts": [_listed(desk.wire, one) for one in found], "next": None})


def _listed(wire: Wire, one: questions.ListedAlert) -> dict[str, object]:
    return one | {"id": wire.ids.outer("alert", one["id"]), "client": wire.person(one["client"])}


async def unsubscribe_page(request: Request) -> Response:
    """GET /unsubscribe?t=: asks; scanners that follow links stop nothing."""
    who = await _recipient(request)
    here = f"/unsubscribe?t={quote(request.query_params.get('t', ''))}"
    return rendered("unsubscribe.html", 200 if who else 410, practice="", state="asked" if who else "over", here=here)


async def unsubscribe(request: Request) -> Response:
    """POST /unsubscribe?t=: the page's button, or a mail program's one click (RFC 8058), which comes from elsewhere."""
    who = await _recipient(request)
    if who is not None:
        await desk_of(request).runtime.perform(subscriptions.unsubscribe, None, who)
    return rendered("unsubscribe.html", 200 if who else 410, practice="", state="done" if who else "over", here="")


async def _recipient(request: Request) -> Who | None:
    """Whose mail the link stood in; None for a link that is not ours or too old."""
    desk = desk_of(request)
    word, young = desk.signer.read(PURPOSE, request.query_params.get("t", ""), LIFE) or ("", False)
    number = desk.wire.ids.inner("person", word) if young else None
    return await desk.runtime.ask(questions.recipient, number) if number is not None else None
