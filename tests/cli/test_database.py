"""The database's file is its owner's alone, and only a database of this version or an older one is touched."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine.interfaces import ReflectedColumn
from sqlalchemy.exc import IntegrityError

from chat.cli.database import behind, bring_up, make_ready, prepare_folder
from chat.cli.tools import Hands
from chat.lib.database import reading_engine, writing_engine
from chat.migrations import HERE, STEPS
from chat.migrations.running import config, upgrade
from chat.settings import Settings, Unsafe
from tests.databases import Template, closing_engine


def modes(folder: Path) -> set[str]:
    """The modes of the database's files."""
    found = list(folder.glob("quietroom.db*"))
    assert found
    return {oct(path.stat().st_mode & 0o777) for path in found}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder that was there before, open to everybody."""
    monkeypatch.setenv("QUIETROOM_DATA", str(tmp_path))
    monkeypatch.delenv("QUIETROOM_DATABASE_URL", raising=False)
    tmp_path.chmod(0o755)
    return tmp_path


def test_a_new_database_is_closed_to_others_also_in_an_open_folder(folder: Path) -> None:
    with Hands():
        assert modes(folder) == {"0o600"}


def test_a_database_that_was_open_to_others_is_closed(folder: Path) -> None:
    with Hands():
        pass
    (folder / "quietroom.db").chmod(0o644)
    prepare_folder(Settings())
    assert modes(folder) == {"0o600"}


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda file: run(file, "UPDATE alembic_version SET version_num = '9999_unheard_of'"), "by a newer version"),
        (lambda file: file.write_bytes(b"no database at all" * 999), "is no database, or is damaged"),
    ],
    ids=["newer", "none"],
)
def test_a_database_that_this_version_cannot_use_is_named_and_left_as_it_is(
    folder: Path, spoil: Callable[[Path], object], sentence: str
) -> None:
    with Hands():
        pass
    file = folder / "quietroom.db"
    spoil(file)
    before = file.read_bytes()
    with pytest.raises(Unsafe, match=sentence):
        bring_up(writing_engine(Settings().database))
    assert file.read_bytes() == before


def test_somebody_else_s_database_is_left_as_it_is(folder: Path) -> None:
    run(folder / "quietroom.db", "CREATE TABLE recipe (name TEXT)")
    with pytest.raises(Unsafe, match="tables of something else"), Hands():
        pass
    assert run(folder / "quietroom.db", "SELECT name FROM sqlite_master") == [("recipe",)]


def test_an_older_database_is_brought_up_but_in_production_on_postgresql_only_by_migrate(
    address: str, template: Template, tmp_path: Path
) -> None:
    settings = Settings(database_url=address, data=tmp_path)
    production = settings.model_copy(update={"environment": "production"})
    with closing_engine(writing_engine(address)) as engine:
        older(engine)
        assert behind(engine)
        if template.kind == "postgresql":
            with pytest.raises(Unsafe, match="Run `quietroom migrate` first"):
                make_ready(production, engine)
            assert behind(engine)
        make_ready(settings, engine)
        assert not behind(engine)
        make_ready(production, engine)


def test_a_migration_that_others_keep_waiting_says_so_changes_nothing_and_can_be_run_again(postgresql_template: Template) -> None:
    with (
        postgresql_template.copy() as address,
        closing_engine(writing_engine(address)) as engine,
        closing_engine(reading_engine(address)) as others,
    ):
        event.listen(engine, "connect", impatient)
        older(engine, "0018_clients_and_spans")  # what comes next changes a table that others read
        with others.connect() as reader:
            reader.execute(text("SELECT count(*) FROM participant"))  # as pg_dump does, for as long as it takes
            with pytest.raises(Unsafe, match="Run `quietroom migrate` again when no backup"):
                bring_up(engine)
        assert behind(engine)
        bring_up(engine)
        assert not behind(engine)


def impatient(connection: psycopg.Connection, _record: object) -> None:
    """Wait for no lock as long as people would."""
    connection.execute("SET lock_timeout = 100")
    connection.commit()


def test_migrations_keep_all_that_the_version_before_reads_and_writes() -> None:
    with closing_engine(create_engine("sqlite://")) as engine, engine.connect() as connection:
        steps = [step.revision for step in reversed([*ScriptDirectory(str(HERE)).walk_revisions()])]
        assert {*steps} == {*STEPS}, "a step's file bears its name"
        assert steps[-1] == STEPS[-1], "the newest step has the last name"
        before: dict[str, dict[str, ReflectedColumn]] = {}
        for step in steps:
            upgrade(connection, step)
            now = tables(connection)
            for table, columns in before.items():
                assert columns.keys() <= now[table].keys(), f"{step} takes something away from {table}"
                for name in now[table].keys() - columns.keys():
                    one = now[table][name]
                    assert one["nullable"] or one["default"] is not None, (
                        f"{step}: {table}.{name} is missed by who does not know it"
                    )
            before = now


SAY = text(
    "INSERT INTO message (conversation_id, seq, body, sent_at, automatic, in_contact_log, attachments) "
    "VALUES (:talk, :seq, CAST('sealed' AS BLOB), :at, false, false, 0)"
)


def test_a_sqlite_database_of_the_version_before_keeps_every_message_and_key(folder: Path) -> None:
    engine = writing_engine(Settings().database)
    with closing_engine(engine), Hands(), engine.connect() as connection:
        command.downgrade(config(connection), "0020_tallies")
        connection.execute(text("PRAGMA defer_foreign_keys = ON"))
        said = [{"talk": talk, "seq": seq, "at": 7 * seq} for seq in (1, 2, 3) for talk in (2, 1)]
        connection.execute(SAY, said)
        upgrade(connection)
        kept = connection.execute(text("SELECT conversation_id, seq, sent_at, body FROM message ORDER BY sent_at, 1 DESC")).all()
        assert [tuple(row) for row in kept] == [(*row.values(), b"sealed") for row in said]
        assert connection.execute(text("SELECT max(rowid) FROM message")).scalar() == len(said)
        there = connection.execute(text("SELECT name FROM sqlite_master")).scalars().all()
        assert {"receipt_by_age", "message", "receipt"} <= {*there}
        with pytest.raises(IntegrityError):
            connection.execute(text("INSERT INTO message SELECT * FROM message"))
        connection.rollback()


def tables(connection: Connection) -> dict[str, dict[str, ReflectedColumn]]:
    """Every table with its columns by name."""
    found = inspect(connection)
    return {table: {one["name"]: one for one in found.get_columns(table)} for table in found.get_table_names()}


def older(engine: Engine, to: str = "-1") -> None:
    """Take the newest migration back, or all that came after one."""
    with engine.connect() as connection:
        command.downgrade(config(connection), to)
        connection.commit()


def run(file: Path, sentence: str) -> list[tuple[object, ...]]:
    """A statement in a database's file."""
    with closing(sqlite3.connect(file)) as connection, connection:
        return connection.execute(sentence).fetchall()


def test_a_database_that_cannot_be_made_is_said(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUIETROOM_DATABASE_URL", f"sqlite:///{folder}/nowhere/quietroom.db")
    with pytest.raises(Unsafe, match=r"quietroom\.db cannot be opened"):
        prepare_folder(Settings())
