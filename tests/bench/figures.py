"""Arithmetic of measuring: percentiles, schedules, the search for the highest rate, medians. Knows no socket and no clock."""

import math
import statistics
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

LIMIT_MS = 250.0
"""A rate counts only while the 99th percentile of delivery stays below this many milliseconds."""


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` (0–1) of all values do not exceed (nearest rank); nan if there are none."""
    if not values:
        return math.nan
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


@dataclass(frozen=True)
class Latency:
    """A spread of waiting times in milliseconds; what never arrived is infinite, so that losing is never faster than waiting."""

    p50: float
    p99: float
    worst: float
    count: int

    @classmethod
    def of(cls, seconds: Iterable[float]) -> "Latency":
        """Summarize waiting times given in seconds; a nan (never arrived) becomes infinite."""
        waits = [math.inf if math.isnan(wait) else wait * 1000 for wait in seconds]
        return cls(percentile(waits, 0.5), percentile(waits, 0.99), max(waits, default=math.nan), len(waits))


class Schedule:
    """An open loop: message `n` is meant to leave at `start + n / rate` seconds, whatever became of the ones before it.

    Waiting is counted from the moment a message was *meant* to leave, not from the moment the sender got round to it: a server
    that stalls for a second is charged for every message that should have left during that second (coordinated omission).
    """

    def __init__(self, rate: float, start: float) -> None:
        self.rate = rate
        self.start = start
        self._next = 0

    def due(self, now: float) -> range:
        """The numbers that became due since the last call; each is given once."""
        first, self._next = self._next, max(self._next, math.floor((now - self.start) * self.rate + 1e-9) + 1)
        return range(first, self._next)

    def intended(self, number: int) -> float:
        """When message `number` was meant to leave, in seconds of the caller's clock."""
        return self.start + number / self.rate


@dataclass(frozen=True)
class Step:
    """One step of the search: what a fixed number of messages in flight gave."""

    in_flight: int
    rate: float
    """Messages a second, delivered and acknowledged."""
    p50: float
    """Milliseconds from send to the other person's frame."""
    p99: float
    cpu: float
    """Microseconds of CPU a message, all web processes together."""
    cpu_services: float
    """The same for database server and Redis."""
    busy: float
    """Share of one core that the web processes used (2 processes on 2 cores: up to 2)."""
    generator_busy: float
    """Share of its core that the generator used: near 1 it, and not the server, is what was measured."""
    others_busy: float
    """Cores that neither server nor generator used but somebody did: how noisy the machine was."""


async def climb(measure: Callable[[int], Awaitable[Step]], first: int, last: int) -> list[Step]:
    """Double the messages in flight from `first` to `last`, until waiting passes the limit or three steps bring nothing.

    Where it passed the limit, the highest rate lies between the last two steps: the gap is halved three times.
    """
    steps: list[Step] = []
    idle_steps, in_flight = 0, first
    while in_flight <= last and idle_steps < 3:
        before = highest(steps)
        step = await measure(in_flight)
        steps.append(step)
        if step.p99 >= LIMIT_MS:
            return steps + await _between(measure, in_flight // 2, in_flight)
        idle_steps = idle_steps + 1 if before and step.rate < before.rate * 1.03 else 0
        in_flight *= 2
    return steps


async def _between(measure: Callable[[int], Awaitable[Step]], within: int, beyond: int) -> list[Step]:
    steps: list[Step] = []
    for _ in range(3):
        steps.append(await measure((within + beyond) // 2))
        within, beyond = (within, steps[-1].in_flight) if steps[-1].p99 >= LIMIT_MS else (steps[-1].in_flight, beyond)
    return steps


def highest(steps: Iterable[Step]) -> Step | None:
    """The step with the highest rate among those whose 99th percentile is below the limit."""
    return max((step for step in steps if step.p99 < LIMIT_MS), key=lambda step: step.rate, default=None)


def medians(rounds: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Field by field the median of several rounds; a field that only some rounds have is the median of those."""
    names = dict.fromkeys(name for one in rounds for name in one)
    return {name: statistics.median([one[name] for one in rounds if name in one]) for name in names}


def spread(rounds: Sequence[Mapping[str, float]], name: str) -> tuple[float, float]:
    """Lowest and highest value of a field over the rounds: how far the median can be trusted."""
    values = [one[name] for one in rounds if name in one]
    return min(values), max(values)
