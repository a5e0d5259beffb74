"""How fast somebody may go. Counted in this process at once, without waiting; told to the others in the background.

A send must not wait for Redis. So each process counts in its own memory, and only what has used up a tenth of its limit
here is counted in Redis as well, once a second. Whoever spreads over several processes gets at most that tenth more from
each of them; whoever types is never heard of outside. Without Redis each process counts for itself: weaker, never open.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import logging
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from redis.exceptions import RedisError

from chat.lib import metrics
from chat.lib.sentences import Sentence
from chat.settings import Settings
from chat.web.answers import DoorError

log = logging.getLogger(__name__)

MINUTE = 60
SHARE = 10  # what has used up this part of its limit (a tenth) is told to the other processes
EVERY = 1.0  # seconds
PENALTY = 0.2  # seconds for which nothing is read from a socket that is too fast


class Pace:
    """So many of one thing a minute for each key (a session, a person, an address); 0 is no limit."""

    def __init__(self, name: str, per_minute: int, *, shared: bool = False) -> None:
        self.name, self.per_minute = name, per_minute
        self.told: dict[int | str, int] = {}  # what is to be counted in Redis, too
        self.blocked: dict[int | str, float] = {}  # until when, as all processes together have it
        self._share = max(1, per_minute // SHARE) if shared else per_minute + 1
        self._minute = 0
        self._before: dict[int | str, int] = {}
        self._now: dict[int | str, int] = {}

    def take(self, key: int | str) -> None:
        """Count one; DoorError 429, and nothing is counted, if that is too fast."""
        if not self.per_minute:
            return
        count = self._look(key) + 1
        self._now[key] = count
        if count >= self._share:
            self.told[key] = self.told.get(key, 0) + (count if count == self._share else 1)

    def look(self, key: int | str) -> None:
        """Raise as `take` does, but count nothing."""
        if self.per_minute:
            self._look(key)

    def _look(self, key: int | str) -> int:
        now = time.time()
        if int(now // MINUTE) != self._minute:
            self._turn(int(now // MINUTE))
        count = self._now.get(key, 0)
        if wait := self._wait(key, count, now):
            raise too_fast(self.name, self.per_minute, wait)
        return count

    def _wait(self, key: int | str, count: int, now: float) -> int:
        if self.blocked and self.blocked.get(key, 0) > now:
            return int(self.blocked[key] - now) + 1
        before = self._before.get(key, 0) if self._before else 0
        if count < self.per_minute and not before:
            return 0
        return seconds_to_wait(self.per_minute, before, MINUTE - now % MINUTE, count)

    def _turn(self, minute: int) -> None:
        self._before = self._now if minute == self._minute + 1 else {}
        self._now, self._minute = {}, minute
        self.blocked = {key: until for key, until in self.blocked.items() if until > minute * MINUTE}


def seconds_to_wait(limit: int, before: int, left: float, now: int) -> int:
    """Whole seconds until one more fits into a window that slides: `before` in the last minute, which fades away in `left`
    seconds, and `now` in this one. 0: it fits."""
    if before * left / MINUTE + now < limit:
        return 0
    # `before` fades until the minute is over; from then on `now` does.
    fading = left - (limit - now) * MINUTE / before if before and now < limit else left + MINUTE * (1 - limit / now)
    return max(1, int(fading) + 1)


def too_fast(name: str, limit: int, wait: int) -> DoorError:
    """The refusal, with the honest number of seconds."""
    metrics.TOO_FAST.labels(name).inc()
    told = {"limit": limit, "things": Sentence(name), "wait": wait}
    sentence = Sentence("That is more than {limit} {things} a minute. Please wait {wait} s, and go on then.", **told)
    return DoorError(429, "too_many", sentence, retry_after=wait)


class Paces:
    """Every pace of a process."""

    def __init__(self, settings: Settings) -> None:
        on = settings.limited
        shared = bool(settings.redis_url) and on
        self.commands, self.sends, self.uploads, self.sockets = (
            Pace(name, number if on else 0, shared=shared)
            for name, number in (
                (Sentence("commands"), settings.command_limit),
                (Sentence("messages or invitations"), settings.send_limit),
                (Sentence("files"), settings.upload_limit),
                (Sentence("connections"), settings.socket_limit),
            )
        )
        # Of guesses, not of work: these hold in development, too.
        self.links = Pace(Sentence("links that do not work"), settings.link_limit, shared=bool(settings.redis_url))
        self._most_open = settings.socket_limit if on else 0
        self._open: dict[int, int] = {}
        self.storage = redis_storage(settings.redis_url) if settings.redis_url else None
        self._task: asyncio.Task[None] | None = None

    @contextmanager
    def connection(self, session: int) -> Iterator[None]:
        """A socket of this session for as long as the block lasts; DoorError 429 if it connects too often or has too many."""
        self.sockets.take(session)
        count = self._open.get(session, 0)
        if self._most_open and count >= self._most_open:
            raise DoorError(
                429, "too_many", Sentence("More than {count} tabs are open. Please close some.", count=count), retry_after=MINUTE
            )
        self._open[session] = count + 1
        try:
            yield
        finally:
            self._open[session] -= 1
            if not self._open[session]:
                del self._open[session]

    def start(self) -> None:
        """Begin to tell the other processes, and to hear of them."""
        if self.storage is not None:
            self._task = asyncio.create_task(self._tell(self.storage), name="paces")

    async def stop(self) -> None:
        """Stop telling, and leave Redis."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        if self.storage is not None:
            await hang_up(self.storage)

    async def _tell(self, storage: RedisStorage) -> None:
        while True:
            await asyncio.sleep(EVERY)
            try:
                await share((self.commands, self.sends, self.uploads, self.sockets, self.links), storage)
            except Exception as error:
                log.warning("Redis does not count (%s); each process counts for itself.", type(error).__name__)


def redis_storage(url: str) -> RedisStorage:
    """Counters in Redis, asked with little patience."""
    return RedisStorage(f"async+{url}", implementation="redispy", socket_timeout=1, socket_connect_timeout=1)


async def hang_up(storage: RedisStorage) -> None:
    """Close the connections of a storage, which the library leaves open."""
    with contextlib.suppress(RedisError, OSError):
        await vars(storage.bridge)["storage"].aclose()


async def share(paces: Iterable[Pace], storage: RedisStorage) -> None:
    """Add what was counted here to what all processes count, and learn who has to wait."""
    limiter = SlidingWindowCounterRateLimiter(storage)
    for pace in paces:
        told, pace.told = pace.told, {}
        limit = RateLimitItemPerMinute(max(1, pace.per_minute))
        for key, count in told.items():
            word = hashlib.sha256(f"{pace.name} {key}".encode()).hexdigest()[:32]
            # What does not fit as a whole is counted as far as it fits.
            rest, part = count, min(count, limit.amount)
            while rest and part:
                if await limiter.hit(limit, word, cost=part):
                    rest -= part
                part = min(rest, part // 2)
            if wait := await counted_wait(storage, limit, word):
                pace.blocked[key] = time.time() + wait


async def counted_wait(storage: MemoryStorage | RedisStorage, limit: RateLimitItemPerMinute, word: str) -> int:
    """Whole seconds until one more fits, by what a storage of the library has counted."""
    before, fading, now, kept = await storage.get_sliding_window(limit.key_for(word), limit.get_expiry())
    # A count is kept for one window beyond its own.
    return seconds_to_wait(limit.amount, before, max(fading, kept - MINUTE, 0), now)
