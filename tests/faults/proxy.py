"""A TCP proxy that does to a connection what networks do: cuts it anywhere, dribbles, swallows answers, stops reading."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

HOST = "127.0.0.1"
Harm = Callable[["Way", bytes], bytes | None]
"""What is passed on of some bytes; None: the connection is cut, after nothing of them."""


@dataclass(eq=False)
class Way:
    """One direction of one connection."""

    up: bool  # towards the server
    pair: Pair
    passed: int = 0  # bytes so far


@dataclass(eq=False)
class Pair:
    """One connection through the proxy: both of its sockets."""

    writers: tuple[asyncio.StreamWriter, asyncio.StreamWriter]

    def cut(self) -> None:
        """Gone, without a word."""
        for writer in self.writers:
            writer.transport.abort()


@dataclass
class Proxy:
    """Stands before the port `behind`. `harm` may be changed at any time; by itself everything is passed on as it is."""

    behind: int
    harm: Harm = field(default=lambda _, data: data, repr=False)
    slices: bool = False  # one byte at a time
    port: int = 0
    harmed: int = 0  # how often something was not passed on as it came
    pairs: set[Pair] = field(default_factory=set)
    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def cut(self) -> None:
        """Every connection ends now."""
        for pair in tuple(self.pairs):
            pair.cut()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, until one of its sides ends."""
        if (task := asyncio.current_task()) is not None:
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)
        try:
            upstream, upwards = await asyncio.open_connection(HOST, self.behind)
        except OSError:
            writer.transport.abort()
            return
        pair = Pair((writer, upwards))
        self.pairs.add(pair)
        try:
            ways = (self._pass(reader, upwards, Way(True, pair)), self._pass(upstream, writer, Way(False, pair)))
            async with asyncio.TaskGroup() as tasks:
                for way in ways:
                    # Whichever side ends first, the other one ends with it.
                    tasks.create_task(way).add_done_callback(lambda _: pair.cut())
        finally:
            self.pairs.discard(pair)

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, way: Way) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65_536):
                kept = self.harm(way, data)
                self.harmed += kept != data or self.slices
                if kept is None:
                    return
                way.passed += len(kept)
                for piece in [kept[at : at + 1] for at in range(len(kept))] if self.slices else [kept]:
                    writer.write(piece)
                    await writer.drain()
                    if self.slices:
                        await asyncio.sleep(0)


def cut_within(chance: random.Random, least: int, most: int) -> Harm:
    """Each connection ends somewhere within a frame, after so many bytes in one direction."""
    ends: dict[Way, int] = {}

    def harm(way: Way, data: bytes) -> bytes | None:
        end = ends.setdefault(way, chance.randint(least, most))
        return data[: end - way.passed] or None  # the rest of the frame never comes

    return harm


def lose_answers(way: Way, data: bytes) -> bytes:
    """Whatever is asked arrives, and no answer does."""
    return data if way.up else b""


def lose_commits(chance: random.Random, share: float) -> Harm:
    """PostgreSQL has carried out a COMMIT, and its answer never arrives: the connection ends instead."""

    def harm(way: Way, data: bytes) -> bytes | None:
        # The tag of a CommandComplete message.
        return None if not way.up and b"COMMIT\x00" in data and chance.random() < share else data

    return harm


@asynccontextmanager
async def proxy(behind: int, port: int = 0) -> AsyncIterator[Proxy]:
    """A proxy on a port of its own, or on this one, until the block ends."""
    one = Proxy(behind)
    listening = await asyncio.start_server(one.serve, HOST, port)
    one.port = listening.sockets[0].getsockname()[1]
    try:
        yield one
    finally:
        listening.close()
        one.cut()
        await asyncio.gather(*one.tasks)
