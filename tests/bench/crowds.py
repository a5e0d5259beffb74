"""A mass message to thousands of open pages while other people write to each other: what these feel of it, and what it takes."""

import asyncio
import contextlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from tests.bench.client import close_all, open_all
from tests.bench.figures import Latency
from tests.bench.generator import Generator
from tests.bench.load import Ends, Load, open_loop
from tests.bench.masses import delivered, pages, practice
from tests.bench.plan import Plan
from tests.bench.processes import resident_kib
from tests.bench.table import POSTGRES, SQLITE
from tests.bench.targets import Target

PAIRS = 25
RATE = 25.0
"""Messages a second among the 50: each of them writes one every two seconds."""
ALONE = 10.0
"""Seconds for which they write while nothing else happens."""
LOOK = 0.5
"""Seconds between two looks at memory and connections."""


@dataclass(frozen=True)
class Crowd:
    """Milliseconds among the 50 before the mass message and beside it; its seconds, and what the web process held at most."""

    alone: Latency
    beside: Latency
    delivered: float
    quiet_mib: float
    peak_mib: float
    connections: int


@dataclass
class Peaks:
    """The most that was seen."""

    target: Target
    database: str
    mib: float = 0.0
    connections: int = 0

    def look(self) -> None:
        """Once."""
        self.mib = max(self.mib, resident_kib(self.target.web) / 1024)
        self.connections = max(self.connections, connected(self.database) if self.database else opened(self.target))

    async def keep_looking(self) -> None:
        """Until cancelled."""
        while True:
            await asyncio.to_thread(self.look)
            await asyncio.sleep(LOOK)


def connected(database: str) -> int:
    """Connections to a PostgreSQL database, of web process and worker."""
    with psycopg.connect(database.replace("+psycopg", "")) as connection:
        row = connection.execute("SELECT count(*) - 1 FROM pg_stat_activity WHERE datname = current_database()").fetchone()
    assert row is not None
    return int(row[0])


def opened(target: Target) -> int:
    """How often the web processes hold an SQLite file open."""
    found = 0
    for pid in target.web:
        for entry in Path(f"/proc/{pid}/fd").iterdir():
            with contextlib.suppress(OSError):
                found += os.readlink(entry).endswith("quietroom.db")
    return found


def crowds(plan: Plan, generator: Generator, folder: Path, note: Callable[[str, str, Any], None]) -> None:
    """Once on each database."""
    for column in (SQLITE, POSTGRES):
        if column in plan.servers:
            place = folder / f"crowd-{column}"
            place.mkdir()
            with practice(column, place, plan.crowd, PAIRS + 1) as there:
                note(column, "crowd", generator.run(crowd, there.target, there.cookies, there.database))


async def crowd(target: Target, cookies: list[str], database: str) -> Crowd:
    """Open everybody's page, let the 50 write, then beside a mass message."""
    sockets = await open_all(pages(target, cookies))
    pairs = target.pairs[1:]
    chatting = await open_all([pair.one for pair in pairs] + [pair.other for pair in pairs])
    ends = Ends(chatting, [pair.conversation for pair in pairs] * 2)
    before = Load(ends)
    await open_loop(before, ends, RATE, ALONE)
    await before.drain(60)
    quiet, peaks = Peaks(target, database), Peaks(target, database)
    quiet.look()
    looking = asyncio.create_task(peaks.keep_looking())
    beside = Load(ends)
    writing = asyncio.create_task(open_loop(beside, ends, RATE, 300))
    try:
        mass = await delivered(target, sockets)
    finally:
        for task in (writing, looking):
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
    await beside.drain(60)
    await close_all(sockets + chatting)
    alone, meanwhile = (load.delivery(range(len(load.sent))) for load in (before, beside))
    return Crowd(alone, meanwhile, mass.delivered, quiet.mib, peaks.mib, peaks.connections)
