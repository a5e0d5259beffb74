"""The scenarios that need nothing but sockets: one in flight, highest rate, half of it, idle sockets, all cut at once."""

import asyncio
import gc
import math
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from tests.bench.client import Json, Person, Socket, close_all, open_all
from tests.bench.figures import Latency, Step, climb, highest
from tests.bench.load import Ends, Load, closed_loop, open_loop, opened
from tests.bench.meter import Meter
from tests.bench.processes import resident_kib
from tests.bench.targets import Target

WARM_UP = 0.5
"""Seconds of each step that are not counted."""


@dataclass(frozen=True)
class Quiet:
    """One message in flight on a server that has nothing else to do (milliseconds)."""

    delivered: Latency
    acknowledged: Latency


@dataclass(frozen=True)
class Half:
    """An open loop at half the highest rate; milliseconds from the moment a message was meant to leave."""

    rate: float
    delivered: Latency
    acknowledged: Latency
    cpu: float
    """Microseconds a message, web processes only."""


@dataclass(frozen=True)
class Idle:
    """What sockets cost that are open and signed in and say nothing."""

    sockets: int
    kib: float
    """Proportional resident KiB for each further socket."""


@dataclass(frozen=True)
class Storm:
    """All sockets cut at once (seconds from the cut)."""

    sockets: int
    back: float
    """Until the last one had its `hello` again."""
    caught_up: float
    """Until the last one had every message that it had missed."""
    cpu: float
    """Milliseconds of CPU for each socket that came back, web processes only: what the time would be on a core of its own."""


@asynccontextmanager
async def ready(target: Target) -> AsyncIterator[Ends]:
    """Sockets for everybody, while the generator's own collector sleeps: its pauses would be charged to the server."""
    async with opened(target) as ends:
        gc.collect()
        gc.freeze()
        gc.disable()
        try:
            yield ends
        finally:
            gc.enable()
            gc.unfreeze()


async def warm(target: Target, seconds: float) -> None:
    """Load for so long, of which nothing is told."""
    async with ready(target) as ends:
        load = Load(ends)
        await closed_loop(load, ends, 128, seconds)
        await load.drain()


async def quiet(target: Target, messages: int) -> Quiet:
    """So many messages one after the other, each sent when the one before was delivered and acknowledged."""
    async with ready(target.only(1)) as ends:
        for count in (messages // 10, messages):
            load = Load(ends)
            step = asyncio.Event()
            load.on_finished = lambda place, step=step: step.set()  # type: ignore[misc]
            for number in range(count):
                load.send(number % 2)
                await asyncio.wait_for(step.wait(), 30)
                step.clear()
        return Quiet(load.delivery(range(messages)), load.acknowledgement(range(messages)))


async def rate(target: Target, seconds: float, most: int = 4096) -> list[Step]:
    """Climb from 16 messages in flight until waiting passes the limit or the rate rises no more."""
    async with ready(target) as ends:

        async def measure(in_flight: int) -> Step:
            return await _step(target, ends, in_flight, seconds)

        return await climb(measure, 16, min(most, 16 * len(ends.sockets)))


async def _step(target: Target, ends: Ends, in_flight: int, seconds: float) -> Step:
    load = Load(ends)
    running = asyncio.create_task(closed_loop(load, ends, in_flight, WARM_UP + seconds))
    await asyncio.sleep(WARM_UP)
    since, meter = time.perf_counter(), Meter(target)
    await running
    used, numbers = meter.read(), load.finished(since, time.perf_counter())
    await load.drain(strict=False)
    # What was refused or never arrived counts as an endless wait, and so ends the search.
    waits = load.delivery(numbers + [number for number, at in enumerate(load.delivered) if math.isnan(at)])
    each = 1e6 / max(1, len(numbers))
    return Step(
        in_flight, len(numbers) / used.seconds, waits.p50, waits.p99, used.web * each, used.services * each,
        used.web / used.seconds, used.generator / used.seconds, used.others / used.seconds,
    )  # fmt: skip


async def half(target: Target, best: float, seconds: float) -> Half:
    """An open loop at half of `best`, the highest rate found before."""
    async with ready(target) as ends:
        warm = Load(ends)
        await open_loop(warm, ends, best / 2, WARM_UP)
        await warm.drain()
        load, meter = Load(ends), Meter(target)
        await open_loop(load, ends, best / 2, seconds)
        used = meter.read()
        await load.drain()
        numbers = range(len(load.sent))
        cpu = used.web * 1e6 / len(numbers)
        return Half(best / 2, load.delivery(numbers), load.acknowledgement(numbers), cpu)


async def idle(target: Target, sockets: int) -> Idle:
    """Open a fifth of the sockets, weigh the server, open the rest, weigh again: what the first ones fill is not charged."""
    people = target.people()
    everybody = [people[number % len(people)] for number in range(sockets)]
    first = sockets // 5
    opened = await open_all(everybody[:first], at_once=8)
    try:
        await asyncio.sleep(2)
        before = resident_kib(target.web)
        opened += await open_all(everybody[first:], at_once=8)
        await asyncio.sleep(2)
        return Idle(sockets, (resident_kib(target.web) - before) / (sockets - first))
    finally:
        await close_all(opened)


async def storm(target: Target, sockets: int) -> Storm:
    """Open sockets, let each conversation grow by a message, cut all, come back with old cursors and wait for it."""
    people = target.people()
    everybody = [people[number % len(people)] for number in range(sockets)]
    opened = await open_all(everybody)
    cursors = [str(socket.hello["hello"]) for socket in opened]
    ends = Ends(opened[: len(people)], [pair.conversation for pair in target.pairs] * 2)
    load = Load(ends)
    for place in range(len(target.pairs)):
        load.send(place)
    await load.drain(30)
    marks = {f"{load.mark}{place:012x}" for place in range(len(target.pairs))}
    cut, meter = time.perf_counter(), Meter(target)
    for socket in opened:
        socket.cut()
    returns = [_return(person, cursor, marks) for person, cursor in zip(everybody, cursors, strict=True)]
    moments = await asyncio.gather(*returns)
    cpu = meter.read().web * 1000 / sockets
    await close_all([socket for socket, _, _ in moments])
    return Storm(sockets, max(back for _, back, _ in moments) - cut, max(done for _, _, done in moments) - cut, cpu)


async def _return(person: Person, cursor: str, marks: set[str]) -> tuple[Socket, float, float]:
    """Connect again as the page does, at once and then after growing pauses, and wait for what was missed."""
    seen: asyncio.Future[float] = asyncio.get_running_loop().create_future()

    def look(socket: Socket, frame: Json) -> None:
        bodies = (str(message.get("body")) for message in frame.get("messages", ()))
        if not seen.done() and any(body[:20] in marks for body in bodies):
            seen.set_result(time.perf_counter())

    for attempt in range(8):
        try:
            socket = await Socket.open(person, cursor, look, patience=120)
            break
        except OSError:
            await asyncio.sleep(0.1 * 2**attempt)
    back = time.perf_counter()
    return socket, back, await asyncio.wait_for(seen, 120)


def best_of(steps: list[Step]) -> Step:
    """The step with the highest rate within the limit; raises, with all that was measured, if not even the first step kept it."""
    best = highest(steps)
    if best is None:
        raise RuntimeError(f"no step kept the limit: {steps}")
    return best
