"""Processes that are killed and frozen, at random and at named points."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import time
from functools import partial
from itertools import count
from pathlib import Path

from tests.bench.processes import tree
from tests.faults.campaign import APART, EMBEDDED, Kind, Stage, Strike
from tests.faults.points import POINTS, PROGRAM, VARIABLE, arm
from tests.faults.traffic import QUICK, SLOW
from tests.services.daemon import Daemon
from tests.services.nursery import Chat

NEXT = count()  # the points take turns, also from one practice to the next
FROZEN = 30.0
SPRINGING = 40.0
NAMES = {"worker": "worker", "redis": "Redis", "postgres": "PostgreSQL", "mail server": "mail server"}


def signalled(daemon: Daemon, what: signal.Signals) -> None:
    """A signal to a program and to all that it has started."""
    for pid in tree([daemon.pid]):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, what)


async def killed(stage: Stage, part: str) -> float:
    """kill -9 at a random moment, and a start; while it is away nobody repeats anything, and one looks."""
    daemon = stage.scene.parts[part]
    stage.traffic.beware()
    await asyncio.sleep(stage.chance.uniform(0, 0.4))
    since = time.monotonic()
    signalled(daemon, signal.SIGKILL)
    await asyncio.to_thread(daemon.kill)
    await asyncio.to_thread(daemon.start)
    back = time.monotonic()
    await stage.look()
    stage.traffic.release()
    return back - since + await stage.traffic.recovered(time.monotonic())


async def sprung(stage: Stage, how: str, frozen: float = 0, point: str = "") -> float:
    """The first web process ends, or stands still for a while, at this named point or at the next one."""
    web, file = stage.scene.parts["web 0"], stage.scene.house.folder / "armed"
    assert isinstance(web, Chat)
    if web.program != PROGRAM:
        web.program, web.environment = PROGRAM, web.environment | {VARIABLE: os.fspath(file)}
        await asyncio.to_thread(web.restart)
    arm(file, point or POINTS[next(NEXT) % len(POINTS)], stage.chance.randint(2, 12), how)
    stage.traffic.beware()
    async with asyncio.timeout(SPRINGING):
        while not fallen(web):  # noqa: ASYNC110  it tells nobody
            await asyncio.sleep(0.005)
    since = time.monotonic()
    if how == "STOP":
        stage.traffic.pause = SLOW
        await asyncio.sleep(frozen)
        stage.traffic.pause = QUICK
        since = time.monotonic()
        web.thaw()
    else:
        web.process = None
        await asyncio.to_thread(web.start)
    back = time.monotonic()
    await stage.look()
    stage.traffic.release()
    return back - since + await stage.traffic.recovered(time.monotonic())


def fallen(daemon: Daemon) -> bool:
    """Whether the process has ended or stands still."""
    if daemon.process is None or daemon.process.poll() is not None:
        return True
    return Path(f"/proc/{daemon.pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"


async def frozen(stage: Stage, parts: tuple[str, ...], seconds: float) -> float:
    """SIGSTOP for so long; connections stay open and nobody answers. The time counts from when they go on."""
    await asyncio.sleep(stage.chance.uniform(0, 0.4))
    stage.traffic.pause = SLOW
    for part in parts:
        signalled(stage.scene.parts[part], signal.SIGSTOP)
    await asyncio.sleep(seconds)
    for part in parts:
        signalled(stage.scene.parts[part], signal.SIGCONT)
    stage.traffic.pause = QUICK
    return await stage.traffic.recovered(time.monotonic())


def kinds(seconds: float = FROZEN) -> list[Kind]:
    """All of them; `seconds` is how long something is frozen."""
    found = []
    for where, word in ((EMBEDDED, "sqlite"), (APART, "postgres")):
        strikes: dict[str, tuple[str, Strike, int]] = {
            "kill": ("web process killed at a random moment", partial(killed, part="web 0"), 50),
            "points": ("web process killed at a named point", partial(sprung, how="KILL"), 50),
            "stops": ("web process frozen at a named point", partial(sprung, how="STOP", frozen=seconds / 3), 17),
        }
        found += [Kind(f"web-{name}-{word}", label, where, strike, floor) for name, (label, strike, floor) in strikes.items()]
    for part, name in NAMES.items():
        found.append(Kind(f"{part.replace(' ', '-')}-kill", f"{name} killed", APART, partial(killed, part=part), 30))
    # Redis and the mail server have nothing to do with each other: neither hides what the other one does.
    for parts in (("worker",), ("postgres",), ("redis", "mail server"), ("web 0",)):
        word, label = parts[0].replace(" ", "-"), " and ".join(NAMES.get(part, "one web process") for part in parts)
        strike = partial(frozen, parts=parts, seconds=seconds)
        found.append(Kind(f"{word}-freeze", f"{label} frozen for {seconds:.0f} s", APART, strike, 30))
    return found
