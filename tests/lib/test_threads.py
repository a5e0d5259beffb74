"""Threads that give way."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from chat.lib.threads import give_way

OURS = (os.SCHED_OTHER, os.SCHED_BATCH)


def after(*steps: Callable[[], object]) -> int:
    """How a thread of its own is run after it did this."""

    def run() -> int:
        for step in steps:
            step()
        return os.sched_getscheduler(0)

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(run).result()


def idle() -> None:
    """A priority that somebody chose for the calling thread."""
    os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))


def refused(*_: object) -> None:
    """What a sandbox may answer."""
    raise PermissionError


def test_the_thread_that_asks_for_it_gives_way_and_no_other() -> None:
    here = os.sched_getscheduler(0)
    assert here in OURS, "the tests run as most programs do, or this shows nothing"
    assert after(give_way) == os.SCHED_BATCH
    assert os.sched_getscheduler(0) == here


def test_a_priority_that_somebody_chose_stays() -> None:
    assert after(idle, give_way) == os.SCHED_IDLE


def test_where_it_is_unknown_or_not_allowed_nothing_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = after()
    with monkeypatch.context() as patched:
        patched.setattr(os, "sched_setscheduler", refused)
        assert after(give_way) == usual
    with monkeypatch.context() as patched:
        patched.delattr(os, "SCHED_BATCH")
        assert after(give_way) == usual
