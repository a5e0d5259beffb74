"""What the words of the command line need that look something up or change something."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

import click
from sqlalchemy import Connection

from chat import house
from chat.actions import organizations
from chat.actions.installation import note_mark
from chat.cli.database import make_ready, prepare_folder
from chat.errors import CoreError
from chat.lib.clock import SECOND
from chat.lib.database import reading_engine, writing_engine
from chat.runtime.lane import Lane, Unavailable, Work
from chat.settings import Settings
from chat.transaction import Keys, Reading, Who


def time_of(instant: int) -> str:
    """An instant as operators read it."""
    return datetime.fromtimestamp(instant / SECOND, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@contextmanager
def looking(settings: Settings) -> Iterator[Connection]:
    """A connection that reads, and is closed at the end."""
    engine = reading_engine(settings.database, 1)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


@contextmanager
def asking(settings: Settings) -> Iterator[Callable[..., Any]]:
    """Questions of the house, each answered from a snapshot of its own: none is held long."""
    engine = reading_engine(settings.database, 1)
    keys = Keys(house.open_vault(settings).ring)

    def ask(question: Callable[..., Any], *values: Any) -> Any:
        with engine.connect() as connection, connection.begin():
            return question(Reading(connection, keys), *values)

    try:
        yield ask
    finally:
        engine.dispose()


class Hands:
    """Carries out actions, one small transaction each, beside a running server, which sees them by its sweep within 5 s."""

    def __init__(self, settings: Settings | None = None) -> None:
        self.settings = settings or Settings()
        prepare_folder(self.settings)
        self._engine = writing_engine(self.settings.database)
        make_ready(self.settings, self._engine)
        self.vault = house.open_vault(self.settings)
        self._lane = Lane(self._engine, Keys(self.vault.ring), house.policy(self.settings))

    def __enter__(self) -> Hands:
        self.do(lambda tx, _: organizations.begin_installation(tx), None)
        self.do(note_mark, None, house.mark(self.vault))
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._lane.close()
        self._engine.dispose()
        if isinstance(error, (CoreError, Unavailable)):
            raise click.ClickException(error.message) from error

    def do(self, action: Callable[..., Any], who: Who | None, what: Any = None) -> Any:
        """The action's result; its refusal is raised."""
        work = Work(action, who, what)
        self._lane.carry_out([work], lambda *_: None)
        if isinstance(work.result, Exception):
            raise work.result
        return work.result
