"""A worker that dies by `kill -9` in a mass message: `<database> <when> <step>` are its arguments.

When: before that step, when its messages are written, before its commit, or after it.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from typing import Any

from chat.actions import mass_messages
from chat.actions.messages import send_messages
from chat.transaction import Transaction
from tests.delivery.desk import house_of

PROGRAM = f"{__name__}:run"
STEP = 4  # clients


def die() -> None:
    """The end of the process, as a power cut would have it."""
    os.kill(os.getpid(), signal.SIGKILL)


class Deadly:
    """Counts the steps, and ends the process in the middle of one."""

    def __init__(self, when: str, step: int) -> None:
        self.when, self.last, self.step = when, step, 0

    def send(self, tx: Transaction, asked: Any) -> Any:
        """The real sending; what it wrote may be the last that is done."""
        results = send_messages(tx, asked)
        self.at("written")
        return results

    def advance(self, tx: Transaction, what: Any) -> bool:
        """The real step, up to its commit."""
        more = mass_messages.advance(tx, what)
        tx.finish()
        self.at("uncommitted")
        return more

    def at(self, when: str) -> None:
        """Whether it is time to go."""
        if (when, self.step) == (self.when, self.last):
            die()


async def main(database: str, when: str, step: str) -> None:
    """Steps until the end of the process, or of the work."""
    deadly = Deadly(when, int(step))
    mass_messages.STEP = STEP
    setattr(mass_messages, send_messages.__name__, deadly.send)
    async with house_of(database) as runtime:
        more = True
        while more:
            deadly.step += 1
            deadly.at("before")
            more = await runtime.perform(deadly.advance, None, None, job=True)
            deadly.at("after")


def run() -> None:
    """As the command line says."""
    asyncio.run(main(*sys.argv[1:]))
