"""The bare reference: the least that may be called a durable chat on the same libraries; rates are compared with it in one run.

Starlette on uvicorn, one writer thread that commits what has gathered while the last commit ran, SQLite with an fsync for each
commit, one row a message. It knows no rights, sealing, receipts, counters, alerts or audit: it shows what machine and libraries
leave us.

    python -m tests.bench.reference <port> <folder>
"""

import asyncio
import queue
import sqlite3
import sys
import threading
import time
from collections import defaultdict
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import orjson
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from tests.bench import wire
from tests.bench.names import conversation_of, other_of

BATCH = 500
SWITCH = 0.0005
"""Seconds for which the event loop may keep the interpreter from a writer that wants it; the usual 5 ms cost much of the rate."""
COOKIE = "reference_session"
TABLE = """CREATE TABLE IF NOT EXISTS message (
    conversation TEXT NOT NULL, seq INTEGER NOT NULL, author TEXT NOT NULL, body TEXT NOT NULL, sent_at REAL NOT NULL,
    PRIMARY KEY (conversation, seq)) WITHOUT ROWID"""

Message = tuple[str, int, str, str, float]
Send = tuple[str, str, str, "asyncio.Future[Message]"]


class Writer(threading.Thread):
    """Drains its queue into one transaction a batch, and answers on the event loop after the commit."""

    def __init__(self, path: Path, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(name="writer", daemon=True)
        self.queue: queue.SimpleQueue[Send | None] = queue.SimpleQueue()
        self._loop = loop
        self._database = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        for statement in ("PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", TABLE):
            self._database.execute(statement)
        self.last = dict(self._database.execute("SELECT conversation, max(seq) FROM message GROUP BY conversation"))

    def run(self) -> None:
        """Until somebody queues None."""
        while (first := self.queue.get()) is not None:
            batch = [first]
            while len(batch) < BATCH and not self.queue.empty():
                one = self.queue.get()
                if one is None:
                    self.queue.put(None)
                    break
                batch.append(one)
            rows = [self._row(conversation, author, body) for conversation, author, body, _ in batch]
            self._database.execute("BEGIN IMMEDIATE")
            self._database.executemany("INSERT INTO message VALUES (?, ?, ?, ?, ?)", rows)
            self._database.execute("COMMIT")
            self._loop.call_soon_threadsafe(answer, batch, rows)
        self._database.close()

    def _row(self, conversation: str, author: str, body: str) -> Message:
        seq = self.last[conversation] = self.last.get(conversation, 0) + 1
        return conversation, seq, author, body, time.time()


def answer(batch: list[Send], rows: list[Message]) -> None:
    """Tell everybody who still waits what became of their message."""
    for (_, _, _, waiting), row in zip(batch, rows, strict=True):
        if not waiting.done():
            waiting.set_result(row)


def change(row: Message) -> str:
    """The frame that the other person gets."""
    conversation, seq, author, body, sent_at = row
    message = {"seq": seq, "after": seq - 1, "author": author, "body": body, "sent_at": sent_at}
    return orjson.dumps({"change": seq, "unread": seq, "conversation": {"id": conversation}, "messages": [message]}).decode()


class Chat:
    """The whole server."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._writer: Writer
        self._sockets: defaultdict[str, set[WebSocket]] = defaultdict(set)

    async def open(self) -> None:
        """Start the writer on the running loop."""
        self._writer = Writer(self._path, asyncio.get_running_loop())
        self._writer.start()

    def close(self) -> None:
        """Let the writer finish what is queued."""
        self._writer.queue.put(None)
        self._writer.join()

    async def ready(self, request: Request) -> Response:
        """GET /readyz."""
        return PlainTextResponse("ready")

    async def sign_in(self, request: Request) -> Response:
        """POST /api/sign_in: believes everybody."""
        response = JSONResponse({})
        response.set_cookie(COOKIE, orjson.loads(await request.body())["username"])
        return response

    async def conversations(self, request: Request) -> Response:
        """GET /api/conversations."""
        return JSONResponse({"conversations": [{"id": conversation_of(request.cookies[COOKIE])}], "next": None})

    async def socket(self, websocket: WebSocket) -> None:
        """GET /ws: one command after the other."""
        username = SimpleCookie(websocket.headers["cookie"])[COOKIE].value
        await websocket.accept(wire.SUBPROTOCOL)
        await websocket.send_text(f'{{"hello": "0.{self.seen(username)}", "version": "reference", "unread": 0}}')
        self._sockets[username].add(websocket)
        try:
            await self._catch_up(websocket, username)
            while True:
                await self._command(websocket, username, orjson.loads(await websocket.receive_text()))
        except WebSocketDisconnect:
            pass
        finally:
            self._sockets[username].discard(websocket)

    def seen(self, username: str) -> int:
        """The number of the newest message of this person's only conversation."""
        return int(self._writer.last.get(conversation_of(username), 0))

    async def _command(self, websocket: WebSocket, username: str, command: dict[str, Any]) -> None:
        waiting: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
        self._writer.queue.put((command["conversation"], username, command["body"], waiting))
        row = await waiting
        done = {"done": command["key"], "result": {"conversation": row[0], "seq": row[1]}}
        await websocket.send_text(orjson.dumps(done).decode())
        others = self._sockets[other_of(username)]
        if others:
            frame = change(row)
            for other in tuple(others):
                await other.send_text(frame)

    async def _catch_up(self, websocket: WebSocket, username: str) -> None:
        since = websocket.query_params.get("since")
        if since is None or int(since.partition(".")[2]) >= self.seen(username):
            return
        newest = "SELECT * FROM message WHERE conversation = ? AND seq > ? ORDER BY seq DESC LIMIT 20"
        with sqlite3.connect(self._path) as reading:
            for row in reversed(reading.execute(newest, (conversation_of(username), int(since.partition(".")[2]))).fetchall()):
                await websocket.send_text(change(row))


async def serve(port: int, folder: Path) -> None:
    """Run until a signal comes."""
    sys.setswitchinterval(SWITCH)
    chat = Chat(folder / "reference.sqlite3")
    routes = [
        Route("/readyz", chat.ready),
        Route("/api/sign_in", chat.sign_in, methods=["POST"]),
        Route("/api/conversations", chat.conversations),
        WebSocketRoute("/ws", chat.socket),
    ]
    config = uvicorn.Config(
        Starlette(routes=routes), host="127.0.0.1", port=port, loop="uvloop", http="httptools", ws="websockets-sansio",
        ws_max_size=65536, ws_per_message_deflate=False, access_log=False, log_level="warning", server_header=False,
    )  # fmt: skip
    await chat.open()
    await uvicorn.Server(config).serve()
    chat.close()


if __name__ == "__main__":
    import uvloop

    uvloop.run(serve(int(sys.argv[1]), Path(sys.argv[2])))
