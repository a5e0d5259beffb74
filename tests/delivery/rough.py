"""Mail servers that behave badly, each in one way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass
class Rough:
    """A mail server with its own answers: what it says to a command instead of 250, and what it does besides."""

    answers: dict[str, str] = field(default_factory=dict)  # beginning of a command → answer; "" hangs up
    taken: list[bytes] = field(default_factory=list)
    connections: int = 0
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    port: int = 0
    sessions: set[asyncio.Task[None]] = field(default_factory=set)
    say: Callable[[asyncio.StreamWriter, bytes], Awaitable[None]] | None = None
    after_data: Callable[[], None] = lambda: None

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One session."""
        self.connections += 1
        if (session := asyncio.current_task()) is not None:
            self.sessions.add(session)
            session.add_done_callback(self.sessions.discard)
        try:
            await self._answer(writer, "220 rough\r\n")
            while line := await reader.readline():
                if not await self._command(line.strip().decode(), reader, writer):
                    break
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            self.ended.set()
            writer.close()

    async def _command(self, line: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        word = line.upper()
        found = next((answer for begin, answer in self.answers.items() if word.startswith(begin)), None)
        if found == "":
            return False
        if found is not None:
            await self._answer(writer, f"{found}\r\n")
        elif word == "DATA":
            await self._answer(writer, "354 go on\r\n")
            self.taken.append(await reader.readuntil(b"\r\n.\r\n"))
            await self._answer(writer, "250 kept\r\n")
            self.after_data()
            return "hang up" not in self.answers
        else:
            await self._answer(writer, "221 bye\r\n" if word == "QUIT" else "250 fine\r\n")
        return word != "QUIT"

    async def _answer(self, writer: asyncio.StreamWriter, text: str) -> None:
        if self.say is not None:
            await self.say(writer, text.encode())
            return
        writer.write(text.encode())
        await writer.drain()


@asynccontextmanager
async def rough(**ways: object) -> AsyncIterator[Rough]:
    """Such a server on a port of its own, as long as the block lasts."""
    server = Rough(**ways)  # type: ignore[arg-type]
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()
        # A session may still be speaking, a byte at a time: nothing of it outlives the block.
        for session in tuple(server.sessions):
            session.cancel()
        await asyncio.gather(*server.sessions, return_exceptions=True)
