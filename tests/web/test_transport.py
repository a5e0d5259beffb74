"""How a connection ends when the server stops."""

import asyncio
import socket
from typing import Any

from uvicorn import Config
from uvicorn.server import ServerState
from websockets.client import ClientProtocol
from websockets.protocol import OPEN
from websockets.uri import parse_uri

from chat.web.transport import Impatient

MUCH = "x" * 60_000


async def talkative(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Accepts and says more than the operating system holds for somebody who does not read."""
    await send({"type": "websocket.accept"})
    for _ in range(100):
        await send({"type": "websocket.send", "text": MUCH})


async def test_a_server_stops_in_order_beside_somebody_who_said_goodbye_and_takes_nothing() -> None:
    state = ServerState()
    config = Config(talkative, ws_ping_interval=None)
    config.load()
    ours, theirs = socket.socketpair()
    theirs.setblocking(False)
    loop = asyncio.get_running_loop()
    transport, server = await loop.connect_accepted_socket(lambda: Impatient(config, state, {}), ours)
    client = ClientProtocol(parse_uri("ws://localhost/ws"))
    client.send_request(client.connect())
    await loop.sock_sendall(theirs, b"".join(client.data_to_send()))
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
