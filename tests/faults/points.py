"""Named points on a message's way, at which a process of a campaign ends or stands still.

QUIETROOM_TEST_FAULT names a point, at which passing it happens, and the signal that the process then gives itself:
`after commit:3:KILL`. Only what carries a message counts. The functions of the product are wrapped from outside, in a
process that the campaign has started for this; the product knows nothing of it.
"""

from __future__ import annotations

import inspect
import os
import signal
from collections.abc import Callable
from typing import Any

from chat import cli
from chat.actions import messages, posting
from chat.runtime import Runtime
from chat.runtime.writer import Lane, Writer
from chat.transaction import Transaction
from chat.web.socket import Line
from tests.services.nursery import CHAT

VARIABLE = "QUIETROOM_TEST_FAULT"
PROGRAM = (f"{__name__}:main", *CHAT[1:])  # what is begun in the place of the product
#: A step of a message's way → the function that carries it out.
STEPS: dict[str, tuple[Any, str]] = {
    "validate": (messages, "_admit"),
    "insert": (messages, "post"),
    "copy": (posting, "copy_to_contact_log"),
    "finish": (Transaction, "finish"),
    "commit": (Lane, "_transact"),
    "answer": (Writer, "_tell"),
    "acknowledge": (Line, "send"),
    "ring": (Runtime, "_rung"),
    "deliver": (Line, "_frames"),
}
#: "commit" is the whole transaction: what lies right before its end is "after finish".
POINTS = [f"{when} {step}" for step in STEPS for when in ("before", "after") if (when, step) != ("before", "commit")]


class Trap:
    """Counts how often its point is passed by a message, and springs."""

    def __init__(self, fault: str) -> None:
        self.point, passes, name = fault.split(":")
        self.left, self.signal = int(passes), signal.Signals[f"SIG{name}"]
        self.carries = False  # whether the running transaction writes a message

    def pass_by(self, point: str) -> None:
        """A message is at this point."""
        if point != self.point:
            return
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), self.signal)

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


def set_trap(trap: Trap) -> None:
    """Wrap each step; a function that is no longer there fails at once, by its name."""
    for step, (owner, name) in STEPS.items():
        plain = getattr(owner, name)
        wrapper = _awaited if inspect.iscoroutinefunction(plain) else _called
        setattr(owner, name, wrapper(trap, step, plain))


def _called(trap: Trap, step: str, plain: Callable[..., Any]) -> Callable[..., Any]:
    def call(*given: Any, **named: Any) -> Any:
        if step == "commit":
            trap.carries = False
        if trap.counts(step, given):
            trap.pass_by(f"before {step}")
        result = plain(*given, **named)
        if trap.counts(step, given):
            trap.pass_by(f"after {step}")
        return result

    return call


def _awaited(trap: Trap, step: str, plain: Callable[..., Any]) -> Callable[..., Any]:
    async def call(*given: Any, **named: Any) -> Any:
        counts = trap.counts(step, given)
        if counts:
            trap.pass_by(f"before {step}")
        result = await plain(*given, **named)
        if counts:
            trap.pass_by(f"after {step}")
        return result

    return call


def main() -> None:
    """The product's command line, with the trap in it that the environment names."""
    set_trap(Trap(os.environ.pop(VARIABLE)))
    cli.main()
