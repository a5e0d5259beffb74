"""People who write to each other without a pause, by every way that there is, also by those that are refused."""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager

from tests.faults.history import ACKNOWLEDGED, History
from tests.faults.scene import Scene
from tests.faults.sender import Sender, sender

TOO_LONG = 10_001
QUICK, SLOW = 0.03, 1.5  # seconds at most between two messages of one kind
CAST = ("ben", "dana", "eli", "ben", "hal")  # each at the next process; Ben has two devices
Way = Callable[[], Awaitable[object]]


class Traffic:
    """The devices of a scene, and what they do until they are told to stop."""

    def __init__(self, devices: list[Sender], history: History, chance: random.Random) -> None:
        self.devices, self.history, self.chance = devices, history, chance
        self.ben, self.dana, self.eli, self.phone, self.hal = devices
        self.thread = ""
        self.pause = QUICK
        self._going = False
        self._tasks: list[asyncio.Task[None]] = []

    async def begin(self) -> None:
        """The conversations that everybody writes into: Dana adds her father to one."""
        if not self.thread:
            contacts = (await self.dana.get("/api/contacts"))["contacts"]
            attempt = await self.dana.say(to=[self.ben.id], subject="A question of my father's", cc=[contacts[0]["id"]])
            self.thread = attempt.conversation
            await self.hal.until(lambda one: self.thread in one.rows)
        with_dana, with_eli = self.ben.direct_with("Dana"), self.ben.direct_with("Eli")
        self._going = True
        self._tasks = [
            asyncio.create_task(self._repeat(way))
            for way in (
                lambda: self.ben.say(conversation=with_dana, copy_to_contact_log=self.chance.random() < 0.5),
                lambda: self.ben.say(conversation=with_eli),
                lambda: self.phone.post(conversation=with_eli, copy_to_contact_log=True),
                lambda: self.dana.say(conversation=with_dana),
                lambda: self.dana.say(conversation=with_dana),
                lambda: self.eli.say(conversation=with_eli),
                lambda: self.hal.say(conversation=self.thread),
                self._rarer,
            )
        ]

    async def _rarer(self) -> None:
        """A new thread, or something that must be refused."""
        ways: tuple[Way, ...] = (
            lambda: self.eli.say(to=[self.ben.id], subject="Another matter"),
            lambda: self.eli.say(conversation=self.thread),
            lambda: self.hal.say(to=[self.ben.id], subject="May I?"),
            lambda: self.dana.say(conversation=self.thread, length=TOO_LONG),
        )
        await self.chance.choice(ways)()
        await asyncio.sleep(0.2)

    async def _repeat(self, way: Way) -> None:
        while self._going:
            await way()
            await asyncio.sleep(self.chance.uniform(0, self.pause))

    async def flow(self, count: int, patience: float = 180) -> None:
        """Until so many further messages were acknowledged."""
        wanted = self.history.count(ACKNOWLEDGED) + count
        async with asyncio.timeout(patience):
            while self.history.count(ACKNOWLEDGED) < wanted:  # noqa: ASYNC110  the history tells nobody
                await asyncio.sleep(0.01)

    async def end(self, patience: float = 180) -> bool:
        """Nobody begins anything more; the answer is whether everybody got their last answer in time."""
        self._going = False
        _, late = await asyncio.wait(self._tasks, timeout=patience)
        for task in late:
            task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.gather(*self._tasks)
        return not late

    def beware(self) -> None:
        """From now on who loses the connection stays away until `release`."""
        for one in self.devices:
            one.careful = True

    def release(self) -> None:
        """Everybody may come back; now and then somebody has closed the tab on what was not answered."""
        for one in self.devices:
            if not one.online.is_set() and self.chance.random() < 0.2:
                one.forget()
            one.careful = False
            one.online.set()

    def forgotten(self) -> set[str]:
        """The keys that nobody repeats."""
        return set().union(*(one.forgotten for one in self.devices))

    async def recovered(self, since: float, patience: float = 180) -> float:
        """Seconds from `since` until a message of each process has reached a device at the other (one process: each end)."""
        async with asyncio.timeout(patience):
            await asyncio.gather(self._probe(self.ben, self.dana), self._probe(self.dana, self.ben))
        return time.monotonic() - since

    async def _probe(self, author: Sender, reader: Sender) -> None:
        talk = self.ben.direct_with("Dana")
        attempt = await author.say(conversation=talk)
        await reader.until(lambda _: attempt.seq in reader.messages.get(talk, {}))


@asynccontextmanager
async def traffic(scene: Scene, chance: random.Random) -> AsyncIterator[Traffic]:
    """Everybody's devices, signed in and quiet, until the block ends."""
    history, ports = History(), scene.house.ports
    async with AsyncExitStack() as open_:
        devices = [await open_.enter_async_context(sender(name, ports[at % len(ports)], history)) for at, name in enumerate(CAST)]
        yield Traffic(devices, history, chance)
