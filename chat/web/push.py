"""Push messages: the key that a browser subscribes with, and switching them on and off."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from chat.actions import push
from chat.web.answers import Json
from chat.web.command import Command
from chat.web.desk import unscoped
from chat.web.inputs import Input

Short = Annotated[str, Field(max_length=200)]


class ForgetPushInput(Input):
    """A subscription, by its address."""

    endpoint: Annotated[str, Field(max_length=1_000)]


class SavePushInput(ForgetPushInput):
    """A subscription as the browser has it."""

    p256dh: Short
    auth: Short


COMMANDS = (
    Command(
        "save_push",
        SavePushInput,
        "Get push messages in this browser, without content, as long as its session lasts.",
        action=push.save_push,
        build=lambda given: push.SavePush(given.endpoint, given.p256dh, given.auth),
    ),
    Command(
        "forget_push",
        ForgetPushInput,
        "Get no more push messages in this browser.",
        action=push.forget_push,
        build=lambda given: push.ForgetPush(given.endpoint),
    ),
)


async def push_key(request: Request) -> Response:
    """GET /api/push: the public key that a browser subscribes with; null where there are no pushes."""
    desk, _ = await unscoped(request)
    return Json({"key": desk.push_key if desk.runtime.policy.push_hosts else None})
