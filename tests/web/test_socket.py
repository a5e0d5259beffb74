"""One socket without the short way, as another server would give it."""

import asyncio
import json

import pytest

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
