"""Running the steps by Alembic, which takes a sixth of a start to read: for those who find that something is to be done."""

from __future__ import annotations

from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection
from sqlmodel import SQLModel

from chat.migrations import HERE


def upgrade(connection: Connection, to: str = "head") -> None:
    """Take the steps that this database lacks, up to one. The caller commits."""
    command.upgrade(config(connection), to)


def differences(connection: Connection) -> list[Any]:
    """Where the tables are not what the models say, in Alembic's words."""
    return list(compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), SQLModel.metadata))


def config(connection: Connection) -> Config:
    """How Alembic is told of the steps, and of the connection to take them on."""
    found = Config()
    found.set_main_option("script_location", str(HERE))
    found.attributes["connection"] = connection
    return found
