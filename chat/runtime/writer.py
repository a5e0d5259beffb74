"""The writer: one thread that carries out commands, as many as have gathered in one transaction (group commit).

No timer: a batch forms by itself while the last one is committed and delivered (docs/decisions/0020-one-batch-at-a-time.md), on
PostgreSQL until it is full (0023). On SQLite it reads for that delivery itself (0022). People come first: after each group of
their commands at most one step of a job.
"""

from __future__ import annotations

import asyncio
import logging
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import Any

from sqlalchemy import Engine

from chat.lib import metrics
from chat.lib.threads import give_way
from chat.runtime.lane import Lane, Question, Then, Unavailable, Work
from chat.transaction import Keys, Policy

log = logging.getLogger(__name__)

QUEUE, OLDEST, BATCH = 1_000, 3.0, 200
DELIVERY = 0.03  # seconds that a batch waits at most for the delivery of the one before


class Writer:
    """The one thread of a process that writes."""

    def __init__(self, engine: Engine, keys: Keys, policy: Policy) -> None:
        self._lane = Lane(engine, keys, policy)
        self._queue: deque[Work] = deque()
        self._jobs: deque[Work] = deque()
        self._turn = False  # whether a job's step comes before the next group of commands
        self._wake: SimpleQueue[None] = SimpleQueue()  # a condition would take longer than all else that is done to queue one
        self._delivered = True  # what the last commit changed is with its readers here
        self._free = False  # between two groups of commands
        # What it is to read before the next batch; None: it need not wait any more.
        self._asked: SimpleQueue[Question | None] = SimpleQueue()
        self._door = threading.Lock()  # nothing comes in once it is shut
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ring: Callable[[Iterable[int]], None] = lambda _: None

    def begin(self, loop: asyncio.AbstractEventLoop, ring: Callable[[Iterable[int]], None]) -> None:
        """Start; after each commit `ring` is called in the loop with the people whose mailbox changed."""
        self._loop, self._ring = loop, ring
        metrics.QUEUE.set_function(lambda: len(self._queue))
        self._thread.start()

    def submit(self, work: Work, *, job: bool = False) -> None:
        """Queue a command or a job's step; Unavailable if that queue is full or has stood still."""
        queue = self._jobs if job else self._queue
        with self._door:
            if self._stopping or len(queue) >= QUEUE or _stale(queue):
                raise Unavailable
            queue.append(work)
        if len(queue) == BATCH:
            self._asked.put(None)  # a full batch waits for nothing
        self._wake.put(None)

    def go_on(self) -> None:
        """What was committed is delivered: the next batch need not wait for it. From the loop."""
        self._delivered = True
        self._asked.put(None)

    def ask(self, then: Then, question: Callable[..., Any], *values: Any) -> bool:
        """As `Feed.ask`, about what it wrote last. False, and nothing is asked, if it would not answer at once. From the loop."""
        with self._door:
            if not self._lane.remembers or not self._free or self._delivered:
                return False
            self._asked.put((then, question, values))
        self._wake.put(None)
        return True

    def drain(self) -> None:
        """Take nothing new, carry out what is queued, and return when the thread has ended."""
        with self._door:
            self._stopping = True
        self._wake.put(None)
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        try:
            self._free = True
            give_way()  # the loop reads all that has come before a batch begins
            while self._carry_out():
                pass
        except BaseException:
            # Without its writer the process can only refuse; a supervisor starts a sound one.
            log.critical("The writer failed; the process ends.", exc_info=True)
            os._exit(70)
        finally:
            with self._door:
                self._free = False
            self._deliver()
            self._lane.close()

    def _carry_out(self) -> bool:
        """The next commands; False after the last ones. Nothing of them is kept: whoever asked may be gone before others come."""
        if works := self._take():
            self._free = False
            self._lane.carry_out(works, self._answer)
            self._free = True
        return bool(works)

    def _take(self) -> list[Work]:
        while True:
            self._deliver()
            stopping = self._stopping  # looked at before the queues: what is taken after it is carried out all the same
            while self._queue or self._jobs:
                if wanted := [work for work in self._group() if not work.left]:
                    return wanted
            if stopping:
                return []
            self._wake.get()

    def _deliver(self) -> None:
        """Read what is asked for, and where commands wait, for a while also what is about to be."""
        end = time.monotonic() + DELIVERY
        with suppress(Empty):
            while True:
                self._read(self._asked.get(self._gathers(), max(0.0, end - time.monotonic())))

    def _gathers(self) -> bool:
        """Whether the next batch has begun to form and may still grow while what the last one changed is delivered.

        A full one does not. But on SQLite it waits: it is this thread that reads for the delivery.
        """
        full = len(self._queue) >= BATCH and not self._lane.remembers
        return bool(self._queue) and not self._delivered and not full

    def _read(self, asked: Question | None) -> None:
        if asked is not None and self._loop is not None:
            then, question, values = asked
            answer = self._lane.answer(question, values)
            with suppress(RuntimeError):  # the loop is closed: nobody waits any more
                self._loop.call_soon_threadsafe(then, answer)

    def _group(self) -> list[Work]:
        """One step of a job, if it is its turn or nobody waits; else as many commands as have gathered."""
        alone = self._jobs and (self._turn or not self._queue)
        self._turn = not alone
        if alone:
            return [self._jobs.popleft()]
        return [self._queue.popleft() for _ in range(min(BATCH, len(self._queue)))]

    def _answer(self, works: Sequence[Work], rung: set[int]) -> None:
        if self._loop is None or self._loop.is_closed():
            return
        self._delivered, self._free = False, True
        self._loop.call_soon_threadsafe(self._tell, works, rung)

    def _tell(self, works: Sequence[Work], rung: set[int]) -> None:
        for work in works:
            if work.then is not None:
                try:
                    work.then(work.result)
                except Exception:
                    # It is committed: the others of its batch are told, and the bells rung, whatever one cannot take.
                    log.exception("Whoever asked for %s could not be answered.", work.action.__name__)
        self._ring(rung)


def _stale(queue: deque[Work]) -> bool:
    try:
        return time.monotonic() - queue[0].at > OLDEST
    except IndexError:  # empty, or emptied by the writer just now
        return False
