"""Named points on a message's way, at which a process of a campaign ends or stands still.

QUIETROOM_TEST_FAULT names a file. Once it is there, it names a point, at which passing it happens, and the signal that the
process then gives itself: `after commit:3:KILL`. Only what carries a message counts. QUIETROOM_TEST_POINTS names a file that
gets a line for each point that a message passes. The functions of the product are wrapped from outside, in a process that was
started for this; the product knows nothing of it, and a test notices when it goes another way.
"""

from __future__ import annotations

import inspect
import os
import signal
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from chat import cli
from chat.actions import messages, posting
from chat.runtime import Runtime
from chat.runtime.lane import Lane
from chat.runtime.writer import Writer
from chat.transaction import Transaction
from chat.web.socket import Line

VARIABLE, NOTES = "QUIETROOM_TEST_FAULT", "QUIETROOM_TEST_POINTS"
PROGRAM = f"{__name__}:main"  # what is begun in the place of the product
#: A step of a message's way → the function that carries it out.
STEPS: dict[str, tuple[Any, str]] = {
    "validate": (messages, "_admit"),
    "insert": (messages, "post"),
    "copy": (posting, "copy_to_contact_log"),
    "finish": (Transaction, "finish"),
    "commit": (Lane, "_transact"),
    "answer": (Writer, "_tell"),
    "acknowledge": (Line, "_answer"),
    "ring": (Runtime, "_rung"),
    "deliver": (Line, "_frames"),
}
#: "commit" is the whole transaction: what lies right before its end is "after finish".
POINTS = [f"{when} {step}" for step in STEPS for when in ("before", "after") if (when, step) != ("before", "commit")]


class Watcher:
    """Knows when a message is at a point, and does what it is there for."""

    def __init__(self, pass_by: Callable[[str], None]) -> None:
        self.pass_by = pass_by
        self.carries = False  # whether the running transaction writes a message

    def counts(self, step: str, given: tuple[Any, ...]) -> bool:
        """Whether a message is on this step's way, by what the function was given."""
        if step == "insert":
            self.carries = bool(given[1])
        if step in {"copy", "finish", "commit"}:
            return self.carries
        if step == "answer":
            return any(work.action is messages.send_messages for work in given[1])
        if step == "acknowledge":
            return "seq" in (given[1].get("result") or {})
        if step == "deliver":
            return any(change.messages for change in given[1].changes)
        return True


def trap(file: str) -> Callable[[str], None]:
    """Springs when the point that the file names is passed for the last of so many times; then the file is gone."""
    passes: Counter[str] = Counter()

    def pass_by(passed: str) -> None:
        if not os.path.exists(file):
            passes.clear()
            return
        point, wanted, name = Path(file).read_text().split(":")
        passes[passed] += 1
        if passed == point and passes[point] == int(wanted):
            os.unlink(file)
            os.kill(os.getpid(), signal.Signals[f"SIG{name}"])

    return pass_by


def arm(file: Path, point: str, passes: int, how: str) -> None:
    """Whole at once, for it is read at any moment."""
    assert point in POINTS, point
    half = file.with_suffix(".half")
    half.write_text(f"{point}:{passes}:{how}")
    half.rename(file)


def notes(file: str) -> Callable[[str], None]:
    """Writes down what is passed."""

    def pass_by(passed: str) -> None:
        with Path(file).open("a") as lines:
            lines.write(f"{passed}\n")

    return pass_by


def watch(watcher: Watcher) -> None:
    """Wrap each step; a function that is no longer there fails at once, by its name."""
    for step, (owner, name) in STEPS.items():
        plain = getattr(owner, name)
        wrapper = _awaited if inspect.iscoroutinefunction(plain) else _called
        setattr(owner, name, wrapper(watcher, step, plain))


def _called(watcher: Watcher, step: str, plain: Callable[..., Any]) -> Callable[..., Any]:
    def call(*given: Any, **named: Any) -> Any:
        if step == "commit":
            watcher.carries = False
        if watcher.counts(step, given):
            watcher.pass_by(f"before {step}")
        result = plain(*given, **named)
        if watcher.counts(step, given):
            watcher.pass_by(f"after {step}")
        return result

    return call


def _awaited(watcher: Watcher, step: str, plain: Callable[..., Any]) -> Callable[..., Any]:
    async def call(*given: Any, **named: Any) -> Any:
        counts = watcher.counts(step, given)
        if counts:
            watcher.pass_by(f"before {step}")
        result = await plain(*given, **named)
        if counts:
            watcher.pass_by(f"after {step}")
        return result

    return call


def main() -> None:
    """The product's command line, watched as the environment says."""
    file = os.environ.pop(NOTES, "")
    watch(Watcher(notes(file) if file else trap(os.environ.pop(VARIABLE))))
    cli.main()
