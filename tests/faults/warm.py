"""Server processes forked from one that has loaded all code already: a campaign starts hundreds, and loading is most of a start.

Each is a process like any other, with a life, a death and an id of its own. What loading takes, the bench says.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import cast

from chat.cli import main
from tests.faults.points import VARIABLE, Trap, set_trap
from tests.journeys.servers import ready
from tests.services.daemon import Daemon

NURSERY = multiprocessing.get_context("forkserver")
NURSERY.set_forkserver_preload([__name__])


class Child:
    """A forked process, with the part of `subprocess.Popen` that a Daemon uses."""

    def __init__(self, process: ForkServerProcess) -> None:
        self._process = process

    @property
    def pid(self) -> int:
        """Its id."""
        return self._process.pid or 0

    def poll(self) -> int | None:
        """Its end, or None."""
        return self._process.exitcode

    def send_signal(self, what: signal.Signals) -> None:
        """A signal, if it lives."""
        if self.poll() is None:
            os.kill(self.pid, what)

    def kill(self) -> None:
        """SIGKILL."""
        self._process.kill()

    def wait(self, seconds: float | None = None) -> int | None:
        """Until it has ended."""
        self._process.join(seconds)
        if self.poll() is None:
            raise subprocess.TimeoutExpired(self._process.name, seconds or 0)
        return self.poll()


@dataclass
class Fork(Daemon):
    """A Daemon whose command is words of the product's command line, carried out in a fork under this environment."""

    patience: float = 300.0  # a campaign runs behind everything else on its machine
    environment: dict[str, str] = field(default_factory=dict)
    fault: str = ""  # a trap that the next start has in it

    def _launch(self) -> None:
        words = [os.fspath(word) for word in self.command]
        environment = self.environment | ({VARIABLE: self.fault} if self.fault else {})
        process = NURSERY.Process(target=begin, args=(words, environment, self.log), name=" ".join(words))
        process.start()
        self.process = cast("subprocess.Popen[bytes]", Child(process))


def begin(words: list[str], environment: dict[str, str], log: Path) -> None:
    """What a forked process does: become the server that the words and the environment describe."""
    os.setsid()
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(log.parent)
    file = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    for stream in (1, 2):
        os.dup2(file, stream)
    if fault := os.environ.pop(VARIABLE, ""):
        set_trap(Trap(fault))
    sys.argv = ["quietroom", *words]
    main()


def web(folder: Path, port: int, environment: dict[str, str]) -> Fork:
    """A web process, not yet started."""
    return Fork(["serve"], folder / f"{port}.log", lambda: ready(port), environment=environment)


def worker(folder: Path, is_ready: Callable[[], bool], environment: dict[str, str]) -> Fork:
    """A worker, not yet started."""
    return Fork(["worker"], folder / "worker.log", is_ready, environment=environment)
