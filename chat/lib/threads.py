"""How the operating system lets threads take turns."""

from __future__ import annotations

import contextlib
import os


def give_way() -> None:
    """From now on the calling thread interrupts nobody when it wakes up, and runs when the others wait (on Linux).

    Python's threads share one lock: whoever is interrupted by another one had to give it away in the middle of something.
    A priority that the operator chose stays; where this is unknown or not allowed, nothing changes.
    """
    if not hasattr(os, "SCHED_BATCH"):
        return
    with contextlib.suppress(OSError):
        if os.sched_getscheduler(0) == os.SCHED_OTHER:
            os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
