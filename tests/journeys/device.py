"""A device as the browser is one: it keeps a cursor, conversations by `change`, messages by seq, and what is unconfirmed."""

import asyncio
import contextlib
import json
import socket as plain
import ssl
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.typing import Origin, Subprotocol

from tests.journeys.servers import HOST, House

PASSWORD = "quietroom-demo"
PATIENCE = 20.0  # no promise, only when a test gives up
FOLDERS = ("inbox", "sent", "trash")
BUSY = {"unavailable", "too_many"}
PLAIN = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # nothing is encrypted here; reading the world's certificates takes a while
Json = dict[str, Any]


def text(command: Json) -> str:
    """A frame as a browser encodes it: characters as they are."""
    return json.dumps(command, ensure_ascii=False)


class RefusedError(Exception):
    """The server said no; `error` is what it said."""

    def __init__(self, error: Json) -> None:
        super().__init__(error["message"])
        self.error = error


class Device:
    """One browser of one person, signed in at one process."""

    patience = PATIENCE

    def __init__(self, username: str, port: int) -> None:
        self.username, self.port = username, port
        self.origin = f"http://{HOST}:{port}"
        self.http = httpx2.AsyncClient(base_url=self.origin, headers={"Origin": self.origin}, timeout=PATIENCE, verify=PLAIN)
        self.cursor: str | None = None
        self.unread = 0
        self.rows: dict[str, Json] = {}
        self.messages: dict[str, dict[int, Json]] = {}
        self.unconfirmed: dict[str, Json] = {}
        self.frames: list[Json] = []
        self.closes: list[int] = []
        self.ended = ""
        self.id = ""
        self.online = asyncio.Event()
        self.online.set()
        self._answers: dict[str, asyncio.Future[Json]] = {}
        self._socket: ClientConnection | None = None
        self._loaded = False
        self._news = asyncio.Condition()

    async def sign_in(self) -> None:
        """Begin a session; the cookie stays in this device."""
        answer = await self.http.post("/api/sign_in", json={"username": self.username, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        self.id = answer.json()["id"]

    async def get(self, path: str) -> Json:
        """A read that must succeed."""
        answer = await self.http.get(path)
        assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text}"
        return dict(answer.json())

    async def do(self, name: str, key: str | None = None, **fields: Any) -> Json:
        """A command, repeated under its key until the server has answered; RefusedError if it says no."""
        key = key or str(uuid.uuid4())
        self.unconfirmed[key] = {"do": name, "key": key, **fields}
        self._answers[key] = asyncio.get_running_loop().create_future()
        await self._send(self.unconfirmed[key])
        return await asyncio.wait_for(self._answers[key], self.patience * 2)

    async def send(self, conversation: str, body: str) -> int:
        """A message into a conversation; the answer is its seq."""
        return int((await self.do("send_message", conversation=conversation, body=body))["seq"])

    def direct_with(self, name: str) -> str:
        """The id of the direct conversation with somebody of this first name."""
        return next(id for id, row in self.rows.items() if row["direct"] and row["people"][0]["name"].startswith(name))

    def bodies(self, conversation: str) -> list[str]:
        """What was said, in order of seq, as this device has it."""
        return [message["body"] for _, message in sorted(self.messages.get(conversation, {}).items())]

    @property
    def change(self) -> int:
        """How far this device has come."""
        return int((self.cursor or "").rpartition(".")[2] or 0)

    async def until(self, true: Callable[["Device"], object]) -> None:
        """Wait until something is true of this device."""
        async with asyncio.timeout(self.patience), self._news:
            await self._news.wait_for(lambda: true(self))

    async def has(self, conversation: str, *bodies: str) -> None:
        """Wait until these were received."""
        await self.until(lambda _: set(bodies) <= set(self.bodies(conversation)))

    def cut(self) -> None:
        """Break the connection without a word, as a network does, and stay without one until `online` is set."""
        self.online.clear()
        if self._socket is not None:
            self._socket.transport.abort()

    async def keep(self) -> None:
        """Connect, and connect again whenever the connection is lost, as long as the session lives."""
        while not self.ended:
            await self.online.wait()
            try:
                await self._live()
            except (OSError, WebSocketException, TimeoutError, httpx2.TransportError):
                await asyncio.sleep(0.05)

    async def _live(self) -> None:
        since = f"?since={self.cursor}" if self.cursor else ""
        async with opened(self, since) as socket:
            hello = json.loads(await socket.recv())
            self.cursor, self.unread = self.cursor or hello["hello"], hello["unread"]
            if not self._loaded:
                await self.load()
            self._socket = socket
            for command in list(self.unconfirmed.values()):
                await socket.send(text(command))
            await self._tell()
            try:
                async for frame in socket:
                    await self._take(json.loads(frame))
            finally:
                self._socket = None
                self.closes.append(socket.close_code or 1006)
                await self._tell()

    async def _send(self, command: Json) -> None:
        if self._socket is not None:
            with contextlib.suppress(ConnectionClosed):
                await self._socket.send(text(command))

    async def _take(self, frame: Json) -> None:
        self.frames.append(frame)
        if "progress" in frame or "clients" in frame:
            self.cursor = frame["cursor"]
        elif "done" in frame:
            self._settle(frame["done"], frame["result"])
        elif "refused" in frame:
            await self._refused(frame)
        elif "reset" in frame:
            self.rows, self.messages = {}, {}
            await self.load()
        elif "change" in frame:
            await self._change(frame)
        elif "ended" in frame:
            self.ended = frame["ended"]
        await self._tell()

    async def _refused(self, frame: Json) -> None:
        if frame["error"]["code"] in BUSY and frame["refused"] in self.unconfirmed:
            await asyncio.sleep(0.05)
            await self._send(self.unconfirmed[frame["refused"]])
        else:
            self._settle(frame["refused"], RefusedError(frame["error"]))

    def _settle(self, key: str | None, answer: Json | RefusedError) -> None:
        self.unconfirmed.pop(key or "", None)
        waiting = self._answers.pop(key or "", None)
        if waiting is None or waiting.done():
            return
        if isinstance(answer, RefusedError):
            waiting.set_exception(answer)
        else:
            waiting.set_result(answer)

    async def _change(self, frame: Json) -> None:
        self.cursor, self.unread = frame["cursor"], frame["unread"]
        row = frame["conversation"]
        if row["change"] < self.rows.get(row["id"], {"change": 0})["change"]:
            return
        if row.get("gone"):
            self.rows.pop(row["id"], None)
            self.messages.pop(row["id"], None)
            return
        self.rows[row["id"]] = row
        held = self.messages.setdefault(row["id"], {})
        for message in frame["messages"]:
            if message["after"] > max(held, default=0):
                await self._fill(row["id"], max(held, default=0))
            held[message["seq"]] = message

    async def _fill(self, conversation: str, after: int | None) -> None:
        """The messages between what is held and what came."""
        while after is not None:
            page = await self.get(f"/api/conversations/{conversation}/messages?after={after}")
            self.messages[conversation] |= {message["seq"]: message for message in page["messages"]}
            after = page["next"]

    async def load(self) -> None:
        """All pages anew, as a browser that knows nothing."""
        for folder in FOLDERS:
            before = ""
            while before is not None:
                page = await self.get(f"/api/conversations?folder={folder}" + (f"&before={before}" if before else ""))
                for row in page["conversations"]:
                    if row["change"] >= self.rows.get(row["id"], {"change": 0})["change"]:
                        self.rows[row["id"]] = row
                    self.messages.setdefault(row["id"], {})
                    await self._fill(row["id"], 0)
                before = page["next"]
        self._loaded = True

    async def _tell(self) -> None:
        async with self._news:
            self._news.notify_all()


def opened(device: Device, query: str = "", **options: Any) -> connect:
    """A socket with this device's cookie; options replace what a browser would send."""
    cookie = "; ".join(f"{name}={value}" for name, value in device.http.cookies.items())
    given: Json = {
        "origin": Origin(device.origin),
        "subprotocols": [Subprotocol("quietroom.v1")],
        "additional_headers": {"Cookie": cookie},
        "compression": None,
        "proxy": None,
        "ping_interval": None,
        "close_timeout": 1,
    }
    return connect(f"ws://{HOST}:{device.port}/ws{query}", **given | options)


@asynccontextmanager
async def unread(device: Device) -> AsyncIterator[int]:
    """A socket of this device that takes nothing after the first frame, with little room for the network; its own port."""
    narrow = plain.socket()
    narrow.setsockopt(plain.SOL_SOCKET, plain.SO_RCVBUF, 4_096)
    narrow.setblocking(False)
    await asyncio.get_running_loop().sock_connect(narrow, (HOST, device.port))
    async with opened(device, sock=narrow, max_queue=1) as socket:
        await socket.recv()
        socket.transport.pause_reading()
        yield narrow.getsockname()[1]


def connected_to(port: int) -> set[int]:
    """The ports at the other ends of the connections that the server at this port holds open."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    ends = [(int(row[1].split(":")[1], 16), int(row[2].split(":")[1], 16), row[3]) for row in rows]
    return {there for here, there, state in ends if here == port and state == "01"}


@asynccontextmanager
async def device(house: House, username: str, web: int = 0) -> AsyncIterator[Device]:
    """Somebody's browser, signed in, connected and loaded, until the block ends."""
    async with visitor(house, username, web) as one, kept(one):
        yield one


@asynccontextmanager
async def kept(one: Device) -> AsyncIterator[None]:
    """Within the block this device, signed in before, is connected and loaded, and comes back whenever it is cut off."""
    keeping = asyncio.create_task(one.keep(), name=f"{one.username} at {one.port}")
    try:
        await one.until(lambda _: one._loaded and one._socket is not None)
        yield
    finally:
        keeping.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await keeping


@asynccontextmanager
async def visitor(house: House, username: str, web: int = 0) -> AsyncIterator[Device]:
    """Somebody signed in, without a socket."""
    one = Device(username, house.ports[web % len(house.ports)])
    async with one.http:
        await one.sign_in()
        yield one


async def same_as_fresh(house: House, one: Device, web: int = 0) -> None:
    """What this device has come to by itself is what a fresh browser of the same person loads."""
    async with device(house, one.username, web) as fresh:
        await one.until(lambda _: one.change >= fresh.change)  # what the other one loaded is perhaps on its way to this one
        assert one.unread == fresh.unread == (await fresh.get("/api/me"))["unread"]
        assert one.rows == fresh.rows
        assert {id: one.bodies(id) for id in one.rows} == {id: fresh.bodies(id) for id in fresh.rows}
        assert fresh.unread == sum(row["unread"] > 0 and "trash" not in row["folders"] for row in fresh.rows.values())
        for id, row in fresh.rows.items():
            assert row["visible"] == len(fresh.messages[id])
