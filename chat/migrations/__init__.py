"""The steps that bring a database to this version, and which of them a database has taken."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

HERE = Path(__file__).resolve().parent


def head() -> str:
    """The newest migration of this version."""
    return str(_steps().get_current_head())


def revision(connection: Connection) -> str | None:
    """The migration that this database is at; None without any."""
    return MigrationContext.configure(connection).get_current_revision()


@cache
def standing(revision: str | None) -> str:
    """Where a database is that took this migration last: current; behind; or ahead, when a newer version has been there, beside
    which this one goes on until it is restarted."""
    if revision == head():
        return "current"
    return "behind" if revision is None or known(revision) else "ahead"


def known(revision: str) -> bool:
    """Whether this version knows a migration: one that it does not was made by a newer version."""
    return revision in {one.revision for one in _steps().walk_revisions()}


def _steps() -> ScriptDirectory:
    return ScriptDirectory(str(HERE))
