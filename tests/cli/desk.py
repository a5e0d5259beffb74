"""The command line beside a database of its own."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Executable

from chat.cli import words
from chat.lib.database import writing_engine
from tests.databases import closing_engine


class Desk:
    """An operator's terminal."""

    def __init__(self, address: str) -> None:
        self.address = address

    def run(self, *command: str, type_in: str | None = None) -> Result:
        """What a word answers; a sentence instead of a traceback, if it fails."""
        result = CliRunner().invoke(words, command, input=type_in)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    def done(self, *command: str, type_in: str | None = None) -> str:
        """The output of a word that must succeed."""
        result = self.run(*command, type_in=type_in)
        assert result.exit_code == 0, result.output
        return result.output

    def refused(self, *command: str, type_in: str | None = None) -> str:
        """The sentence of a word that must fail."""
        result = self.run(*command, type_in=type_in)
        assert result.exit_code == 1, result.output
        assert result.output.startswith("Error: ")
        return result.output

    def rows(self, statement: Executable) -> list[tuple[object, ...]]:
        """What stands in the database now."""
        with closing_engine(writing_engine(self.address)) as engine, engine.connect() as connection:
            return [tuple(row) for row in connection.execute(statement)]


@pytest.fixture
def desk(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A terminal beside a fresh database with the cast in it, on each database in turn."""
    monkeypatch.setenv("QUIETROOM_DATABASE_URL", address)
    monkeypatch.setenv("QUIETROOM_DATA", str(tmp_path))
    return Desk(address)
