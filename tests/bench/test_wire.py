"""The generator's half of the wire, against the library that the server uses."""

import asyncio
from typing import cast

from websockets.frames import Opcode
from websockets.server import ServerProtocol

from tests.bench import wire
from tests.bench.client import Json, Person, SocketIo


def connected() -> ServerProtocol:
    """A server's side that has accepted our upgrade."""
    server = ServerProtocol(subprotocols=[wire.SUBPROTOCOL])  # type: ignore[list-item]
    server.receive_data(wire.upgrade("127.0.0.1", "/ws", "http://127.0.0.1", "session=a"))
    [request] = server.events_received()
    server.send_response(server.accept(request))  # type: ignore[arg-type]
    server.data_to_send()
    return server


def test_frames_of_every_length_are_understood_by_a_server() -> None:
    server = connected()
    assert server.subprotocol == wire.SUBPROTOCOL
    for size in (0, 125, 126, 65535):
        server.receive_data(wire.frame(b"x" * size))
        [frame] = server.events_received()
        assert (frame.opcode, bytes(frame.data)) == (Opcode.TEXT, b"x" * size)  # type: ignore[union-attr]


def test_frames_of_a_server_are_found_however_the_bytes_arrive() -> None:
    server = connected()
    sent = [b"", b"a" * 125, b"b" * 126, b"c" * 70000, b"d"]
    for payload in sent:
        server.send_text(payload)
    server.send_ping(b"here?")
    data = b"".join(server.data_to_send())
    expected = [*((wire.TEXT, payload) for payload in sent), (wire.PING, b"here?")]
    for cut in (1, 3, 1000, len(data)):
        frames = wire.Frames()
        assert [one for at in range(0, len(data), cut) for one in frames.feed(data[at : at + cut])] == expected


class Wire:
    """The other end of a socket, as far as a protocol knows it."""

    def __init__(self) -> None:
        self.written: list[bytes] = []

    def write(self, data: bytes) -> None:
        """Keep it."""
        self.written.append(data)


async def test_socket_io_s_envelopes_are_opened_and_its_own_words_answered() -> None:
    socket, wire_, heard = SocketIo(Person("ben", "", 1, "", "socket.io")), Wire(), list[Json]()
    socket.on_frame = lambda _, frame: heard.append(frame)
    socket.connection_made(cast(asyncio.Transport, wire_))
    socket.data_received(b"HTTP/1.1 101 Switching Protocols\r\n\r\n")
    for text in (b'0{"sid":"x"}', b'40{"sid":"y"}', b'42["frame",{"hello":"0.0"}]', b"2", b'42["frame",{"done":"k"}]'):
        socket.data_received(bytes((0x81, len(text))) + text)
    socket.send(b'{"do":"send_message"}')
    assert socket.hello == {"hello": "0.0"}
    assert heard == [{"done": "k"}]
    assert wire_.written == [wire.frame(text) for text in (b"40", b"3", b'42["command",{"do":"send_message"}]')]
