"""The thread that reads what changed, for all who were rung together.

A thread and a connection of its own: deliveries never wait behind somebody's long listing, and the pool's way of lending a
connection and an executor's way of handing work over would take as long as a small read itself.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any

from sqlalchemy import Connection, Engine

from chat.lib.database import unusable
from chat.lib.threads import give_way
from chat.runtime.lane import Question, Then, Unavailable
from chat.transaction import Keys, Policy, Reading

log = logging.getLogger(__name__)


class Feed:
    """One thread, one kept connection, one question after the other."""

    def __init__(self, engine: Engine, keys: Keys, policy: Policy) -> None:
        self._engine, self._keys, self._policy = engine, keys, policy
        self._asked: SimpleQueue[Question | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="feed", daemon=True)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._connection: Connection | None = None

    def begin(self, loop: asyncio.AbstractEventLoop) -> None:
        """Start to answer, in this loop."""
        self._loop = loop
        self._thread.start()

    def ask(self, then: Then, question: Callable[..., Any], *values: Any) -> None:
        """Answer a question from one snapshot. `then` gets the answer in the loop, or the exception, which is not raised."""
        self._asked.put((then, question, values))

    def stop(self) -> None:
        """Answer what was asked, and return when the thread has ended."""
        self._asked.put(None)
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        try:
            give_way()
            while self._serve():
                pass
        except BaseException:
            # Without it nothing is delivered, no session ends, and nobody would notice.
            log.critical("The feed failed; the process ends.", exc_info=True)
            os._exit(70)
        finally:
            self._let_go()

    def _serve(self) -> bool:
        """Answer the next question, and keep nothing of it: whoever asked may be gone before there is another."""
        if (asked := self._asked.get()) is None:
            return False
        then, question, values = asked
        answer = self._answer(question, values)
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
            if self._loop is not None:
                self._loop.call_soon_threadsafe(then, answer)
        return True

    def _answer(self, question: Callable[..., Any], values: tuple[Any, ...]) -> Any:
        kept = self._connection is not None
        try:
            return self._read(question, values)
        except Exception as error:
            if not unusable(error):
                return error
            self._let_go()
            # Of a kept connection the first question learns that the database was started anew.
            return self._answer(question, values) if kept else Unavailable()

    def _read(self, question: Callable[..., Any], values: tuple[Any, ...]) -> Any:
        if self._connection is None:
            self._connection = self._engine.connect()
        with self._connection.begin():
            return question(Reading(self._connection, self._keys, policy=self._policy), *values)

    def _let_go(self) -> None:
        lost, self._connection = self._connection, None
        for let_go in (lost.invalidate, lost.close) if lost is not None else ():
            with contextlib.suppress(Exception):  # it may be past even that; the next one is another
                let_go()
