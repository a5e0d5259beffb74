"""Engines: one way of opening SQLite and PostgreSQL for writing, and one for reading."""

from __future__ import annotations

import sqlite3
from typing import Any

import psycopg
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import StaticPool

_TIMEOUTS = "-c lock_timeout=5000 -c statement_timeout=5000 -c idle_in_transaction_session_timeout=5000 -c timezone=UTC"
# One plan a statement, whatever its parameters. Planned for the values at hand, a folder's page read all assignments of all
# practices into a hash, and the names of fifty conversations everybody's: four times the work with a hundred times the people.
_PLANS = "-c plan_cache_mode=force_generic_plan"
_PASSING = (psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure, psycopg.errors.LockNotAvailable)
_GONE = (psycopg.OperationalError, psycopg.InterfaceError, psycopg.errors.AdminShutdown)


def writing_engine(url: str) -> Engine:
    """For the one writer: on SQLite every transaction is IMMEDIATE and durable when it is acknowledged."""
    engine = _engine(url, pool_size=2)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_writing)
        event.listen(engine, "begin", _begin_immediate)
    return engine


def reading_engine(url: str, connections: int = 4) -> Engine:
    """For questions: a snapshot each, and the database itself refuses a write."""
    engine = _engine(url, pool_size=connections)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_reading)
        event.listen(engine, "begin", _begin_plain)
        return engine
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def passing(error: BaseException) -> bool:
    """Whether running the same transaction again may succeed: a deadlock, a lost race, a connection that went away."""
    cause = _cause(error)
    return isinstance(cause, (*_PASSING, *_GONE)) or (isinstance(cause, sqlite3.OperationalError) and "locked" in str(cause))


def unusable(error: BaseException) -> bool:
    """Whether the database cannot be used at the moment (gone, full, locked): a fault of the place, not of the command."""
    cause = _cause(error)
    return isinstance(cause, (*_PASSING, psycopg.OperationalError, psycopg.InterfaceError, sqlite3.OperationalError))


def held(error: BaseException) -> bool:
    """Whether others kept what the transaction needed, for as long as it waits or crosswise."""
    return isinstance(_cause(error), (psycopg.errors.DeadlockDetected, psycopg.errors.LockNotAvailable))


def _cause(error: BaseException) -> BaseException | None:
    return error.orig if isinstance(error, DBAPIError) else error


def _engine(url: str, pool_size: int) -> Engine:
    if not url.startswith("sqlite"):
        address = url.replace("postgresql://", "postgresql+psycopg://", 1).replace("postgres://", "postgresql+psycopg://", 1)
        return create_engine(
            address,
            pool_size=pool_size,
            max_overflow=0,
            pool_pre_ping=True,
            connect_args={"options": f"{_TIMEOUTS} {_PLANS}", "connect_timeout": 5},
        )
    arguments: dict[str, Any] = {"isolation_level": None, "check_same_thread": False, "timeout": 10, "cached_statements": 256}
    if "mode=memory" in url:
        return create_engine(url, connect_args=arguments, poolclass=StaticPool)
    return create_engine(url, pool_size=pool_size, max_overflow=0, connect_args=arguments)


def _prepare_writing(connection: sqlite3.Connection, _record: object) -> None:
    # secure_delete: erased rows are overwritten, not only unlinked.
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",
        "cache_size=-32768",
        "temp_store=MEMORY",
        "wal_autocheckpoint=12000",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _prepare_reading(connection: sqlite3.Connection, _record: object) -> None:
    for pragma in ("query_only=ON", "cache_size=-32768", "temp_store=MEMORY", "mmap_size=268435456"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_immediate(connection: Any) -> None:
    _driver(connection).execute("BEGIN IMMEDIATE")


def _begin_plain(connection: Any) -> None:
    _driver(connection).execute("BEGIN")


def _driver(connection: Any) -> Any:
    # Past the engine: its events and contexts would cost ten times the statement.
    return connection.connection.driver_connection
