"""A database is copied while it is written to; what cannot be copied is said."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from chat.lib.dumps import Undone, dump, load, settle


@pytest.fixture
def used(tmp_path: Path) -> Path:
    """A database of a thousand committed rows."""
    place = tmp_path / "used.db"
    with closing(sqlite3.connect(place)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE said (words)")
        connection.executemany("INSERT INTO said VALUES (?)", [("word" * 100,)] * 1_000)
        connection.commit()
    return place


def count(place: Path) -> int:
    """How many rows a database has."""
    with closing(sqlite3.connect(place)) as connection:
        return int(connection.execute("SELECT count(*) FROM said").fetchone()[0])


def test_a_dump_is_what_was_committed_at_that_instant_in_one_file(used: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(used)) as connection:
        connection.execute("INSERT INTO said VALUES ('not yet')")
        dump(f"sqlite:///{used}", tmp_path / "dump")
        connection.commit()
    load(f"sqlite:///{tmp_path}/again.db", tmp_path / "dump")
    assert (count(used), count(tmp_path / "again.db")) == (1_001, 1_000)
    assert [path.name for path in tmp_path.glob("dump*")] == ["dump"]
    assert (tmp_path / "dump").stat().st_mode & 0o077 == 0


def test_a_settled_file_can_be_moved_and_one_in_use_cannot(used: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(used)) as connection:
        connection.execute("BEGIN")
        connection.execute("SELECT * FROM said").fetchone()
        with closing(sqlite3.connect(used)) as other:
            other.execute("INSERT INTO said VALUES ('more')")
            other.commit()
        with pytest.raises(Undone, match="is in use"):
            settle(used)
        connection.rollback()
        settle(used)
        # As if only this file were carried elsewhere, while its log is still beside the old place.
        (tmp_path / "moved.db").write_bytes(used.read_bytes())
    assert count(tmp_path / "moved.db") == 1_001


def test_a_damaged_database_is_not_taken_for_a_whole_one(used: Path, tmp_path: Path) -> None:
    size = used.stat().st_size
    with used.open("r+b") as file:
        file.seek(size // 2)
        file.write(b"\xff" * 8192)
    with pytest.raises(Undone, match=r"is damaged|cannot be copied"):
        dump(f"sqlite:///{used}", tmp_path / "dump")


def test_no_database_is_said_and_none_is_made(tmp_path: Path) -> None:
    with pytest.raises(Undone, match="There is no database"):
        dump(f"sqlite:///{tmp_path}/none.db", tmp_path / "dump")
    assert not (tmp_path / "none.db").exists()


def test_what_is_no_database_is_said(tmp_path: Path) -> None:
    (tmp_path / "letter").write_text("Dear all, " * 1_000)
    with pytest.raises(Undone, match="cannot be copied"):
        load(f"sqlite:///{tmp_path}/new.db", tmp_path / "letter")


def test_what_postgresql_s_tool_says_is_passed_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tool = tmp_path / "pg_dump"
    tool.write_text('#!/bin/sh\necho "error: of $PGUSER at $PGHOST, $PGDATABASE" >&2\necho "detail: $PGPASSWORD" >&2\nexit 3\n')
    tool.chmod(0o700)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Undone) as caught:
        dump("postgresql+psycopg://ann:secret@nowhere/house", tmp_path / "dump")
    assert str(caught.value) == "pg_dump failed: error: of ann at nowhere, house; detail: secret."
