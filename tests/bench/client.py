"""Signing in, and one open socket: a raw protocol on the event loop, so that one core of generator outruns one core of server."""

import asyncio
import http.client
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

import orjson

from tests.bench import wire

HOST = "127.0.0.1"
Json = dict[str, Any]


@dataclass(frozen=True)
class Person:
    """Somebody signed in: `port` is the process they talk to, `origin` the address their pages would come from."""

    username: str
    cookie: str
    port: int
    origin: str
    dialect: str = "plain"
    """How the server frames what it says: one of `SOCKETS`."""


@dataclass(frozen=True)
class Answer:
    """What an HTTP request brought back."""

    status: int
    headers: dict[str, str]
    body: bytes
    cookie: str

    def json(self) -> Json:
        """The body as a JSON object."""
        return dict(orjson.loads(self.body))


def ask(port: int, method: str, path: str, *, body: Json | None = None, headers: dict[str, str] | None = None) -> Answer:
    """One request on a connection of its own, at most 60 seconds."""
    connection = http.client.HTTPConnection(HOST, port, timeout=60)
    try:
        sent = {"Content-Type": "application/json", **(headers or {})} if body is not None else headers or {}
        connection.request(method, path, None if body is None else orjson.dumps(body), sent)
        response = connection.getresponse()
        cookies = [value.partition(";")[0] for name, value in response.getheaders() if name.lower() == "set-cookie"]
        names = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, names, response.read(), "; ".join(cookies))
    finally:
        connection.close()


def as_person(person: Person) -> dict[str, str]:
    """The headers of a page of this person."""
    return {"Cookie": person.cookie, "Origin": person.origin, "Sec-Fetch-Site": "same-origin"}


def sign_in(username: str, password: str, port: int, origin: str, dialect: str = "plain") -> Person:
    """A session of this person; raises with the server's words when it is refused."""
    page = {"Origin": origin, "Sec-Fetch-Site": "same-origin"}
    answer = ask(port, "POST", "/api/sign_in", body={"username": username, "password": password}, headers=page)
    if answer.status != 200 or not answer.cookie:
        raise RuntimeError(f"{username} could not sign in: {answer.status} {answer.body[:200]!r}")
    return Person(username, answer.cookie, port, origin, dialect)


class Socket(asyncio.Protocol):
    """One open socket. Frames go to `on_frame(socket, frame)`; the first one, `hello`, is kept."""

    __slots__ = ("_frames", "_head", "_opened", "closed", "hello", "on_frame", "person", "transport")

    def __init__(self, person: Person) -> None:
        self.person = person
        self.hello: Json = {}
        self.closed = asyncio.get_running_loop().create_future()
        self.on_frame: Handler = ignore
        self.transport: asyncio.Transport
        self._frames = wire.Frames()
        self._head: bytes | None = b""
        self._opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    PATH = "/ws"

    @classmethod
    async def open(
        cls, person: Person, since: str | None = None, on_frame: "Handler | None" = None, patience: float = 30
    ) -> "Socket":
        """Connect and wait, at most so many seconds, for `hello`; `since` is the cursor from which to catch up."""
        loop, kind = asyncio.get_running_loop(), SOCKETS[person.dialect]
        _, socket = await loop.create_connection(lambda: kind(person), HOST, person.port)
        socket.on_frame = on_frame or ignore
        path = kind.PATH if since is None else f"{kind.PATH}?since={since}"
        socket.transport.write(wire.upgrade(f"{HOST}:{person.port}", path, person.origin, person.cookie))
        try:
            await asyncio.wait_for(socket._opened, patience)
        except TimeoutError:
            socket.cut()
            raise
        return socket

    def send(self, payload: bytes) -> None:
        """Send a text frame of JSON already encoded."""
        self.transport.write(wire.frame(payload))

    def cut(self) -> None:
        """Break the connection without a word, as a network does."""
        self.transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Part of the protocol: remember where to write."""
        self.transport = cast(asyncio.Transport, transport)

    def connection_lost(self, exc: Exception | None) -> None:
        """Part of the protocol: whoever waits for this socket learns that it is gone."""
        if not self._opened.done():
            self._opened.set_exception(ConnectionError(f"{self.person.username}: closed before hello"))
        if not self.closed.done():
            self.closed.set_result(None)

    def data_received(self, data: bytes) -> None:
        """Part of the protocol: first the answer to the upgrade, then frames."""
        if self._head is not None:
            self._head += data
            head, found, data = self._head.partition(b"\r\n\r\n")
            if not found:
                return
            if not head.startswith(b"HTTP/1.1 101"):
                self._opened.set_exception(ConnectionError(f"{self.person.username}: {head[:60]!r} {data[:200]!r}"))
                self.transport.abort()
                return
            self._head = None
        for opcode, payload in self._frames.feed(data):
            if opcode == wire.TEXT:
                self._text(payload)
            elif opcode == wire.PING:
                self.transport.write(wire.frame(payload, wire.PONG))
            elif opcode == wire.CLOSE:
                self.transport.close()

    def _text(self, payload: bytes) -> None:
        self._take(orjson.loads(payload))

    def _take(self, frame: Json) -> None:
        if self.hello:
            self.on_frame(self, frame)
            return
        self.hello = frame
        if self._opened.done():
            return  # given up
        if "hello" in frame:
            self._opened.set_result(None)
        else:
            self._opened.set_exception(ConnectionError(f"{self.person.username}: the first frame was {frame!r}"))


class SocketIo(Socket):
    """The same by Socket.IO: an event of Engine.IO's around each frame, and its own pings. It has no cursor to open with."""

    __slots__ = ()
    PATH = "/socket.io/?EIO=4&transport=websocket"

    def send(self, payload: bytes) -> None:
        """Send a command."""
        super().send(b'42["command",' + payload + b"]")

    def _text(self, payload: bytes) -> None:
        if payload.startswith(b"42"):
            self._take(orjson.loads(payload[2:])[1])
        elif payload.startswith(b"0"):  # open: now the namespace
            super().send(b"40")
        elif payload == b"2":
            super().send(b"3")


SOCKETS: dict[str, type[Socket]] = {"plain": Socket, "socket.io": SocketIo}
Handler = Callable[[Socket, Json], None]


def ignore(socket: Socket, frame: Json) -> None:
    """The handler of a socket that nobody listens to."""


async def open_all(people: list[Person], at_once: int = 16) -> list[Socket]:
    """Open one socket for each entry, at most `at_once` handshakes at a time, in the given order."""
    gate = asyncio.Semaphore(at_once)

    async def one(person: Person) -> Socket:
        async with gate:
            return await Socket.open(person)

    return list(await asyncio.gather(*(one(person) for person in people)))


async def close_all(sockets: list[Socket]) -> None:
    """Close politely and wait until every connection is gone."""
    for socket in sockets:
        if not socket.transport.is_closing():
            socket.transport.write(wire.frame(b"\x03\xe8", wire.CLOSE))
    await asyncio.wait([socket.closed for socket in sockets], timeout=10)
    for socket in sockets:
        socket.cut()
