"""What every word of the command line that changes something needs."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import Any

import click

from chat import house
from chat.actions import organizations
from chat.cli.database import bring_up, prepare_folder
from chat.errors import CoreError
from chat.lib.database import writing_engine
from chat.runtime.writer import Unavailable, Work
from chat.settings import Settings
from chat.transaction import Who


class Hands:
    """Carries out actions, one small transaction each, beside a running server, which sees them by its sweep within 5 s."""

    def __init__(self) -> None:
        self.settings = Settings()
        prepare_folder(self.settings)
        bring_up(writing_engine(self.settings.database))
        self._lane = house.lane(self.settings, house.open_vault(self.settings))

    def __enter__(self) -> Hands:
        self.do(lambda tx, _: organizations.begin_installation(tx), None)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._lane.close()
        if isinstance(error, (CoreError, Unavailable)):
            raise click.ClickException(error.message) from error

    def do(self, action: Callable[..., Any], who: Who | None, what: Any = None) -> Any:
        """The action's result; its refusal is raised."""
        work = Work(action, who, what)
        self._lane.carry_out([work], lambda *_: None)
        if isinstance(work.result, Exception):
            raise work.result
        return work.result
