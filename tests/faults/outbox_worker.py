"""A worker that dies by `kill -9` at a named point: `<database> <folder> <instant> <point>` are its arguments.

The points are before and after each of the steps claim, mint, hand-over and settle.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import Any

from chat.actions.alerts import claim_alerts, settle_alert
from chat.actions.letters import prepare_message
from chat.delivery.outbox import Outbox
from chat.delivery.post import Mail
from chat.lib import clock
from chat.runtime import Runtime
from chat.transaction import Who
from tests.delivery.desk import dispatching, everything, house_of

PROGRAM = f"{__name__}:run"
STEPS = {claim_alerts: "claim", prepare_message: "mint", settle_alert: "settle"}
POINTS = [f"{when} {step}" for step in ("claim", "mint", "hand-over", "settle") for when in ("before", "after")]


def die_at(point: str, wanted: str) -> None:
    """The end of the process, if this is the point."""
    if point == wanted:
        os.kill(os.getpid(), signal.SIGKILL)


class DeadlyOutbox(Outbox):
    """A folder of mails that may be the last thing the process sees."""

    def __init__(self, folder: Path, point: str) -> None:
        super().__init__(folder)
        self._point = point

    async def deliver(self, mail: Mail) -> None:
        """Write the file."""
        die_at("before hand-over", self._point)
        await super().deliver(mail)
        die_at("after hand-over", self._point)


def deadly(runtime: Runtime, point: str) -> None:
    """Let the runtime's steps be deadly."""
    plain = runtime.perform

    async def perform(action: Any, who: Who | None, what: Any = None, *, job: bool = False) -> Any:
        step = STEPS.get(action, "")
        die_at(f"before {step}", point)
        result = await plain(action, who, what, job=job)
        die_at(f"after {step}", point)
        return result

    runtime.perform = perform  # type: ignore[method-assign]


async def main(database: str, folder: str, instant: str, point: str) -> None:
    """One round over what is due at this instant."""
    with clock.frozen(int(instant)):
        async with house_of(database) as runtime:
            deadly(runtime, point)
            async with dispatching(runtime, DeadlyOutbox(Path(folder), point)) as dispatcher:
                await everything(dispatcher)


def run() -> None:
    """As the command line says."""
    asyncio.run(main(*sys.argv[1:]))
