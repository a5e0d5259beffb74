"""What every way outwards has in common: something is handed over on an open connection, or fails for now, or for good."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Mail:
    """One message for one address. `name` tells it from others, the same for every attempt of one alert.

    `tells`: the address of ours where the other side may tell what became of it.
    """

    address: str
    name: str
    content: bytes
    tells: str = ""


class Passing(Exception):
    """It did not work, and may work later. `unreachable`: nothing can be handed over at the moment."""

    def __init__(self, reason: str, *, unreachable: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.unreachable = reason, unreachable


class Final(Exception):
    """It was refused for good."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Counter(Protocol):
    """An open connection."""

    async def deliver(self, mail: Mail) -> None:
        """Hand over; Passing or Final if it was not taken."""


class Post(Protocol):
    """A way outwards."""

    def counter(self) -> AbstractAsyncContextManager[Counter]:
        """A connection that is ready to take something now; Passing if there is none to be had."""

    async def close(self) -> None:
        """Let go of what is open."""
