"""Where plain functions meet the event loop: `perform` for verbs, `ask` for questions, `live` for what changed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import Engine

from chat.lib.database import unusable
from chat.runtime.feed import Feed
from chat.runtime.lane import Unavailable, Work
from chat.runtime.live import Listener, Live
from chat.runtime.writer import Writer
from chat.transaction import Keys, Policy, Reading, Who

__all__ = ["Listener", "Live", "Runtime", "Unavailable"]

T = TypeVar("T")
READERS = 4


class Runtime:
    """One process's writer, readers and live connections over one database."""

    def __init__(self, writing: Engine, reading: Engine, keys: Keys, policy: Policy | None = None) -> None:
        self.keys = keys
        self.policy = policy or Policy()
        self._reading, self._writing = reading, writing
        self._questions = ThreadPoolExecutor(READERS, "reader")
        self._feed = Feed(reading, keys, self.policy)
        self._writer = Writer(writing, keys, self.policy)
        self.live = Live(self._feed.ask, self._writer.ask, self._writer.go_on)
        self.after_commit: list[Callable[[set[int]], None]] = [self.live.ring]

    async def start(self) -> None:
        """Begin to write and to deliver."""
        loop = asyncio.get_running_loop()
        self._feed.begin(loop)
        self._writer.begin(loop, self._rung)
        self.live.start()

    async def stop(self) -> None:
        """Carry out what is queued, answer it, and stop."""
        await asyncio.to_thread(self._writer.drain)
        await self.live.stop()
        self._questions.shutdown(wait=True, cancel_futures=True)
        await asyncio.to_thread(self._feed.stop)
        for engine in (self._reading, self._writing):
            engine.dispose()

    async def perform(self, action: Callable[..., Any], who: Who | None, what: Any = None, *, job: bool = False) -> Any:
        """Carry out a verb in a transaction and return its result after the commit; its refusal is raised.

        A step of a `job` is small and lets the commands that people wait for go first. Cancelling the caller helps only
        while the command is queued. Unavailable: nothing was queued, or the outcome is unknown; asking again with the same
        key is always safe.
        """
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        work = self._queued(Work(action, who, what, partial(_settle, future)), job=job)
        try:
            return await future
        finally:
            work.left = future.cancelled()

    def submit(self, action: Callable[..., Any], who: Who, what: Any, then: Callable[[Any], None]) -> None:
        """`perform` without a task that waits: `then` gets the result after the commit, or the exception, which is not raised.

        Unavailable is raised if nothing was queued. Whoever leaves meanwhile does not take the command back.
        """
        self._queued(Work(action, who, what, then))

    def _queued(self, work: Work, *, job: bool = False) -> Work:
        self._writer.submit(work, job=job)
        return work

    async def ask(self, question: Callable[..., T], *values: Any, who: Who | None = None, **named: Any) -> T:
        """Answer a question from one snapshot."""
        return await asyncio.get_running_loop().run_in_executor(self._questions, self._answer, question, values, named, who)

    def _answer(self, question: Callable[..., T], values: tuple[Any, ...], named: dict[str, Any], who: Who | None) -> T:
        try:
            with self._reading.connect() as connection, connection.begin():
                return question(Reading(connection, self.keys, who=who, policy=self.policy), *values, **named)
        except Exception as error:
            if unusable(error):
                raise Unavailable from error
            raise

    def _rung(self, people: Iterable[int]) -> None:
        changed = set(people)
        for listener in self.after_commit if changed else ():
            listener(changed)
        if not self.live.busy:
            self._writer.go_on()


def _settle(future: asyncio.Future[Any], result: Any) -> None:
    if future.done():
        return
    if isinstance(result, BaseException):
        future.set_exception(result)
    else:
        future.set_result(result)
