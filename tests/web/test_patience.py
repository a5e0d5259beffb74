"""Requests that come too slowly, or too large, at a server of this process."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import pytest
import uvicorn

from chat.web import patience
from chat.web.patience import HEAD_BYTES, Timely

HOST = "127.0.0.1"


async def app(scope: Any, receive: Any, send: Any) -> None:
    """Reads the whole body, and says how large it was."""
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        size, more = size + len(message["body"]), message["more_body"]
    answer = str(size).encode()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", str(len(answer)).encode())]})
    await send({"type": "http.response.body", "body": answer})


@pytest.fixture
async def port(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[int]:
    """A server with little patience."""
    for name, seconds in (("HEAD", 0.3), ("GRACE", 0.3)):
        monkeypatch.setattr(patience, name, seconds)
    server = uvicorn.Server(uvicorn.Config(app, HOST, 0, http=Timely, lifespan="off", log_config=None, server_header=False))
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110  it tells nobody
        await asyncio.sleep(0)
    yield int(server.servers[0].sockets[0].getsockname()[1])
    server.should_exit = True
    await serving


async def answer_to(port: int, *pieces: bytes) -> bytes:
    """What comes until the server closes the connection."""
    reader, writer = await asyncio.open_connection(HOST, port)
    for piece in pieces:
        writer.write(piece)
        await writer.drain()
    answer = b""
    with contextlib.suppress(ConnectionError):
        while piece := await asyncio.wait_for(reader.read(65_536), 20):
            answer += piece
    writer.close()
    with contextlib.suppress(ConnectionError):
        await writer.wait_closed()
    return answer


async def test_who_connects_and_says_nothing_is_let_go(port: int) -> None:
    assert (await answer_to(port)).startswith(b"HTTP/1.1 408 ")


async def test_who_never_ends_the_headers_is_let_go(port: int) -> None:
    assert (await answer_to(port, b"GET / HTTP/1.1\r\nHost: x\r\n", b"X-A: 1\r\n")).startswith(b"HTTP/1.1 408 ")


async def test_headers_without_end_are_refused_before_they_fill_the_memory(port: int) -> None:
    line = b"X-Filler: " + b"a" * 1_000 + b"\r\n"
    answer = await answer_to(port, b"GET / HTTP/1.1\r\nHost: x\r\n", *[line] * (HEAD_BYTES // 500))
    assert answer.startswith(b"HTTP/1.1 431 ") or answer == b"", "cut off while it still sends, the answer may be lost"


async def test_an_address_without_end_is_refused(port: int) -> None:
    assert (await answer_to(port, b"GET /" + b"a" * HEAD_BYTES + b"a")).startswith(b"HTTP/1.1 431 ")


async def test_a_body_that_does_not_come_is_given_up(port: int) -> None:
    assert await answer_to(port, b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n", b"12345") == b""


async def test_a_request_in_pieces_is_answered_and_the_connection_used_again(port: int) -> None:
    request = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"
    last = request.replace(b"Host", b"Connection: close\r\nHost")
    answer = await answer_to(port, request[:20], request[20:], *(bytes([byte]) for byte in last))
    assert answer.count(b"HTTP/1.1 200 OK") == 2


async def test_a_large_body_has_the_time_that_it_takes(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    reader, writer = await asyncio.open_connection(HOST, port)
    monkeypatch.setattr(patience, "GRACE", 0.0)
    monkeypatch.setattr(patience, "RATE", 1)
    writer.write(b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 101\r\n\r\n" + b"a" * 100)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(reader.read(1), 1.5)  # longer than the grace: its hundred bytes have bought it time
    writer.write(b"a")
    assert (await asyncio.wait_for(reader.read(), 20)).endswith(b"101")
    writer.close()
    await writer.wait_closed()
