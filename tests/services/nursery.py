"""Programs in Python started in a moment: forked from a process that has read all their modules before.

Reading those of `python -m chat` takes a processor two seconds, and the tests start it some hundred times. What runs is the
whole program, in a process with an id, an environment and a log of its own, to be killed, frozen and started again. Where the
start itself is tried, tests start Python.
"""

from __future__ import annotations

import atexit
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import IO, Any

from tests.services.daemon import Daemon

ROOT = Path(__file__).parents[2]
CHAT = ("chat.cli:main", "uvicorn.lifespan.on", "uvicorn.loops.uvloop", "anyio._backends._asyncio")


class Forked:
    """A process of the nursery, as `subprocess.Popen` shows its own."""

    def __init__(self, nursery: Nursery, pid: int) -> None:
        self.pid = pid
        self._nursery = nursery
        self._code: int | None = None

    def poll(self) -> int | None:
        """How it ended; None while it runs."""
        if self._code is None:
            self._code = self._nursery.ask({"ended": self.pid})["code"]
        return self._code

    def wait(self, timeout: float) -> int:
        """How it ended, once it has."""
        until = time.monotonic() + timeout
        while (code := self.poll()) is None:
            if time.monotonic() > until:
                raise subprocess.TimeoutExpired(str(self.pid), timeout)
            time.sleep(0.01)
        return code

    def send_signal(self, which: signal.Signals) -> None:
        """Only to a process that still runs: afterwards its id may be somebody else's."""
        if self.poll() is None:
            os.kill(self.pid, which)

    def kill(self) -> None:
        """As a power cut would."""
        self.send_signal(signal.SIGKILL)


class Nursery:
    """The process that has read everything; it ends when its standard input does."""

    def __init__(self, *program: str) -> None:
        # By words and not by name: what the program starts itself must not take that name for its own.
        command = [sys.executable, "-c", f"from tests.services.forks import serve; serve(*{program!r})"]
        ends: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        self._process = subprocess.Popen(command, cwd=ROOT, start_new_session=True, **ends)
        self._turn = threading.Lock()

    def ask(self, question: dict[str, Any]) -> dict[str, Any]:
        """One line there, one line back."""
        entry, exit_ = self._process.stdin, self._process.stdout
        assert entry is not None
        assert exit_ is not None
        with self._turn:
            entry.write(json.dumps(question).encode() + b"\n")
            entry.flush()
            line = exit_.readline()
        if not line:
            raise RuntimeError("The process that others are forked from has ended; its last words stand above.")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def fork(self, arguments: Sequence[str], environment: dict[str, str], log: Path, program: str = "") -> Forked:
        """Begin the program with these arguments and nothing but this environment; it works where its log is.

        `program`: another one to begin in its place, best one that needs little more than what is read already.
        """
        begun = {"arguments": list(arguments), "environment": environment, "log": str(log), "program": program}
        return Forked(self, self.ask(begun)["pid"])

    def close(self) -> None:
        """No more children; those that run go on."""
        for end in (self._process.stdin, self._process.stdout):
            if end is not None:
                end.close()
        self._process.wait()


@cache
def nursery(*program: str) -> Nursery:
    """One for all tests of this process, from the first that needs it: of a "module:function", and what that reads late."""
    one = Nursery(*program)
    atexit.register(one.close)
    return one


@dataclass
class Chat(Daemon):
    """`python -m chat …` as tests run it; `command` holds its arguments. `program`: what is begun in its place."""

    environment: dict[str, str] = field(default_factory=dict)
    program: str = ""

    def _begin(self, log: IO[bytes]) -> Forked:
        return nursery(*CHAT).fork([os.fspath(part) for part in self.command], self.environment, Path(log.name), self.program)
