"""python-socketio: a handler, a row and a commit for each message on SQLite, and Redis between processes.

python -m tests.bench.peers.socketio_chat <port> <folder> <Redis' address>
"""

from __future__ import annotations

import asyncio
import sqlite3
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import orjson
import socketio

from tests.bench.names import other_of
from tests.bench.peers import plain

TABLE = """CREATE TABLE message (
    id INTEGER PRIMARY KEY, conversation TEXT NOT NULL, author TEXT NOT NULL, body TEXT NOT NULL, sent_at REAL NOT NULL)"""
INSERT = "INSERT INTO message (conversation, author, body, sent_at) VALUES (?, ?, ?, ?)"


class Json:
    """The quickest that there is, as all others here have."""

    @staticmethod
    def dumps(value: Any, **_: Any) -> str:
        """Encode."""
        return orjson.dumps(value).decode()

    loads = staticmethod(orjson.loads)


class Chat(socketio.AsyncNamespace):
    """All sockets. A room for each person."""

    def __init__(self, path: Path) -> None:
        super().__init__("/")
        self._thread = ThreadPoolExecutor(1)
        self._database = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        for statement in ("PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", TABLE):
            self._database.execute(statement)

    async def on_connect(self, sid: str, environ: dict[str, Any]) -> None:
        """Join, and say hello."""
        username = plain.username_of(environ["HTTP_COOKIE"])
        await self.save_session(sid, {"username": username})
        await self.enter_room(sid, username)
        await self.emit("frame", plain.hello(), to=sid)

    async def on_command(self, sid: str, command: dict[str, Any]) -> None:
        """Keep a message, acknowledge it, and pass it on."""
        author = (await self.get_session(sid))["username"]
        place, body = command["conversation"], command["body"]
        seq = await asyncio.get_running_loop().run_in_executor(self._thread, self._keep, place, author, body)
        await self.emit("frame", plain.done(command["key"], place, seq), to=sid)
        await self.emit("frame", plain.change(place, seq, author, body), to=other_of(author))

    def _keep(self, place: str, author: str, body: str) -> int:
        return self._database.execute(INSERT, (place, author, body, time.time())).lastrowid or 0


def main(port: int, folder: Path, redis: str) -> None:
    """Serve."""
    manager = socketio.AsyncRedisManager(redis, json=Json)
    server = socketio.AsyncServer(
        async_mode="asgi", client_manager=manager, transports=["websocket"], cors_allowed_origins="*", json=Json
    )
    server.register_namespace(Chat(folder / "socketio.sqlite3"))
    plain.serve(socketio.ASGIApp(server, plain.pages), port)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
