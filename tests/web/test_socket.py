"""One socket without the short way, as another server would give it."""

import asyncio
import json
from typing import Any

import pytest

from chat.transaction import Who
from chat.web import socket as sockets
from chat.web.command import Command
from chat.web.commands import answered
from chat.web.desk import Desk
from tests.web.doors import Doors


async def test_a_session_that_ends_while_a_command_is_under_way_leaves_nothing_open(
    doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    runtime = doors.desk.runtime
    begun = asyncio.Event()
    monkeypatch.setattr(runtime, "submit", lambda *_: begun.set())  # and it is never answered
    cookie = await doors.sign_in("dana")
    async with doors.socket(cookie) as socket:
        assert "hello" in await socket.hear()
        await socket.say(json.dumps({"do": "active", "key": "k"}))
        await asyncio.wait_for(begun.wait(), 10)
        for listener in runtime.live.listeners:
            listener.end("revoked")
        assert await socket.hear() == {"ended": "revoked"}
        assert (await socket.hear())["code"] == 4401
    assert runtime.live.listeners == []


async def test_what_was_looked_up_before_the_session_locked_does_not_come_after_it(
    doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, released = asyncio.Event(), asyncio.Event()

    async def slowly(desk: Desk, who: Who, command: Command, what: Any) -> Any:
        begun.set()
        await released.wait()
        return await answered(desk, who, command, what)

    monkeypatch.setattr(sockets, "answered", slowly)
    cookie = await doors.sign_in("ben")
    async with doors.socket(cookie) as socket:
        assert "hello" in await socket.hear()
        await socket.say(json.dumps({"do": "find_people", "key": "k", "search": "Dana"}))
        await asyncio.wait_for(begun.wait(), 10)
        for listener in doors.desk.runtime.live.listeners:
            listener.lock()
        assert await socket.hear() == {"locked": True}
        released.set()
        refused = await socket.hear()
        assert (refused["refused"], refused["error"]["code"]) == ("k", "locked")
