"""Frames on the short way, and how a connection ends when the server stops."""

import asyncio
import socket
import struct
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import pytest
from uvicorn import Config
from uvicorn.server import ServerState
from websockets.client import ClientProtocol
from websockets.frames import Frame, Opcode
from websockets.http11 import Request
from websockets.protocol import OPEN
from websockets.server import ServerProtocol
from websockets.uri import parse_uri

from chat.web.transport import SHORT_WAY, Impatient, at_frame, whole_text

MOST = 65_536
MUCH = "x" * 60_000
HANDSHAKE = (
    b"GET /ws HTTP/1.1\r\nHost: here\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)


def sent(payload: bytes, opcode: Opcode = Opcode.TEXT, *, fin: bool = True, mask: bool = True) -> bytes:
    """A frame as a browser sends it."""
    return Frame(opcode, payload, fin).serialize(mask=mask)


@pytest.mark.parametrize("size", [0, 1, 124, 125, 126, 127, 1_000, 65_535])
def test_a_whole_frame_of_text_is_taken_and_what_follows_it_is_left(size: int) -> None:
    text = "ü" * (size // 2) + "x" * (size % 2)
    frame = sent(text.encode())
    assert whole_text(frame + b"more", MOST) == (text, len(frame))


@pytest.mark.parametrize("size", [3, 126, 400])
def test_no_part_of_a_frame_is_taken_for_one(size: int) -> None:
    frame = sent(b"x" * size)
    assert {whole_text(frame[:cut], MOST) for cut in range(len(frame))} == {(None, 0)}


@pytest.mark.parametrize(
    "frame",
    [
        sent(b"not masked at all", mask=False),
        sent(b"bytes", Opcode.BINARY),
        sent(b"first part", fin=False),
        sent(b"last part", Opcode.CONT),
        sent(b"ping", Opcode.PING),
        sent(struct.pack("!H", 1000), Opcode.CLOSE),
        sent(b"\xff\xfe\xfd\xfc is no text"),
        sent(b"x" * 65_536),
        sent(b"x" * 101),
    ],
    ids=["not masked", "bytes", "first part", "last part", "ping", "close", "no UTF-8", "a length of eight bytes", "too long"],
)
def test_everything_else_takes_the_long_way(frame: bytes) -> None:
    assert whole_text(frame, 100) == (None, 0)


class Counted(bytes):
    """Bytes that know how many of them were copied."""

    copied = 0

    def __getitem__(self, key: Any) -> Any:
        found = super().__getitem__(key)
        self.copied += len(found) if isinstance(found, bytes) else 0
        return found


def test_many_frames_in_one_packet_cost_what_each_of_them_holds() -> None:
    """A packet of a quarter of a megabyte holds 40,000 of the smallest: whoever copies the rest after each stands still."""
    data, at, texts = Counted(sent(b"x" * 10) * 1_000 + sent(b"", Opcode.PING)), 0, []
    while (found := whole_text(data, MOST, at))[0] is not None:
        text, at = found
        texts.append(text)
    assert texts == ["x" * 10] * 1_000
    assert found == (None, 16_000)
    assert data.copied < len(data)


def test_where_a_frame_begins_is_known_after_each_byte() -> None:
    """What comes while a frame is half read belongs to it, whatever it looks like."""
    connection = ServerProtocol()
    connection.receive_data(HANDSHAKE)
    [request] = connection.events_received()
    assert isinstance(request, Request)
    connection.send_response(connection.accept(request))
    assert at_frame(connection.parser), "nothing has come yet"
    frames = [sent(b"short"), sent(b"long " * 60), sent(b"", Opcode.PING), sent(b"last")]
    ends = {0, *accumulate(map(len, frames))}
    stream = b"".join(frames)
    known = {0}
    for at, byte in enumerate(stream, 1):
        connection.receive_data(bytes((byte,)))
        known |= {at} if at_frame(connection.parser) else set()
    assert known == ends


async def talkative(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Accepts and says more than the operating system holds for somebody who does not read."""
    await send({"type": "websocket.accept"})
    for _ in range(100):
        await send({"type": "websocket.send", "text": MUCH})


@dataclass(frozen=True)
class Connection:
    """Both ends of a line: the server's protocol over its transport, and a client's over a socket."""

    transport: asyncio.Transport
    server: Impatient
    client: ClientProtocol
    theirs: socket.socket


async def connect(app: Any, state: ServerState | None = None, cookie: str = "") -> Connection:
    """A client that has asked an application for a socket."""
    config = Config(app, ws_ping_interval=None)
    config.load()
    ours, theirs = socket.socketpair()
    theirs.setblocking(False)
    loop = asyncio.get_running_loop()
    transport, server = await loop.connect_accepted_socket(lambda: Impatient(config, state or ServerState(), {}), ours)
    client = ClientProtocol(parse_uri("ws://localhost/ws"))
    request = client.connect()
    if cookie:
        request.headers["Cookie"] = cookie
    client.send_request(request)
    await loop.sock_sendall(theirs, b"".join(client.data_to_send()))
    return Connection(transport, server, client, theirs)


async def test_a_server_stops_in_order_beside_somebody_who_said_goodbye_and_takes_nothing() -> None:
    loop, state = asyncio.get_running_loop(), ServerState()
    line = await connect(talkative, state)
    transport, server, client, theirs = line.transport, line.server, line.client, line.theirs
    while not transport.get_write_buffer_size():  # noqa: ASYNC110  it tells nobody
        await asyncio.sleep(0)
    client.state = OPEN
    client.send_close(1001)
    await loop.sock_sendall(theirs, b"".join(client.data_to_send()))
    while not transport.is_closing():  # noqa: ASYNC110
        await asyncio.sleep(0)
    assert server in state.connections, "something waits to be taken, or the test shows nothing"
    server.shutdown()
    while await loop.sock_recv(theirs, 1 << 20):
        pass
    assert server not in state.connections
    theirs.close()


def masked(payload: bytes, key: bytes) -> bytes:
    """A short frame of text under this key."""
    return bytes((0x81, 0x80 | len(payload))) + key + bytes(byte ^ key[at % 4] for at, byte in enumerate(payload))


async def test_what_comes_after_a_part_of_a_frame_belongs_to_it_also_after_whole_ones() -> None:
    heard: list[str] = []

    async def listening(scope: dict[str, Any], receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        scope["extensions"][SHORT_WAY].listen(heard.append)
        while "text" in (message := await receive()):
            heard.append(message["text"])

    inner, key = masked(b"inner", b"\x20\x20\xa0\xa0"), b"\x80\x80\x40\x40"
    assert whole_text(inner, MOST) == ("inner", len(inner))
    text = bytes(byte ^ key[at % 4] for at, byte in enumerate(inner))
    outer = masked(text, key)
    assert outer.endswith(inner), "its end looks like a frame"
    loop, line = asyncio.get_running_loop(), await connect(listening)
    theirs = line.theirs
    await loop.sock_recv(theirs, 65_536)
    for piece in (sent(b"whole"), outer[: -len(inner)], inner, sent(b"last")):
        await loop.sock_sendall(theirs, piece)
        for _ in range(10):
            await asyncio.sleep(0)
    assert heard == ["whole", text.decode(), "last"]
    line.transport.abort()
    theirs.close()


async def test_what_a_handshake_was_made_of_does_not_stay_with_the_connection() -> None:
    """A secret among it, and a tenth of the room that a connection takes."""
    asked: list[Request] = []

    async def listening(scope: dict[str, Any], receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        server = scope["extensions"][SHORT_WAY]
        asked.append(server.request)  # as websockets' parser keeps it
        assert "key=secret" in asked[0].headers.values()
        assert (b"cookie", b"key=secret") in [(name.lower(), value) for name, value in scope["headers"]]
        server.listen(lambda _: None)
        assert scope["headers"] == []
        await receive()

    line = await connect(listening, cookie="key=secret")
    await asyncio.get_running_loop().sock_recv(line.theirs, 65_536)
    assert [list(request.headers.raw_items()) for request in asked] == [[]]
    line.transport.abort()
    line.theirs.close()
