"""The one source of time. Instants are integers: milliseconds since 1970 in UTC."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

_frozen: int | None = None
_started = (time.time_ns() // 1_000_000, time.monotonic_ns() // 1_000_000)


def now() -> int:
    """The instant, or the one that `frozen` set."""
    return time.time_ns() // 1_000_000 if _frozen is None else _frozen


def steady() -> int:
    """The instant, but never earlier than the process's own monotonic time explains: a clock that is turned back lengthens
    no time limit."""
    if _frozen is not None:
        return _frozen
    wall, ticks = _started
    return max(now(), wall + time.monotonic_ns() // 1_000_000 - ticks)


def _boot() -> str | None:
    """The word of this machine's running since it was switched on; None where there is no clock that counts it."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip() if hasattr(time, "CLOCK_BOOTTIME") else None
    except OSError:
        return None


#: Instants of `uptime` can be compared as long as this is the same, also by another process.
BOOT = _boot()


def uptime() -> int:
    """Milliseconds that this machine has run, sleep and restarts of the process included; no setting of the clock moves it."""
    if _frozen is not None:
        return _frozen
    return 0 if BOOT is None else time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000_000


@contextmanager
def frozen(instant: int) -> Iterator[None]:
    """Hold the clock at `instant` within the block (tests, demo data)."""
    global _frozen  # noqa: PLW0603  the clock is one for the process by its nature
    before, _frozen = _frozen, instant
    try:
        yield
    finally:
        _frozen = before


def month(instant: int) -> int:
    """The calendar month in UTC as yyyymm, by which data keys begin anew."""
    moment = datetime.fromtimestamp(instant / SECOND, UTC)
    return moment.year * 100 + moment.month


class Watch:
    """Compares the clock with the process's own monotonic time, which no operator and no time server can set."""

    def __init__(self, tolerance: int = 5 * MINUTE) -> None:
        self._tolerance = tolerance
        self._wall, self._monotonic = now(), time.monotonic()

    def jumped(self) -> bool:
        """Whether the clock moved further than time has passed since the process began."""
        passed = int((time.monotonic() - self._monotonic) * SECOND)
        return abs(now() - self._wall - passed) > self._tolerance
