"""A server program that tests start, freeze, kill and start again, always by its own process id."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from pwd import getpwnam
from typing import IO, Any, Protocol

START_SECONDS = 60.0  # of a machine that has more to do
STOP_SECONDS = 20.0


class Missing(Exception):
    """A part that the tests need is not on this machine; the sentence says what to do."""


class Process(Protocol):
    """What tests do with a process, whoever began it."""

    pid: int

    def poll(self) -> int | None:
        """How it ended; None while it runs."""

    def wait(self, timeout: float) -> int:
        """How it ended, once it has; subprocess.TimeoutExpired if it takes longer."""

    def send_signal(self, which: signal.Signals, /) -> None:
        """Nothing happens if it has ended."""

    def kill(self) -> None:
        """As a power cut would."""


def free_port() -> int:
    """A port of the loopback address that nobody listens on now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def as_user(name: str | None) -> dict[str, Any]:
    """What `subprocess` takes to run a program as somebody else, with nothing left of our own rights."""
    return {} if name is None else {"user": name, "group": getpwnam(name).pw_gid, "extra_groups": []}


@dataclass
class Daemon:
    """One program; `ready` says when it serves. Its words go to `log`."""

    command: Sequence[str | Path]
    log: Path
    ready: Callable[[], bool]
    user: str | None = None  # None: whoever runs the tests
    stop_signal: signal.Signals = signal.SIGTERM
    process: Process | None = field(default=None, repr=False)

    def start(self) -> None:
        """Starts the program and returns when it serves; a program that ends at once is tried again until time is up."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self.process is None or self.process.poll() is not None:
                self._launch()
            if self.ready():
                return
            time.sleep(0.02)
        self.kill()
        raise RuntimeError(f"{self.command[0]} did not serve within {START_SECONDS:.0f} s:\n{self.log.read_text()[-2000:]}")

    def _launch(self) -> None:
        if self.process is not None:
            time.sleep(0.1)  # a server killed a moment ago may still hold its shared memory
        with self.log.open("ab") as log:
            self.process = self._begin(log)

    def _begin(self, log: IO[bytes]) -> Process:
        return subprocess.Popen(
            [os.fspath(part) for part in self.command],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=self.log.parent,
            **as_user(self.user),
            start_new_session=True,  # Ctrl-C in a terminal is for the tests; they stop their servers in order
        )

    @property
    def pid(self) -> int:
        """The program's process id while it runs."""
        if self.process is None:
            raise RuntimeError(f"{self.command[0]} is not running")
        return self.process.pid

    def kill(self) -> None:
        """Ends the program as a power cut would: no goodbye."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Ends the program in its own way, or the hard way when it takes too long."""
        self._end(self.stop_signal)

    def restart(self) -> None:
        """Starts the program again, on the same port and data."""
        self.stop()
        self.start()

    def freeze(self) -> None:
        """Stops the program's clock: connections stay open and nobody answers."""
        os.kill(self.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """Lets a frozen program go on."""
        os.kill(self.pid, signal.SIGCONT)

    def _end(self, how: signal.Signals) -> None:
        if self.process is None:
            return
        self.process.send_signal(how)
        self.process.send_signal(signal.SIGCONT)  # a frozen program hears nothing but SIGKILL
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(STOP_SECONDS)
        self.process = None
