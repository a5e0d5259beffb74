"""A device that writes down whatever it sends, and that may be told to wait before it comes back."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2

from tests.faults.history import Attempt, History
from tests.journeys.device import BUSY, Device, Json, RefusedError, kept

PAUSE = 0.1
PATIENCE = 60.0  # a part may be frozen for half of that
ACTIVE = 60.0  # seconds after which a page says again that somebody types


class Sender(Device):
    """One browser of one person. `careful`: after a loss it stays away until `online` is set, so that one can look meanwhile."""

    patience = PATIENCE

    def __init__(self, username: str, port: int, history: History) -> None:
        super().__init__(username, port)
        self.history = history
        self.careful = False
        self.forgotten: set[str] = set()
        self.busy: list[str] = []  # what was said to put it off
        self._typed = time.monotonic()

    async def say(self, command: str = "send_message", *, copies: int = 1, length: int = 0, **fields: Any) -> Attempt:
        """Send something under a key of its own; returns when it is answered, or given up after a while."""
        await self._type()
        attempt = self.history.begin(self.username, copies=copies, length=length)
        with contextlib.suppress(RefusedError, TimeoutError):
            await self.do(command, attempt.key, body=attempt.body, **fields)
        return attempt

    async def post(self, **fields: Any) -> Attempt:
        """Send a message through the other door, again and again under one key until there is an answer."""
        await self._type()
        attempt = self.history.begin(self.username)
        while attempt.key not in self.forgotten:
            await self.online.wait()
            try:
                answer = await self.http.post("/api/send_message", json={"key": attempt.key, "body": attempt.body, **fields})
            except httpx2.TransportError:
                self._went()
                await asyncio.sleep(PAUSE)
                continue
            if answer.status_code == 200:
                self.history.done(attempt.key, answer.json())
                break
            if answer.status_code not in {429, 503}:
                self.history.refused(attempt.key, answer.text)
                break
            self.busy.append(answer.json()["error"]["message"])
            await asyncio.sleep(PAUSE)
        return attempt

    async def _type(self) -> None:
        """Say now and then that somebody types, as a page does: in a long campaign the session would lock."""
        if time.monotonic() - self._typed > ACTIVE:
            self._typed = time.monotonic()
            with contextlib.suppress(httpx2.TransportError):
                await self.http.post("/api/active")

    def forget(self) -> None:
        """The tab is closed on what is unconfirmed: nobody repeats it any more."""
        self.forgotten |= self.unconfirmed.keys()
        for key in list(self.unconfirmed):
            self._settle(key, RefusedError({"code": "forgotten", "message": "The tab was closed."}))

    async def get(self, path: str) -> Json:
        """A read, repeated while the server is away."""
        until = time.monotonic() + PATIENCE
        while True:
            with contextlib.suppress(httpx2.TransportError):
                answer = await self.http.get(path)
                if answer.status_code != 503:
                    assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text}"
                    return dict(answer.json())
            assert time.monotonic() < until, f"{path} was not answered"
            await asyncio.sleep(PAUSE)

    async def reloaded(self) -> Sender:
        """The same browser after a reload: it knows only what the server says now."""
        fresh = Sender(self.username, self.port, self.history)
        await fresh.http.aclose()
        fresh.http = self.http
        await fresh.load()
        fresh.unread = (await fresh.get("/api/me"))["unread"]
        return fresh

    def _went(self) -> None:
        if self.careful:
            self.online.clear()

    async def _live(self) -> None:
        try:
            await super()._live()
        finally:
            self._went()

    async def _refused(self, frame: Json) -> None:
        if frame["error"]["code"] in BUSY:
            self.busy.append(frame["error"]["message"])
        await super()._refused(frame)

    def _settle(self, key: str | None, answer: Json | RefusedError) -> None:
        if isinstance(answer, RefusedError):
            if answer.error["code"] != "forgotten":
                self.history.refused(key or "", str(answer))
        else:
            self.history.done(key or "", answer)
        super()._settle(key, answer)


@asynccontextmanager
async def sender(username: str, port: int, history: History) -> AsyncIterator[Sender]:
    """Somebody's browser, signed in, connected and loaded, until the block ends."""
    one = Sender(username, port, history)
    async with one.http:
        await one.sign_in()
        async with kept(one):
            yield one
