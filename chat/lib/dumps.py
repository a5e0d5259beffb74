"""A whole database as one file, taken while it is in use, and put back: SQLite's own online backup, or PostgreSQL's tools."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from psycopg import pq
from sqlalchemy import make_url


class Undone(Exception):
    """The dump was not taken or not put back; the message says why, and what to do."""


def dump(address: str, target: Path) -> None:
    """Write the database as it is at one instant to a new file that only its owner reads. Undone if that fails."""
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    if address.startswith("sqlite"):
        _copy(make_url(address).database or "", target)
    else:
        _run(address, "pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={target}")
    with target.open("rb") as file:
        os.fsync(file.fileno())


def load(address: str, source: Path) -> None:
    """Put a dump into an empty database: all of it, or nothing. Undone if that fails."""
    if address.startswith("sqlite"):
        _copy(str(source), Path(make_url(address).database or ""))
    else:
        options = ("--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges")
        _run(address, "pg_restore", *options, "--dbname=", str(source))


def settle(place: Path) -> None:
    """Let an SQLite file that nobody uses hold everything by itself, so that it can be moved. Undone if somebody uses it."""
    with closing(sqlite3.connect(place)) as connection:
        (busy, _, _) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        raise Undone(f"The database {place} is in use.")


def _copy(source: str, target: Path) -> None:
    if not Path(source).is_file():
        raise Undone(f"There is no database {source}.")
    try:
        with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
            # In one step: a reader's snapshot, beside which the writer goes on.
            old.backup(new)
            new.execute("PRAGMA journal_mode=DELETE")
            (found,) = new.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.Error as error:
        raise Undone(f"The database {source} cannot be copied: {error}.") from error
    if found != "ok":
        raise Undone(f"The database {source} is damaged: {found}. Keep it, and restore an older backup.")


def _run(address: str, tool: str, *arguments: str) -> None:
    path = shutil.which(tool)
    if path is None:
        raise Undone(f"{tool} is not on the PATH. Install PostgreSQL's client tools of the server's version or newer.")
    done = subprocess.run(  # noqa: S603  a program by its whole path, and no shell
        [path, *arguments], env=os.environ | _environment(address), stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise Undone(f"{tool} failed: {'; '.join(said[:2]) or f'it ended with {done.returncode}'}.")


def _environment(address: str) -> dict[str, str]:
    """The database's address as libpq's variables: what stands among a program's arguments can be read by everybody here."""
    plain = address.replace("postgresql+psycopg://", "postgresql://", 1).replace("postgres://", "postgresql://", 1)
    given = [one for one in pq.Conninfo.parse(plain.encode()) if one.val and one.envvar]
    return {one.envvar.decode(): one.val.decode() for one in given if one.envvar and one.val}
