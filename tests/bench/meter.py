"""CPU used between two moments: by the server, by its services, by the generator itself and by everybody else on the machine."""

import time
from dataclasses import dataclass

from tests.bench.processes import cpu_seconds, machine_seconds
from tests.bench.targets import Target


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


def settle(patience: float, quiet: float = 0.15) -> None:
    """Wait, at most `patience` seconds, until the whole machine uses less than `quiet` cores for a second."""
    until = time.monotonic() + patience
    while time.monotonic() < until:
        before = machine_seconds()
        time.sleep(1)
        if machine_seconds() - before < quiet:
            return
