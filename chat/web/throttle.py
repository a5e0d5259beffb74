"""Slowing down those who guess: per account and per address, in memory or, for several processes, in Redis."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Awaitable, Callable

from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter

from chat.lib.sentences import Sentence
from chat.web.answers import DoorError
from chat.web.pace import counted_wait

log = logging.getLogger(__name__)

Storage = MemoryStorage | RedisStorage


class Throttle:
    """So many failures a minute for a key; it passes by itself, nobody is locked out for good."""

    def __init__(self, per_minute: int, shared: RedisStorage | None = None) -> None:
        self._limit = RateLimitItemPerMinute(per_minute)
        self._own = MemoryStorage()
        self._shared = shared

    async def check(self, *keys: str) -> None:
        """Refuse with 429, and the seconds to wait, if any of the keys has failed too often."""
        for key in map(_digest, keys):
            if wait := await self._ask(self._wait, key):
                sentence = Sentence("Too many attempts. Please wait {wait} s and try again.", wait=wait)
                raise DoorError(429, "too_many", sentence, retry_after=wait)

    async def failed(self, *keys: str) -> None:
        """Count a failure for each key."""
        for key in map(_digest, keys):
            await self._ask(self._hit, key)

    async def _wait(self, storage: Storage, key: str) -> int:
        return await counted_wait(storage, self._limit, key)

    async def _hit(self, storage: Storage, key: str) -> int:
        return await SlidingWindowCounterRateLimiter(storage).hit(self._limit, key)

    async def _ask(self, what: Callable[[Storage, str], Awaitable[int]], key: str) -> int:
        if self._shared is not None:
            try:
                return await what(self._shared, key)
            except Exception as error:
                # Without Redis each process counts for itself: weaker, but never open.
                log.warning("Redis does not count attempts (%s).", type(error).__name__)
        return await what(self._own, key)


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:32]
