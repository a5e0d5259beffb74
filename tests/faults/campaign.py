"""A campaign: cycles of traffic, one fault, and a check of everything; a fresh practice for every few cycles."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from tests.faults.checker import Findings, on_disk, on_page, unanswered
from tests.faults.history import ACKNOWLEDGED
from tests.faults.post import arrived
from tests.faults.scene import Scene
from tests.faults.sender import Sender
from tests.faults.stored import Stored
from tests.faults.traffic import Traffic, traffic

CATCHING_UP = 20.0  # no promise, only when a page that differs is called a finding
EMBEDDED, APART = "SQLite", "PostgreSQL + Redis"


@dataclass
class Stage:
    """One practice under one campaign: its processes, its people, and what was found."""

    scene: Scene
    traffic: Traffic
    chance: random.Random
    findings: Findings = field(default_factory=Findings)

    async def look(self) -> None:
        """While those who lost the connection stay away: acknowledged is there once, unknown at most once."""
        before = self.traffic.history.count(ACKNOWLEDGED)
        there = await asyncio.to_thread(self.scene.stored)
        if before == self.traffic.history.count(ACKNOWLEDGED):
            self.findings += on_disk(self.traffic.history, there, self.scene.number, settled=True)
        else:
            # Others go on writing meanwhile: what was acknowledged while we looked may not be in the picture.
            self.findings += Findings(other=list(there.faults))

    async def check(self) -> None:
        """Everybody has stopped: history, database, open pages and fresh ones say the same."""
        if not await self.traffic.end():
            self.findings += unanswered(self.traffic.history, self.traffic.forgotten())
        there = await asyncio.to_thread(self.scene.stored)
        self.findings += on_disk(self.traffic.history, there, self.scene.number, settled=True)
        for one in self.traffic.devices:
            self.findings += await self._page(one, there)

    async def _page(self, one: Sender, there: Stored) -> Findings:
        until = time.monotonic() + CATCHING_UP
        while True:
            found = on_page(one, await one.reloaded(), self.scene.person(one.id), there, self.scene.number)
            if not found.all or time.monotonic() > until:
                return found
            await asyncio.sleep(0.2)


Say = Callable[[str], None]
Run = Callable[["Kind", Scene, int, random.Random, Say], Coroutine[None, None, "Result"]]
Strike = Callable[[Stage], Awaitable[float]]
"""Does the harm, mends it, and answers the seconds until everything was as before."""


@dataclass(frozen=True)
class Kind:
    """One kind of fault: where it happens, what is done, and how many cycles are the least."""

    name: str
    label: str
    where: str
    strike: Strike | None
    floor: int = 1
    run: Run | None = None  # instead of cycles


@dataclass
class Result:
    """What came of the cycles of one kind."""

    kind: str
    cycles: int = 0
    acknowledged: int = 0
    repeated: int = 0  # connections that were lost: what was unknown then was sent again
    recoveries: list[float] = field(default_factory=list)
    lost: int = 0
    doubled: int = 0
    holes: int = 0
    other: int = 0
    words: list[str] = field(default_factory=list)
    commits: list[str] = field(default_factory=list)  # what was tried

    def add(self, stage: Stage) -> None:
        """The findings and sums of a practice that is done with."""
        for name, found in vars(stage.findings).items():
            setattr(self, name, getattr(self, name) + len(found))
        self.words += stage.findings.all
        self.acknowledged += stage.traffic.history.count(ACKNOWLEDGED)
        self.repeated += sum(len(one.closes) for one in stage.traffic.devices)


@asynccontextmanager
async def stage(scene: Scene, chance: random.Random) -> AsyncIterator[Stage]:
    """The people come, and go at the end."""
    async with traffic(scene, chance) as going:
        yield Stage(scene, going, chance)


async def cycles(kind: Kind, scene: Scene, count: int, chance: random.Random, say: Say) -> Result:
    """So many cycles in one practice; a finding ends it, for what follows would only repeat it."""
    assert kind.strike is not None
    result = Result(kind.name)
    async with stage(scene, chance) as here:
        for _ in range(count):
            await here.traffic.begin()
            await here.traffic.flow(12)
            result.recoveries.append(await kind.strike(here))
            await here.traffic.flow(6)
            await here.check()
            result.cycles += 1
            back, found = result.recoveries[-1], len(here.findings.all)
            say(f"  {kind.name} {result.cycles}/{count}: back after {back:.1f} s, {found} findings")
            if here.findings.all:
                break
        if "mail server" in scene.parts:
            here.findings += await arrived(scene)
        result.add(here)
    return result
