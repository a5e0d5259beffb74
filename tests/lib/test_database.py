"""Engines: what each lets happen, and which errors are worth another try."""

from __future__ import annotations

import sqlite3
import threading

import psycopg
import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError, OperationalError

from chat.lib.database import held, passing, reading_engine, unusable, writing_engine
from tests.databases import Template, closing_engine


def ask(engine: Engine, sentence: str) -> object:
    with engine.connect() as connection:
        return connection.execute(text(sentence)).scalar_one()


def test_questions_cannot_write(address: str) -> None:
    with closing_engine(reading_engine(address)) as engine, engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM organization")).scalar_one() == 2
        with pytest.raises(DBAPIError, match=r"(?i)read.?only"):
            connection.execute(text("DELETE FROM receipt"))


def test_a_question_sees_one_snapshot(address: str) -> None:
    with closing_engine(reading_engine(address)) as reading, closing_engine(writing_engine(address)) as writing:
        count = text("SELECT change FROM mailbox ORDER BY person_id LIMIT 1")
        with reading.connect() as connection:
            before = connection.execute(count).scalar_one()
            with writing.begin() as other:
                other.execute(text("UPDATE mailbox SET change = change + 1"))
            assert connection.execute(count).scalar_one() == before
        assert ask(reading, count.text) == before + 1


def test_sqlite_is_durable_and_overwrites_what_it_erases(sqlite_template: Template) -> None:
    with sqlite_template.copy() as address, closing_engine(writing_engine(address)) as engine:
        pragmas = {
            name: ask(engine, f"PRAGMA {name}") for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        }
        assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}


def test_sqlite_has_its_lock_before_the_first_read(sqlite_template: Template) -> None:
    with sqlite_template.copy() as address, closing_engine(writing_engine(address)) as engine, engine.connect() as connection:
        connection.execute(text("SELECT 1"))
        other = sqlite3.connect(address.removeprefix("sqlite:///"), timeout=0)
        with pytest.raises(sqlite3.OperationalError, match="locked") as caught:
            other.execute("BEGIN IMMEDIATE")
        other.close()
        assert passing(caught.value)
        assert unusable(caught.value)


def test_a_database_in_memory_is_one_for_all_connections() -> None:
    with closing_engine(writing_engine("sqlite:///file:tried?mode=memory&uri=true")) as engine:
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE note (id INTEGER)"))
        assert ask(engine, "SELECT count(*) FROM note") == 0


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_postgresql_waits_for_nothing_longer_than_five_seconds(postgresql_template: Template, scheme: str) -> None:
    with postgresql_template.copy() as address:
        named = address.replace("postgresql+psycopg", scheme)
        with closing_engine(writing_engine(named)) as engine, closing_engine(reading_engine(named)) as reading:
            for one in (engine, reading):
                for name in ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout"):
                    assert ask(one, f"SHOW {name}") == "5s"
                assert ask(one, "SHOW timezone") == "UTC"
            assert ask(reading, "SHOW transaction_isolation") == "repeatable read"
            assert ask(engine, "SHOW transaction_isolation") == "read committed"


def test_postgresql_plans_a_statement_once_whatever_its_values(postgresql_template: Template) -> None:
    counted = "SELECT sum(generic_plans), sum(custom_plans) FROM pg_prepared_statements WHERE statement LIKE '%%person%%'"
    with postgresql_template.copy() as address:
        for make in (writing_engine, reading_engine):
            with closing_engine(make(address)) as engine, engine.connect() as one:
                for person in range(12):
                    one.exec_driver_sql("SELECT name FROM person WHERE id = %(id)s", {"id": person})
                generic, custom = one.exec_driver_sql(counted).one()
                assert (generic > 0, custom) == (True, 0)


def test_a_deadlock_is_worth_another_try(postgresql_template: Template) -> None:
    """Two lock two mailboxes in opposite order; one of them is chosen as the victim."""
    errors: list[BaseException] = []
    with postgresql_template.copy() as address, closing_engine(writing_engine(address)) as engine:
        both = threading.Barrier(2, timeout=10)
        with engine.connect() as connection:
            people = connection.execute(text("SELECT person_id FROM mailbox ORDER BY 1 LIMIT 2")).scalars().all()

        def lock(first: int, second: int) -> None:
            raise_change = text("UPDATE mailbox SET change = change + 1 WHERE person_id = :person")
            try:
                with engine.begin() as connection:
                    connection.execute(raise_change, {"person": first})
                    both.wait()
                    connection.execute(raise_change, {"person": second})
            except DBAPIError as error:
                errors.append(error)

        threads = [threading.Thread(target=lock, args=tuple(pair)) for pair in (people, people[::-1])]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert not any(thread.is_alive() for thread in threads)
    assert [type(getattr(error, "orig", None)) for error in errors] == [psycopg.errors.DeadlockDetected]
    assert passing(errors[0])
    assert unusable(errors[0])
    assert held(errors[0])


def wrapped(error: Exception) -> DBAPIError:
    return OperationalError("SELECT 1", {}, error)


@pytest.mark.parametrize(
    ("error", "again", "place"),
    [
        (psycopg.errors.SerializationFailure(), True, True),
        (psycopg.errors.LockNotAvailable(), True, True),
        (psycopg.errors.AdminShutdown(), True, True),
        (psycopg.OperationalError("server closed the connection unexpectedly"), True, True),
        (psycopg.InterfaceError("the connection is closed"), True, True),
        (sqlite3.OperationalError("database is locked"), True, True),
        (sqlite3.OperationalError("database or disk is full"), False, True),
        (psycopg.errors.UniqueViolation(), False, False),
        (sqlite3.IntegrityError("UNIQUE constraint failed"), False, False),
        (ValueError("no fault of the database"), False, False),
    ],
)
def test_errors_are_sorted_by_what_helps(error: Exception, again: bool, place: bool) -> None:
    for form in (error, wrapped(error)):
        assert (passing(form), unusable(form)) == (again, place)
        assert held(form) == isinstance(error, psycopg.errors.LockNotAvailable)
