"""The writer: one thread that carries out commands, as many as have gathered in one transaction (group commit).

No timer: a batch forms by itself while the last one is committed and delivered (docs/decisions/0020-one-batch-at-a-time.md). A
refusal is a value. What fails against all expectation is run again one by one, so that only the guilty command is refused. People
come first: after each group of their commands at most one step of a job.
"""

from __future__ import annotations

import asyncio
import logging
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from queue import SimpleQueue
from typing import Any

from sqlalchemy import Connection, Engine

from chat.errors import CoreError
from chat.lib import metrics
from chat.lib.database import passing, unusable
from chat.lib.sql import driver, pipelined
from chat.lib.threads import give_way
from chat.transaction import Asked, Keys, Policy, Transaction, Who

log = logging.getLogger(__name__)

QUEUE, OLDEST, BATCH, TRIES = 1_000, 3.0, 200, 3
DELIVERY = 0.03  # seconds that a batch waits at most for the delivery of the one before


class Unavailable(Exception):
    """The command was not taken, or nobody knows whether it was carried out; asking again with the same key is safe."""

    def __init__(self, message: str = "The service is busy. Please try again in a moment.") -> None:
        super().__init__(message)
        self.message = message


@dataclass(slots=True)
class Work:
    """One command on its way. `result` is what its caller gets by `then`, in the loop: a value, or an exception to be raised."""

    action: Callable[..., Any]
    who: Who | None
    what: Any
    then: Callable[[Any], None] | None = None
    at: float = field(default_factory=time.monotonic)
    result: Any = None
    left: bool = False  # whoever asked has left, and does not want it any more


class Writer:
    """The one thread of a process that writes."""

    def __init__(self, engine: Engine, keys: Keys, policy: Policy) -> None:
        self._lane = Lane(engine, keys, policy)
        self._queue: deque[Work] = deque()
        self._jobs: deque[Work] = deque()
        self._turn = False  # whether a job's step comes before the next group of commands
        self._wake: SimpleQueue[None] = SimpleQueue()  # a condition would take longer than all else that is done to queue one
        self._delivered = threading.Event()  # what the last commit changed is with its readers here
        self._delivered.set()
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
        self._wake.put(None)

    def go_on(self) -> None:
        """What was committed is delivered: the next batch need not wait for it. From the loop."""
        self._delivered.set()

    def drain(self) -> None:
        """Take nothing new, carry out what is queued, and return when the thread has ended."""
        with self._door:
            self._stopping = True
        self._wake.put(None)
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        try:
            give_way()  # the loop reads all that has come before a batch begins
            while self._carry_out():
                pass
        except BaseException:
            # Without its writer the process can only refuse; a supervisor starts a sound one.
            log.critical("The writer failed; the process ends.", exc_info=True)
            os._exit(70)
        finally:
            self._lane.close()

    def _carry_out(self) -> bool:
        """The next commands; False after the last ones. Nothing of them is kept: whoever asked may be gone before others come."""
        if works := self._take():
            self._lane.carry_out(works, self._answer)
        return bool(works)

    def _take(self) -> list[Work]:
        while True:
            if self._queue:
                self._delivered.wait(DELIVERY)
            stopping = self._stopping  # looked at before the queues: what is taken after it is carried out all the same
            while self._queue or self._jobs:
                if wanted := [work for work in self._group() if not work.left]:
                    return wanted
            if stopping:
                return []
            self._wake.get()

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
        self._delivered.clear()
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


def checkpoint(connection: Connection, _what: None = None) -> bool:
    """SQLite: move the write-ahead log into the file and empty it, so that erased bytes are in neither. Outside a transaction."""
    if connection.dialect.name == "sqlite":
        driver(connection).execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return False


checkpoint.bare = True  # type: ignore[attr-defined]


class Lane:
    """Transactions on one kept connection. Also what the command line uses, without a thread."""

    def __init__(self, engine: Engine, keys: Keys, policy: Policy) -> None:
        self._engine, self._keys, self._policy = engine, keys, policy
        self._connection: Connection | None = None
        # PostgreSQL: a transaction for each group, so that locks are taken in one order. SQLite has one lock: one for all.
        self._apart = engine.dialect.name != "sqlite"

    def carry_out(self, works: Sequence[Work], answer: Callable[[Sequence[Work], set[int]], None]) -> None:
        """Carry out the commands, each group by itself or all together, and answer after each commit."""
        if getattr(works[0].action, "bare", False):
            self._settle_bare(works)
            answer(works, set())
            return
        groups = grouped(works)
        for batch in ([group] for group in groups) if self._apart else [groups]:
            begun = time.perf_counter()
            rung = self._attempt(batch)
            metrics.COMMITS.observe(time.perf_counter() - begun)
            metrics.BATCHES.observe(sum(map(len, batch)))
            answer([work for group in batch for work in group], rung)

    def close(self) -> None:
        """Give the connection back."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _settle_bare(self, works: Sequence[Work]) -> None:
        for work in works:
            try:
                work.result = work.action(self._connected(), work.what)
            except Exception as error:
                work.result = error

    def _attempt(self, groups: Sequence[list[Work]]) -> set[int]:
        for attempt in range(TRIES):
            try:
                return self._transact(groups)
            except Exception as error:
                self._let_go(error)
                if not passing(error):
                    return self._failed(groups, error)
                time.sleep(0.005 * attempt)
        return self._settle(groups, Unavailable("This may or may not have been saved. Please ask again with the same key."))

    def _failed(self, groups: Sequence[list[Work]], error: Exception) -> set[int]:
        works = [work for group in groups for work in group]
        if unusable(error):
            log.error("The database cannot be written: %s", type(error).__name__)
            return self._settle(groups, Unavailable("The service cannot save anything at the moment. Please try again soon."))
        if len(works) == 1:
            log.error("The command %s failed.", works[0].action.__name__, exc_info=error)
            return self._settle(groups, error)
        return set().union(*(self._attempt([[work]]) for work in works))

    def _settle(self, groups: Sequence[list[Work]], error: Exception) -> set[int]:
        for group in groups:
            for work in group:
                work.result = error
        return set()

    def _transact(self, groups: Sequence[list[Work]]) -> set[int]:
        connection = self._connected()
        with ExitStack() as stack:
            # What runs each in a savepoint must learn of its errors at once.
            if all(map(_set_based, groups)):
                stack.enter_context(pipelined(connection))
            stack.enter_context(connection.begin())
            whole = Transaction(connection, self._keys, policy=self._policy)
            for group in groups:
                if _set_based(group):
                    self._together(whole, group)
                else:
                    self._apiece(whole, group)
            whole.finish()
        return whole.rung

    def _together(self, whole: Transaction, group: list[Work]) -> None:
        asked = [Asked(work.who, work.what) for work in group if work.who is not None]
        for work, result in zip(group, group[0].action(whole, asked), strict=True):
            work.result = result

    def _apiece(self, whole: Transaction, group: list[Work]) -> None:
        for work in group:
            part = Transaction(whole.connection, self._keys, whole.now, work.who, self._policy, fresh=whole.fresh)
            try:
                with whole.connection.begin_nested():
                    work.result = work.action(part, work.what)
            except CoreError as refusal:
                work.result = refusal
            else:
                whole.rung |= part.rung
                whole.audited += part.audited

    def _connected(self) -> Connection:
        if self._connection is None:
            self._connection = self._engine.connect()
        return self._connection

    def _let_go(self, error: Exception) -> None:
        if self._connection is not None and passing(error):
            self._connection.invalidate()
            self.close()


def _set_based(group: Sequence[Work]) -> bool:
    return getattr(group[0].action, "set_based", False)


def grouped(works: Sequence[Work]) -> list[list[Work]]:
    """Commands of one set-based action together, as far as the order of each person's own commands allows."""
    groups: list[list[Work]] = []
    newest: dict[Callable[..., Any], int] = {}  # the last group of each set-based action
    place: dict[int | None, int] = {}  # the group of each person's last command
    for work in works:
        person = work.who.person if work.who else None
        at = newest.get(work.action, -1)
        if at < place.get(person, 0):
            at = len(groups)
            groups.append([])
            if getattr(work.action, "set_based", False):
                newest[work.action] = at
        groups[at].append(work)
        place[person] = at
    return groups
