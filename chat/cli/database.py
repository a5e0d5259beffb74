"""`quietroom migrate`: bring the database's tables to this version."""

from __future__ import annotations

import fcntl
import os
import sqlite3
from pathlib import Path
from typing import IO, Any

import click
from sqlalchemy import Connection, Engine, inspect, make_url, text
from sqlalchemy.exc import DatabaseError, OperationalError

from chat.lib.database import held, unusable, writing_engine
from chat.migrations import head, known, revision
from chat.settings import Settings, Unsafe

_ONE_AT_A_TIME = 7_205_759_403  # an advisory lock of our own, so that two processes that start at once migrate once


@click.command()
@click.option("--check", is_flag=True, help="Change nothing; fail if the migrations and the models differ.")
def migrate(*, check: bool) -> None:
    """Bring the database's tables to this version."""
    if check:
        _check()
        return
    settings = Settings()
    prepare_folder(settings)
    bring_up(writing_engine(settings.database))
    click.echo("The database is at this version.")


def bring_up(engine: Engine) -> None:
    """Run the migrations that this database lacks, all or none; Unsafe if it is not ours, a newer one's, or held by others."""
    refuse_foreign(engine)
    try:
        _bring_up(engine)
    except OperationalError as error:
        if not held(error):
            raise
        engine.dispose()  # the advisory lock ends with its connection
        raise Unsafe(
            "The migration had to wait for somebody else for five seconds, and gave up: nothing was changed. "
            "Run `quietroom migrate` again when no backup, no export and no other migration runs."
        ) from error


def _bring_up(engine: Engine) -> None:
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SET statement_timeout = 0"))
            connection.execute(text("SELECT pg_advisory_lock(:number)"), {"number": _ONE_AT_A_TIME})
            connection.commit()
        at = revision(connection)
        connection.rollback()  # a step that changes tables begins the transaction itself
        if at != head():
            _upgrade(connection)
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_unlock_all()"))
            connection.commit()


def make_ready(settings: Settings, engine: Engine) -> None:
    """Bring the tables to this version. In production on PostgreSQL that is the operator's step: Unsafe if it was not taken."""
    if not settings.production or settings.embedded:
        bring_up(engine)
    elif behind(engine):
        raise Unsafe("The database is not at this version. Run `quietroom migrate` first.")


def behind(engine: Engine) -> bool:
    """Whether migrations are missing in this database; Unsafe if it is not ours, or a newer version's."""
    refuse_foreign(engine)
    with engine.connect() as connection:
        return revision(connection) != head()


def refuse_foreign(engine: Engine) -> None:
    """Unsafe, with a sentence and before anything is touched, if the database is a newer version's, somebody else's or none."""
    try:
        with engine.connect() as connection:
            at = revision(connection)
            tables = set() if at else set(inspect(connection).get_table_names()) - {"alembic_version"}
    except DatabaseError as error:
        if not isinstance(error.orig, sqlite3.DatabaseError) or unusable(error):
            raise
        name = engine.url.database
        raise Unsafe(f"{name} is no database, or is damaged ({error.orig}). Keep it, and restore a backup.") from error
    if at and not known(at):
        raise Unsafe(f"The database was brought to {at} by a newer version. Install that one; nothing was changed.")
    if tables:
        raise Unsafe("The database holds tables of something else. Name another with QUIETROOM_DATABASE_URL.")


def empty(engine: Engine) -> bool:
    """Whether the database holds no practice yet."""
    with engine.connect() as connection:
        return (
            not inspect(connection).has_table("organization")
            or not connection.execute(text("SELECT 1 FROM organization LIMIT 1")).first()
        )


def prepare_folder(settings: Settings) -> None:
    """Make the data folder, or say why it cannot be used."""
    if not settings.embedded:
        return
    try:
        settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        usable = os.access(settings.data, os.W_OK | os.X_OK)
    except OSError:
        usable = False
    if not usable:
        raise Unsafe(f"The folder {settings.data} cannot be written. Choose another with QUIETROOM_DATA.")
    _close_to_others(settings.database)


def _close_to_others(address: str) -> None:
    """Nobody else on the machine reads the database's file, also where its folder was there before and is open to them."""
    name = make_url(address).database
    if not name or name.startswith("file:"):
        return
    try:
        for path in (Path(name), Path(f"{name}-wal"), Path(f"{name}-shm")):
            if path.exists():
                path.chmod(0o600)
        # Made before SQLite does it: what SQLite adds beside a file gets that file's mode.
        os.close(os.open(name, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise Unsafe(f"The database {name} cannot be opened, or does not belong to this user.") from error


def only_one(settings: Settings) -> IO[Any] | None:
    """Hold the embedded database's lock file, so that there is exactly one writing process; Unsafe if another holds it."""
    if not settings.embedded:
        return None
    file = (settings.data / "lock").open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise Unsafe(f"Another Quietroom already serves the folder {settings.data}. Stop it first, or use PostgreSQL.") from error
    return file


def _upgrade(connection: Connection) -> None:
    from chat.migrations.running import upgrade

    upgrade(connection)
    connection.commit()


def _check() -> None:
    from chat.migrations.running import differences, upgrade

    engine = writing_engine("sqlite:///file:check?mode=memory&uri=true")
    with engine.connect() as connection:
        upgrade(connection)
        found = differences(connection)
    if found:
        raise Unsafe(f"The migrations and the models differ: {found}")
