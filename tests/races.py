"""Two transactions at once on a real PostgreSQL: the second begins while the first is not committed yet."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from sqlalchemy import Connection, Engine, text

from chat.errors import CoreError
from chat.lib.database import writing_engine
from chat.transaction import Keys, Transaction, Who
from tests.databases import RING, closing_engine

Act = tuple[Callable[..., Any], Who | None, Any]  # an action, on whose behalf, and what it takes
PATIENCE = 10.0
WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")


def alone(address: str, *acts: Act) -> list[Any]:
    """Carry these out one after the other, each in a transaction of its own; a refusal is a value."""
    with closing_engine(writing_engine(address)) as engine:
        return [_committed(engine, act) for act in acts]


def at_once(address: str, first: Act, second: Act) -> tuple[Any, Any]:
    """Carry out `first`, then `second` until it waits for the first or is done, and only then commit the first."""
    with closing_engine(writing_engine(address)) as engine, ThreadPoolExecutor(1) as pool:
        with engine.connect() as connection, connection.begin():
            result = _carry_out(connection, first)
            other = pool.submit(_committed, engine, second)
            _until_it_waits(address, other)
        return result, other.result(PATIENCE)


def _committed(engine: Engine, act: Act) -> Any:
    with engine.connect() as connection, connection.begin():
        return _carry_out(connection, act)


def _carry_out(connection: Connection, act: Act) -> Any:
    action, who, what = act
    try:
        with connection.begin_nested():
            tx = Transaction(connection, Keys(RING), who=who)
            result = action(tx, what)
            tx.finish()
    except CoreError as refusal:
        return refusal
    return result


def _until_it_waits(address: str, other: Future[Any]) -> None:
    deadline = time.monotonic() + PATIENCE
    with closing_engine(writing_engine(address)) as engine, engine.connect() as connection:
        while not other.done() and not connection.execute(WAITING).scalar_one():
            connection.rollback()
            assert time.monotonic() < deadline
            time.sleep(0.005)
