"""Uploads shown to clamd before they are kept: its INSTREAM command over TCP or a unix socket."""

from __future__ import annotations

import asyncio
import contextlib
import struct

import structlog

from chat.lib.sentences import Sentence
from chat.web.answers import DoorError

CHUNK = 64 * 1024  # clamd bounds the whole stream (its StreamMaxLength), not a chunk
LONGEST_ANSWER = 4 * 1024
PATIENCE = 60.0  # seconds from the first byte to the verdict; clamd itself gives up on a file after two minutes
log = structlog.get_logger(__name__)
_AT_ONCE = asyncio.Semaphore(8)  # clamd works on ten at a time unless it is told otherwise


class NoVerdict(Exception):
    """The scanner is away, was too slow, or said something else than what it found."""


async def threat_in(address: str, data: bytes) -> str:
    """What clamd at `address` (host:port or a socket's path) finds in `data`; empty: nothing. DoorError 503 without a verdict."""
    try:
        async with _AT_ONCE, asyncio.timeout(PATIENCE):
            return _verdict(await _ask(address, data))
    except (OSError, TimeoutError, NoVerdict) as error:
        log.error("The virus scanner gave no verdict; an upload was refused.", scanner=address, reason=str(error) or "too slow")
        message = Sentence("This file could not be checked for viruses at the moment. Nothing was stored; please try again.")
        raise DoorError(503, "unchecked", message) from error


async def answers(address: str) -> bool:
    """Whether clamd at `address` is there and says so."""
    try:
        async with asyncio.timeout(5):
            reader, writer = await _connected(address)
            try:
                writer.write(b"zPING\0")
                return await reader.readuntil(b"\0") == b"PONG\0"
            finally:
                writer.transport.abort()
    except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
        return False


async def _ask(address: str, data: bytes) -> bytes:
    """The scanner's answer up to its NUL, or all that came before it hung up."""
    reader, writer = await _connected(address)
    try:
        # Whoever finds a stream too long says so and hangs up while it is still being sent: that answer is read all the same.
        with contextlib.suppress(ConnectionError):
            await _stream(writer, data)
        return await reader.readuntil(b"\0")
    except asyncio.IncompleteReadError as error:
        raise NoVerdict("it hung up before its verdict") from error
    except asyncio.LimitOverrunError as error:
        raise NoVerdict("its answer does not end") from error
    finally:
        writer.transport.abort()


async def _connected(address: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    if address.startswith("/"):
        return await asyncio.open_unix_connection(address, limit=LONGEST_ANSWER)
    host, _, port = address.rpartition(":")
    return await asyncio.open_connection(host.strip("[]"), int(port), limit=LONGEST_ANSWER)


async def _stream(writer: asyncio.StreamWriter, data: bytes) -> None:
    writer.write(b"zINSTREAM\0")
    for at in range(0, len(data), CHUNK):
        chunk = data[at : at + CHUNK]
        writer.write(struct.pack("!L", len(chunk)) + chunk)
        await writer.drain()
    writer.write(struct.pack("!L", 0))
    await writer.drain()


def _verdict(answer: bytes) -> str:
    """`stream: OK`, or `stream: <name> FOUND`; anything else is an error, and no permission."""
    said = answer.rstrip(b"\0").decode("ascii", "replace").strip()
    if said == "stream: OK":
        return ""
    if said.startswith("stream: ") and said.endswith(" FOUND") and said[8:-6].strip():
        return "".join(character for character in said[8:-6].strip() if character.isprintable())[:120]
    raise NoVerdict(f"it said {said[:120]!r}")
