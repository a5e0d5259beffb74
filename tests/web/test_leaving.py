"""A connection that ended is gone at once. What Python had to look for would stay for hours, 30 KiB for each."""

import asyncio
import gc
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest
from starlette.websockets import WebSocket
from uvicorn import Config
from uvicorn.server import ServerState
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.server import ServerProtocol

from chat.runtime import Listener
from chat.web.patience import Timely
from chat.web.socket import Line
from chat.web.transport import Impatient
from tests.web.doors import ORIGIN, Doors

VISITS = 5
KINDS = (Impatient, Timely, ServerProtocol, WebSocket, Line, Listener)


@dataclass
class House:
    """The application behind the server's own protocols, on a port."""

    doors: Doors
    port: int
    state: ServerState
    cookie: str

    def connect(self, origin: str = ORIGIN) -> connect:
        """A device's socket."""
        headers = {"Cookie": f"{self.doors.desk.cookie}={self.cookie}"}
        address = f"ws://127.0.0.1:{self.port}/ws"
        return connect(address, origin=origin, subprotocols=["quietroom.v1"], additional_headers=headers)  # type: ignore[arg-type, list-item]

    async def empty(self) -> None:
        """Wait until nobody is connected, and nothing is done for anybody."""
        async with asyncio.timeout(20):
            while self.state.connections or self.state.tasks:  # noqa: ASYNC110  they tell nobody
                await asyncio.sleep(0.005)


@asynccontextmanager
async def serving(doors: Doors) -> AsyncIterator[House]:
    """The house, open."""
    config = Config(doors.app, ws=Impatient, http=Timely, ws_per_message_deflate=False, lifespan="off", log_config=None)
    config.load()
    state = ServerState()
    server = await asyncio.get_running_loop().create_server(lambda: Timely(config, state, {}), "127.0.0.1", 0)
    async with server:
        yield House(doors, server.sockets[0].getsockname()[1], state, await doors.sign_in("ben"))


async def at_work(client: ClientConnection) -> None:
    """Greeted, and one command answered."""
    assert "hello" in json.loads(await client.recv())
    await client.send(json.dumps({"do": "active", "key": "k"}))
    assert "done" in json.loads(await client.recv())


async def says_goodbye(house: House) -> None:
    async with house.connect() as client:
        await at_work(client)


async def is_cut_off(house: House) -> None:
    async with house.connect() as client:
        await at_work(client)
        client.transport.abort()


async def is_sent_away(house: House) -> None:
    async with house.connect() as client:
        await at_work(client)
        for listener in house.doors.desk.runtime.live.listeners:
            listener.end("revoked")
        assert json.loads(await client.recv()) == {"ended": "revoked"}
        with pytest.raises(ConnectionClosed):
            await client.recv()


async def is_not_let_in(house: House) -> None:
    with pytest.raises(InvalidStatus):
        await house.connect("https://elsewhere.example").__aenter__()


async def only_reads(house: House) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", house.port)
    writer.write(f"GET /api/me HTTP/1.1\r\nHost: localhost\r\nCookie: {house.doors.desk.cookie}={house.cookie}\r\n\r\n".encode())
    assert (await reader.readline()).startswith(b"HTTP/1.1 200")
    writer.close()
    await writer.wait_closed()


@pytest.mark.parametrize("visit", [says_goodbye, is_cut_off, is_sent_away, is_not_let_in, only_reads])
async def test_whoever_was_connected_leaves_nothing_that_has_to_be_looked_for(
    doors: Doors, visit: Callable[[House], Awaitable[None]]
) -> None:
    async with serving(doors) as house:
        await visit(house)
        await house.empty()
        gc.collect()
        before = left()
        gc.disable()
        try:
            for _ in range(VISITS):
                await visit(house)
                await house.empty()
            grown = {name: count - before.get(name, 0) for name, count in left().items()}
        finally:
            gc.enable()
        # A thread or a timer may still hold the last one; what holds itself would be there once for each visit.
        assert max(grown.values(), default=0) <= 1, grown


def left() -> dict[str, int]:
    """What is there of connections, by kind."""
    there = gc.get_objects()
    counts = {kind.__name__: sum(type(one) is kind for one in there) for kind in KINDS}
    return {name: count for name, count in counts.items() if count}
