"""Frames of our own making: commands with anything in any field, and text that is no command at all."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Callable
from typing import Any

from websockets.exceptions import ConnectionClosed, WebSocketException

from chat.web.commands import COMMANDS
from tests.fuzz.season import NAMES, Season, Tally, encoded, visitor
from tests.journeys.device import Device, opened
from tests.journeys.servers import House

BURST = 15  # frames before an answer is waited for; fewer than a connection may send that are no commands
PATIENCE = 30.0
END = {"do": "find_people", "key": "the end of a burst", "search": "nobody"}


def command(season: Season) -> str:
    """A command of the table with some of its fields, right or wrong, and sometimes one that it does not know."""
    name = season.chance.choice(sorted(COMMANDS))
    fields = [field for field in COMMANDS[name].input.model_fields if season.chance.random() < 0.85]
    if season.chance.random() < 0.05:
        fields.append("surprise")
    frame = {"do": name, "key": season.anything("key"), **{field: season.anything(field) for field in fields}}
    return encoded(frame).decode()


def cut(season: Season) -> str:
    """A command with a part missing, doubled or changed."""
    text = command(season)
    at, to = sorted(season.chance.randrange(len(text)) for _ in range(2))
    other = chr(season.chance.randrange(1, 0xD7FF))
    return season.chance.choice((text[:at], text[at:], text[:to] + text[at:], text[:at] + other + text[to:]))


def odd(season: Season) -> str | bytes:
    """What no page would ever send."""
    return season.chance.choice(
        (
            "", "null", "[]", "{}", '"x"', "[" * 5_000, '{"a":' * 5_000, "9" * 5_000, "1e400", "NaN", "{" + '"a":1,' * 2_000,
            '{"do":"active","do":"active","key":"1"}', '{"do":"active","key":"\\ud800"}', '{"do":1,"key":2}', "\x00", "\ufeff{}",
            '{"do":"__class__","key":"1"}', '{"do":"' + "a" * 9_000 + '","key":"1"}', "A" * 66_000, b"\x00\xff", b"",
        )
    )  # fmt: skip


KINDS: tuple[Callable[[Season], str | bytes], ...] = (command, command, command, command, command, cut, odd)


async def flood(house: House, count: int, number: int) -> Tally:
    """Send so many frames, as everybody in turn; `number` is the seed."""
    season, tally = Season(number), Tally()
    for name in NAMES:
        with contextlib.closing(visitor(house, name)) as client:
            season.gather(client)
    sent = 0
    while sent < count:
        person = Device(season.chance.choice(NAMES), house.ports[0])
        async with person.http:
            answer = await person.http.post("/api/sign_in", json={"username": person.username, "password": "quietroom-demo"})
            tally.codes[f"sign-in {answer.status_code}"] += 1
            sent += await _talk(person, season, tally, min(500, count - sent)) if answer.status_code == 200 else 0
    return tally


async def _talk(person: Device, season: Season, tally: Tally, most: int) -> int:
    """One session, in as many connections as it takes; how many frames it took."""
    sent = 0
    while sent < most:
        burst = [season.chance.choice(KINDS)(season) for _ in range(min(BURST, most - sent))]
        try:
            async with asyncio.timeout(PATIENCE), opened(person) as socket:
                sent += await _burst(socket, burst, tally)
        except ConnectionClosed as closed:
            code = closed.rcvd.code if closed.rcvd else 1006
            sent += len(burst)
            tally.codes[f"closed {code}"] += 1
            # What is still on its way to a socket that was closed for a reason may cut off the reason.
            closing = any(isinstance(frame, bytes) or len(frame) > 60_000 for frame in burst)
            if code == 1011 or (code == 1006 and not closing):
                tally.faults.append(f"closed with {code} after {burst!r}"[:3_000])
        except TimeoutError:
            tally.faults.append(f"no answer to {burst!r}"[:3_000])
            return most
        except WebSocketException:
            return sent  # the session ended
    return sent


async def _burst(socket: Any, burst: list[str | bytes], tally: Tally) -> int:
    for frame in (*burst, json.dumps(END)):
        await socket.send(frame)
    while True:
        answer = json.loads(await socket.recv())
        error = answer.get("error", {})
        if answer.get("done") == END["key"] or answer.get("refused") == END["key"]:
            return len(burst)
        if "done" in answer or "refused" in answer:
            tally.codes[error.get("code", "done")] += 1
        if error.get("code") == "failed":
            tally.faults.append(f"failed: one of {burst!r}"[:6_000])
