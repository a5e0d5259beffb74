"""The doorbell: tells other processes *whose* mailbox changed, never what is in it. The sweep heals what it misses."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
from collections.abc import Callable, Iterable
from typing import Any, Protocol

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

TIMEOUT = 2.0
PING = 5.0
# One command for all who are rung together: as one PUBLISH each they would cost three to six times as much.
RING = "for at = 2, #ARGV do redis.call('PUBLISH', 'person:' .. ARGV[at], ARGV[1]) end"


class Doorbell(Protocol):
    """A channel per person; a process listens for those who are connected to it."""

    def ring(self, people: Iterable[int]) -> None:
        """Tell the other processes that these people's mailboxes changed."""

    def listen(self, person: int) -> None:
        """Hear of this person from now on."""

    def forget(self, person: int) -> None:
        """No socket of this person is left here."""

    async def start(self, hear: Callable[[Iterable[int]], None], everybody: Callable[[], list[int]]) -> None:
        """Begin: `hear` is called with those rung from elsewhere, and with `everybody` after a silence."""

    async def stop(self) -> None:
        """Hang up."""


class HouseBell:
    """One process: its own live connections are rung directly, there is nobody else to tell."""

    def ring(self, people: Iterable[int]) -> None:
        """Nobody else to tell."""

    def listen(self, person: int) -> None:
        """Nothing to subscribe to."""

    def forget(self, person: int) -> None:
        """Nothing to leave."""

    async def start(self, hear: Callable[[Iterable[int]], None], everybody: Callable[[], list[int]]) -> None:
        """Nothing to begin."""

    async def stop(self) -> None:
        """Nothing to end."""


class RedisBell:
    """Redis pub/sub. Everything is said in the background: its failure never reaches a sender."""

    def __init__(self, url: str) -> None:
        # The library's own time-outs would wait for seconds on a server that is gone, and retry on top.
        options: dict[str, Any] = {
            "socket_timeout": TIMEOUT,
            "socket_connect_timeout": TIMEOUT,
            "retry": Retry(NoBackoff(), 0),
            "protocol": 2,  # in 3 the library looks at everything twice, for pushes that are no pub/sub
        }
        self._speaker = Redis.from_url(url, max_connections=2, **options)
        self._listener = Redis.from_url(url, max_connections=2, **options | {"socket_timeout": PING * 2})
        self._ring = self._speaker.register_script(RING)
        self._name = secrets.token_hex(8)
        self._pending: set[int] = set()
        self._wanted: set[int] = set()
        self._wake, self._changed = asyncio.Event(), asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._heard_at = 0.0  # of the loop's clock
        self.connected = False

    def ring(self, people: Iterable[int]) -> None:
        """Tell the other processes; what gathers while one round trip runs goes with the next."""
        self._pending.update(people)
        self._wake.set()

    def listen(self, person: int) -> None:
        """Subscribe to this person's channel."""
        self._wanted.add(person)
        self._changed.set()

    def forget(self, person: int) -> None:
        """Leave this person's channel."""
        self._wanted.discard(person)
        self._changed.set()

    async def start(self, hear: Callable[[Iterable[int]], None], everybody: Callable[[], list[int]]) -> None:
        """Begin to speak and to listen."""
        self._tasks = [
            asyncio.create_task(self._speak(), name="bell"),
            asyncio.create_task(self._hear(hear, everybody), name="ear"),
        ]

    async def stop(self) -> None:
        """Hang up."""
        for task in self._tasks:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        for client in (self._speaker, self._listener):
            with contextlib.suppress(RedisError, OSError):
                await client.aclose()

    async def _speak(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            people, self._pending = self._pending, set()
            try:
                await self._ring(args=[self._name, *people])
            except (RedisError, OSError) as error:
                log.warning("Redis did not take a ring (%s); the sweep delivers.", type(error).__name__)

    async def _hear(self, hear: Callable[[Iterable[int]], None], everybody: Callable[[], list[int]]) -> None:
        while True:
            try:
                async with self._listener.pubsub() as pubsub:
                    # Before the tasks: two that begin at once would each open a connection, and only one be listened to.
                    await pubsub.subscribe("everybody")
                    self._heard_at = asyncio.get_running_loop().time()
                    async with asyncio.TaskGroup() as tasks:
                        tasks.create_task(self._follow(pubsub, hear))
                        tasks.create_task(self._adjust(pubsub))
                        tasks.create_task(self._watch(pubsub))
            except* (RedisError, OSError, TimeoutError) as errors:
                log.warning("Redis is silent (%s); listening again soon.", type(errors.exceptions[0]).__name__)
            self.connected = False
            await asyncio.sleep(0.2 + secrets.randbelow(300) / 1000)
            hear(everybody())

    async def _follow(self, pubsub: Any, hear: Callable[[Iterable[int]], None]) -> None:
        """Pass on what is said, as one what comes together; raises when the connection is lost."""
        loop = asyncio.get_running_loop()
        rung: set[int] = set()

        def tell() -> None:
            people = rung.copy()
            rung.clear()
            hear(people)

        while True:
            # Without a time limit (see `_watch`): the library's own takes twice as long as all else about a message.
            message = await pubsub.get_message(timeout=None)
            self.connected, self._heard_at = True, loop.time()
            if message is not None and (person := self._person(message)):
                if not rung:
                    loop.call_soon(tell)  # its turn comes when nothing more lies ready to be read
                rung.add(person)

    async def _watch(self, pubsub: Any) -> None:
        """Ping after a silence; raises when that is not answered either."""
        loop = asyncio.get_running_loop()
        while True:
            heard_at = self._heard_at
            if (rest := heard_at + PING - loop.time()) > 0:
                await asyncio.sleep(rest)
                continue
            await pubsub.ping()
            await asyncio.sleep(TIMEOUT)
            if self._heard_at == heard_at:
                raise TimeoutError

    def _person(self, message: dict[str, Any]) -> int:
        """Whom a message concerns. A confirmed subscription counts: what changed before it took effect was not heard."""
        kind, channel = message["type"], message["channel"] or b""
        if not channel.startswith(b"person:") or kind not in {"message", "subscribe"}:
            return 0
        return 0 if message["data"] == self._name.encode() else int(channel.split(b":")[1])

    async def _adjust(self, pubsub: Any) -> None:
        """Keep the subscriptions as they are wanted."""
        heard: set[int] = set()
        while True:
            wanted = set(self._wanted)
            if new := wanted - heard:
                await pubsub.subscribe(*(f"person:{person}" for person in new))
            if old := heard - wanted:
                await pubsub.unsubscribe(*(f"person:{person}" for person in old))
            heard = wanted
            await self._changed.wait()
            self._changed.clear()
