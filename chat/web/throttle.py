"""Slowing down those who guess: per account and per address, in memory or, for several processes, in Redis."""

from __future__ import annotations

import hashlib
import logging

from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter

from chat.web.answers import DoorError

log = logging.getLogger(__name__)


class Throttle:
    """So many failures a minute for a key; it passes by itself, nobody is locked out for good."""

    def __init__(self, per_minute: int, redis_url: str = "") -> None:
        self._limit = RateLimitItemPerMinute(per_minute)
        self._own = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._shared = None
        if redis_url:
            storage = RedisStorage(f"async+{redis_url}", implementation="redispy", socket_timeout=1, socket_connect_timeout=1)
            self._shared = SlidingWindowCounterRateLimiter(storage)

    async def check(self, *keys: str) -> None:
        """Refuse with 429 if any of the keys has failed too often."""
        for key in map(_digest, keys):
            if not await self._ask("test", key):
                raise DoorError(429, "too_many", "Too many attempts. Please wait a minute and try again.", retry_after=60)

    async def failed(self, *keys: str) -> None:
        """Count a failure for each key."""
        for key in map(_digest, keys):
            await self._ask("hit", key)

    async def _ask(self, what: str, key: str) -> bool:
        if self._shared is not None:
            try:
                return bool(await getattr(self._shared, what)(self._limit, key))
            except Exception as error:
                # Without Redis each process counts for itself: weaker, but never open.
                log.warning("Redis does not count attempts (%s).", type(error).__name__)
        return bool(await getattr(self._own, what)(self._limit, key))


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:32]
