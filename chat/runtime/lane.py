"""Transactions on one kept connection: what the writer's thread runs, and the command line without one.

A refusal is a value. What fails against all expectation is run again one by one, so that only the guilty command is refused.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Engine

from chat.errors import CoreError
from chat.lib import metrics
from chat.lib.database import passing, unusable
from chat.lib.sql import SQLITE, driver, pipelined
from chat.transaction import Asked, Keys, Policy, Reading, Transaction, Who

log = logging.getLogger(__name__)

TRIES = 3

Then = Callable[[Any], None]
Question = tuple[Then, Callable[..., Any], tuple[Any, ...]]  # who gets the answer, in the loop; what is asked; about what


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
    then: Then | None = None
    at: float = field(default_factory=time.monotonic)
    result: Any = None
    left: bool = False  # whoever asked has left, and does not want it any more


def checkpoint(connection: Connection, _what: None = None) -> bool:
    """SQLite: move the write-ahead log into the file and empty it, so that erased bytes are in neither. Outside a transaction."""
    if connection.dialect.name == SQLITE:
        driver(connection).execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return False


checkpoint.bare = True  # type: ignore[attr-defined]


class Lane:
    """Transactions on one kept connection. Also what the command line uses, without a thread."""

    def __init__(self, engine: Engine, keys: Keys, policy: Policy) -> None:
        self._engine, self._keys, self._policy = engine, keys, policy
        self._connection: Connection | None = None
        # PostgreSQL: a transaction for each group, so that locks are taken in one order. SQLite has one lock: one for all.
        self._apart = engine.dialect.name != SQLITE

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

    @property
    def remembers(self) -> bool:
        """Whether its connection still has in memory what it wrote, where another one would read it from the file."""
        return not self._apart

    def answer(self, question: Callable[..., Any], values: tuple[Any, ...]) -> Any:
        """A question's answer from one snapshot, or the exception that it raises. Between transactions, where it `remembers`."""
        try:
            with _snapshot(self._connected()) as connection:
                return question(Reading(connection, self._keys, policy=self._policy), *values)
        except Exception as error:
            if not unusable(error):
                return error
            self._let_go(error)
            return Unavailable()

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


@contextmanager
def _snapshot(connection: Connection) -> Iterator[Connection]:
    """SQLite: a transaction that reads. The engine would begin one that writes, and wait for others who do."""
    real = driver(connection)
    real.execute("BEGIN")
    try:
        yield connection
    finally:
        real.execute("ROLLBACK")


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
