"""CPU used between two moments: by the server, by its services, by the generator itself and by everybody else on the machine."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from tests.bench.processes import cpu_seconds, machine_seconds
from tests.bench.targets import Target

T = TypeVar("T")


@dataclass(frozen=True)
class Usage:
    """Seconds: of the clock, and of CPU."""

    seconds: float
    web: float
    services: float
    generator: float
    others: float


class Meter:
    """Starts when it is made."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._before = self._now()

    def read(self) -> Usage:
        """What was used since the start."""
        clock, web, services, generator, machine = (now - then for now, then in zip(self._now(), self._before, strict=True))
        return Usage(clock, web, services, generator, max(0.0, machine - web - services - generator))

    def _now(self) -> tuple[float, float, float, float, float]:
        target = self._target
        return time.perf_counter(), cpu_seconds(target.web), cpu_seconds(target.services), time.process_time(), machine_seconds()


CALM = 0.25
"""Cores that others may use during a measurement before it is taken again."""


def calmly(measure: Callable[[], T], patience: float) -> T:
    """Wait for a quiet machine, at most `patience` seconds, and measure; what was disturbed is measured up to three times."""
    attempts: list[tuple[float, T]] = []
    while len(attempts) < (3 if patience else 1):
        settle(patience)
        clock, others = time.monotonic(), _others()
        figures = measure()
        attempts.append(((_others() - others) / (time.monotonic() - clock), figures))
        if attempts[-1][0] < CALM:
            break
    return min(attempts, key=lambda attempt: attempt[0])[1]


def settle(patience: float) -> None:
    """Wait, at most `patience` seconds, for a second in which others use less than half of what is still calm."""
    until = time.monotonic() + patience
    while time.monotonic() < until:
        before = _others()
        time.sleep(1)
        if _others() - before < CALM / 2:
            return


def _others() -> float:
    """Seconds of CPU used by everything that this process did not start."""
    return machine_seconds() - cpu_seconds([os.getpid()])
