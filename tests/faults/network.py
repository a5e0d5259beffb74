"""What networks do: between the devices and the server, and between the server and its database."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from urllib.parse import urlsplit

from tests.faults.campaign import APART, EMBEDDED, Kind, Stage
from tests.faults.checker import Findings
from tests.faults.proxy import HOST, Proxy, cut_within, lose_answers, lose_commits, proxy
from tests.journeys.device import connected_to, unread
from tests.services.nursery import Chat

SMALLEST, LARGEST = 300, 20_000  # bytes after which a connection is cut: from within the handshake to some dozen frames
SILENT = 0.5  # seconds for which no answer arrives
COMMITS_LOST = 0.2
MUCH, LONG = 200, 9_000  # messages, and the characters of each: more than the operating system holds for one connection
UNREAD = 60.0  # no promise, only when the campaign gives up


@asynccontextmanager
async def between(stage: Stage) -> AsyncIterator[list[Proxy]]:
    """Within the block every device talks through a proxy of its own; sockets begin anew at its begin and end."""
    devices, ports = stage.traffic.devices, [one.port for one in stage.traffic.devices]
    async with AsyncExitStack() as open_:
        proxies = [await open_.enter_async_context(proxy(port)) for port in ports]
        _move(stage, [one.port for one in proxies])
        try:
            yield proxies
        finally:
            _move(stage, ports)
    _tell_if_unharmed(stage, proxies)
    assert [one.port for one in devices] == ports


def _tell_if_unharmed(stage: Stage, proxies: list[Proxy]) -> None:
    if not any(one.harmed for one in proxies):
        stage.findings += Findings(other=["the harm was never done, so that nothing was shown"])


def _move(stage: Stage, ports: list[int]) -> None:
    for one, port in zip(stage.traffic.devices, ports, strict=True):
        one.port = port
        one.http.base_url = f"http://{HOST}:{port}"
        one.cut()
        one.online.set()


async def cuts(stage: Stage) -> float:
    """Each connection ends after some bytes, mostly in the middle of a frame, and the next one, too."""
    async with between(stage) as proxies:
        for one in proxies:
            one.harm = cut_within(stage.chance, SMALLEST, LARGEST)
        await stage.traffic.flow(20)
    return await stage.traffic.recovered(time.monotonic())


async def lost_answers(stage: Stage) -> float:
    """The server hears everything and commits, and no answer arrives; then the connection ends. Three times."""
    async with between(stage) as proxies:
        for _ in range(3):
            await stage.traffic.flow(5)
            plain = [one.harm for one in proxies]
            for one in proxies:
                one.harm = lose_answers
            await asyncio.sleep(SILENT)
            for one, harm in zip(proxies, plain, strict=True):
                one.cut()
                one.harm = harm
    return await stage.traffic.recovered(time.monotonic())


async def slices(stage: Stage) -> float:
    """One byte at a time, both ways."""
    async with between(stage) as proxies:
        for one in proxies:
            one.slices = True
        await stage.traffic.flow(20)
    return await stage.traffic.recovered(time.monotonic())


async def never_read(stage: Stage) -> float:
    """A second page of Dana's takes nothing while a lot is written to her: it is closed, and nobody else notices."""
    ben, dana = stage.traffic.ben, stage.traffic.dana
    talk = ben.direct_with("Dana")
    async with unread(dana) as port:
        for _ in range(MUCH):
            attempt = await ben.say(conversation=talk, length=LONG)
            await dana.until(lambda one, seq=attempt.seq: seq in one.messages[talk])  # type: ignore[misc]
        async with asyncio.timeout(UNREAD):
            while port in connected_to(dana.port):  # noqa: ASYNC110  it tells nobody
                await asyncio.sleep(0.1)
    return await stage.traffic.recovered(time.monotonic())


async def lost_commits(stage: Stage) -> float:
    """The first web process loses its connection right when PostgreSQL has committed, now and then."""
    web = stage.scene.parts["web 0"]
    assert isinstance(web, Chat)
    url = web.environment["QUIETROOM_DATABASE_URL"]
    async with proxy(urlsplit(url).port or 0) as one:
        web.environment["QUIETROOM_DATABASE_URL"] = url.replace(f":{one.behind}/", f":{one.port}/")
        await asyncio.to_thread(web.restart)
        one.harm = lose_commits(stage.chance, COMMITS_LOST)
        await stage.traffic.flow(30)
        web.environment["QUIETROOM_DATABASE_URL"] = url
        await asyncio.to_thread(web.restart)
        _tell_if_unharmed(stage, [one])
    return await stage.traffic.recovered(time.monotonic())


def kinds() -> list[Kind]:
    """All of them."""
    ways = {
        "cut": ("connections cut in the middle of a frame", cuts),
        "unanswered": ("committed, and the answer lost on its way to the device", lost_answers),
        "slices": ("one byte at a time", slices),
    }
    found = [
        Kind(f"{name}-{word}", label, where, strike, 10)
        for name, (label, strike) in ways.items()
        for where, word in ((EMBEDDED, "sqlite"), (APART, "postgres"))
    ]
    found += [
        Kind(f"unread-{word}", "a reader that never reads", where, never_read, 3)
        for where, word in ((EMBEDDED, "sqlite"), (APART, "postgres"))
    ]
    return [*found, Kind("commits-postgres", "committed, and the database's answer lost", APART, lost_commits, 10)]
