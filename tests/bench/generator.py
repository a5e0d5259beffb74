"""The generator's own process, on its own core: scenarios are called here by name and their figures come back as values."""

import asyncio
import multiprocessing
import os
from collections.abc import Callable, Coroutine
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from types import TracebackType
from typing import Any, ParamSpec, TypeVar

import uvloop

from tests.bench.processes import many_files

P = ParamSpec("P")
T = TypeVar("T")


class Generator:
    """A context manager around one child process, pinned to a core, that runs one scenario at a time."""

    def __init__(self, core: int) -> None:
        spawn = multiprocessing.get_context("spawn")
        self._pool = ProcessPoolExecutor(1, mp_context=spawn, initializer=_begin, initargs=(core,))

    def __enter__(self) -> "Generator":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._pool.shutdown(cancel_futures=True)

    def run(self, scenario: Callable[P, Coroutine[Any, Any, T]], *arguments: P.args, **options: P.kwargs) -> T:
        """Run a scenario in the child and wait for its figures, at most five minutes."""
        return self._pool.submit(_run, partial(scenario, *arguments, **options)).result(timeout=300)


def _begin(core: int) -> None:
    os.sched_setaffinity(0, {core})
    many_files()


def _run(scenario: Callable[[], Coroutine[Any, Any, T]]) -> T:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(scenario())
