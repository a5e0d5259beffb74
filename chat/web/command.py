"""What a row of the command table is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from chat.models.people import Role
from chat.web.inputs import Input
from chat.web.wire import Wire

EVERYBODY = frozenset(Role)


@dataclass(frozen=True)
class Command:
    """name → what it takes, what carries it out, who may, and whether a quick link's session may.

    `build` turns the input into what the action takes; `view` turns its result into wire JSON. A command that reads has a
    `question` instead of an action; it is a command so that names never stand in an address. `build` then gives its arguments.
    """

    name: str
    input: type[Input]
    summary: str
    action: Callable[..., Any] | None = None
    build: Callable[[Any], Any] = lambda _: None
    question: Callable[..., Any] | None = None
    view: Callable[[Wire, Any], Any] = lambda _, result: result
    may: frozenset[Role] = EVERYBODY
    quick_link: bool = False
    letter: bool = False  # somebody hears of it by mail or on screen: counted as a message is

    @cached_property
    def keyed(self) -> bool:
        """Whether its input has a key."""
        return "key" in self.input.model_fields
