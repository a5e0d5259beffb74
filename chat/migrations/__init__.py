"""The steps that bring a database to this version, and which of them a database has taken."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from sqlalchemy import Connection, inspect, text

HERE = Path(__file__).resolve().parent
# A step's file bears its name. Alembic would read all of them for it, and at nearly every start there is nothing to do.
STEPS = tuple(sorted(path.stem for path in (HERE / "versions").glob("[0-9]*.py")))


def head() -> str:
    """The newest migration of this version."""
    return STEPS[-1]


def revision(connection: Connection) -> str | None:
    """The migration that this database is at; None without any."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    at: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return at


@cache
def standing(revision: str | None) -> str:
    """Where a database is that took this migration last: current; behind; or ahead, when a newer version has been there, beside
    which this one goes on until it is restarted."""
    if revision == head():
        return "current"
    return "behind" if revision is None or known(revision) else "ahead"


def known(revision: str) -> bool:
    """Whether this version knows a migration: one that it does not was made by a newer version."""
    return revision in STEPS
