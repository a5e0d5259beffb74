"""What tasks wait for, as asyncio has it, in a tenth of the room: each of asyncio's own keeps space for 64 that wait.

An idle connection holds half a dozen, and a server some ten thousand connections.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Generic, TypeVar

Item = TypeVar("Item")


class Flag:
    """As `asyncio.Event`: set or not, and who waits goes on when it is set."""

    __slots__ = ("_set", "_waiting")

    def __init__(self) -> None:
        self._set = False
        self._waiting: tuple[asyncio.Future[None], ...] = ()

    def is_set(self) -> bool:
        """Whether nobody has to wait."""
        return self._set

    def set(self) -> None:
        """Let everybody go on who waits."""
        self._set = True
        for one in self._waiting:
            if not one.done():
                one.set_result(None)

    def clear(self) -> None:
        """From now on one waits."""
        self._set = False

    async def wait(self) -> None:
        """Until it is set; also if it is cleared again before this task has its turn."""
        if self._set:
            return
        mine = asyncio.get_running_loop().create_future()
        self._waiting += (mine,)
        try:
            await mine
        finally:
            self._waiting = tuple(one for one in self._waiting if one is not mine)


class Queue(Generic[Item]):
    """As `asyncio.Queue` without a bound, for one task that takes."""

    __slots__ = ("_items", "_some")

    def __init__(self) -> None:
        self._items: deque[Item] | None = None  # only while there are some
        self._some = Flag()

    def empty(self) -> bool:
        """Whether nothing waits to be taken."""
        return self._items is None

    def put_nowait(self, item: Item) -> None:
        """Put in at the end."""
        if self._items is None:
            self._items = deque()
        self._items.append(item)
        self._some.set()

    def get_nowait(self) -> Item:
        """What was put in first; IndexError if there is nothing."""
        if self._items is None:
            raise IndexError
        item = self._items.popleft()
        if not self._items:
            self._items = None
            self._some.clear()
        return item

    async def get(self) -> Item:
        """What was put in first, as soon as there is something."""
        while self._items is None:
            await self._some.wait()
        return self.get_nowait()
