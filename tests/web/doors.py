"""The application in this process, on SQLite, with everybody signed in: requests by an ASGI transport, sockets by hand."""

from __future__ import annotations

import asyncio
import base64
import json
import shutil
import sqlite3
from collections.abc import AsyncIterator, Iterator, MutableMapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any
from unittest.mock import patch

import httpx2
from sqlmodel import SQLModel
from starlette.applications import Starlette

from chat.actions.sessions import SignIn, sign_in
from chat.app import make_app
from chat.settings import Settings
from chat.transaction import Who
from chat.web.desk import Desk

ORIGIN = "http://localhost:8000"
KEYS = ";".join(f"{name}={base64.b64encode(bytes(range(32))).decode()}" for name in ("id", "test"))
Json = dict[str, Any]


@dataclass
class Practice:
    """A folder with a filled database, to be copied, and who is in it: people by name, their cookies, and further ids."""

    folder: Path
    people: dict[str, Who]
    cookies: dict[str, str] = field(default_factory=dict)
    ids: dict[str, int] = field(default_factory=dict)

    @property
    def database(self) -> Path:
        """The database's file."""
        return self.folder / "quietroom.db"


@dataclass
class Doors:
    """A running application over its own copy of a practice."""

    app: Starlette
    practice: Practice

    @property
    def desk(self) -> Desk:
        """The process's services."""
        desk: Desk = self.app.state.desk
        return desk

    def person(self, name: str) -> str:
        """Somebody's id on the wire."""
        return self.desk.wire.person(self.practice.people[name].person)

    async def sign_in(self, name: str) -> str:
        """A new session; the answer is the cookie's value."""
        token: str = await self.desk.runtime.perform(sign_in, None, SignIn(self.practice.people[name].person, "192.0.2.1"))
        return token

    async def ask(self, cookie: str | None, method: str, path: str, body: object = None, **headers: str) -> httpx2.Response:
        """One request of a page of ours; headers (with _ for -) replace what a browser would send, "" leaves one out."""
        sent = {"Origin": ORIGIN, "Content-Type": "application/json"} if method != "GET" else {}
        sent |= {"Cookie": f"{self.desk.cookie}={cookie}"} if cookie else {}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        content = body if isinstance(body, bytes) else json.dumps({} if body is None else body).encode()
        transport = httpx2.ASGITransport(self.app, client=("192.0.2.1", 4711), raise_app_exceptions=False)
        async with httpx2.AsyncClient(transport=transport, base_url=self.desk.settings.base_url) as client:
            request = client.build_request(method, path, content=content if method != "GET" else None)
            for name, value in sent.items():
                request.headers.pop(name, None)
                if value:
                    request.headers[name] = value
            return await client.send(request)

    async def post(self, cookie: str | None, name: str, body: object = None, **headers: str) -> httpx2.Response:
        """POST /api/<name>."""
        return await self.ask(cookie, "POST", f"/api/{name}", body, **headers)

    async def get(self, cookie: str | None, path: str, **headers: str) -> httpx2.Response:
        """GET."""
        return await self.ask(cookie, "GET", path, **headers)

    def socket(self, cookie: str | None, query: str = "", origin: str = ORIGIN) -> Socket:
        """A socket, to be opened by `async with`."""
        return Socket(self, cookie, query, origin)

    @contextmanager
    def database(self) -> Iterator[sqlite3.Connection]:
        """The database behind the server's back; committed at the end."""
        connection = sqlite3.connect(self.practice.database)
        try:
            with connection:
                yield connection
        finally:
            connection.close()

    def dump(self, *, without: frozenset[str] = frozenset()) -> dict[str, list[Any]]:
        """Every row of every table."""
        with self.database() as connection:
            names = sorted(SQLModel.metadata.tables.keys() - without)
            return {name: sorted(map(repr, connection.execute(f"SELECT * FROM {name}"))) for name in names}  # noqa: S608


class Socket:
    """The server's side of a socket as ASGI has it."""

    def __init__(self, doors: Doors, cookie: str | None, query: str, origin: str) -> None:
        headers = [(b"origin", origin.encode())] if origin else []
        headers += [(b"cookie", f"{doors.desk.cookie}={cookie}".encode())] if cookie else []
        self._scope = {
            "type": "websocket",
            "asgi": {"version": "3.0"},
            "scheme": "ws",
            "path": "/ws",
            "raw_path": b"/ws",
            "query_string": query.encode(),
            "headers": headers,
            "client": ("192.0.2.1", 4711),
            "server": ("localhost", 8000),
            "subprotocols": ["quietroom.v1"],
            "state": {},
            "app": doors.app,
        }
        self._app = doors.app
        self._in: asyncio.Queue[Json] = asyncio.Queue()
        self._out: asyncio.Queue[Json] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None
        self.first: Json = {}

    async def __aenter__(self) -> Socket:
        self._in.put_nowait({"type": "websocket.connect"})
        self._task = asyncio.create_task(self._run())
        self.first = await self._next()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._in.put_nowait({"type": "websocket.disconnect", "code": 1000})
        if self._task is not None:
            await asyncio.wait_for(self._task, 10)

    async def _run(self) -> None:
        async def send(message: MutableMapping[str, Any]) -> None:
            await self._out.put(dict(message))

        await self._app(self._scope, self._in.get, send)

    @property
    def accepted(self) -> bool:
        """Whether the server let the socket open."""
        return bool(self.first["type"] == "websocket.accept")

    async def say(self, text: str) -> None:
        """Send a frame."""
        self._in.put_nowait({"type": "websocket.receive", "text": text})

    async def hear(self) -> Json:
        """The next frame; what it closes with, if it closes."""
        message = await self._next()
        return dict(json.loads(message["text"])) if message["type"] == "websocket.send" else message

    async def do(self, name: str, key: str, fields: Json) -> Json:
        """A command, and its answer: what else comes meanwhile is passed over."""
        await self.say(json.dumps({"do": name, "key": key} | fields, ensure_ascii=False))
        while True:
            frame = await self.hear()
            if key in (frame.get("done"), frame.get("refused")) or "type" in frame:
                return frame

    async def _next(self) -> Json:
        return await asyncio.wait_for(self._out.get(), 10)


@asynccontextmanager
async def open_doors(practice: Practice, folder: Path, **settings: Any) -> AsyncIterator[Doors]:
    """The application over a copy of the practice in `folder`. No job of the worker's changes anything meanwhile."""
    shutil.copytree(practice.folder, folder, dirs_exist_ok=True)
    given = {"data": folder, "keys": KEYS, "port": 8000, **settings}
    app = make_app(Settings(**given))
    with patch("chat.worker.JOBS", ()):
        async with app.router.lifespan_context(app):
            yield Doors(app, Practice(folder, practice.people, practice.cookies, practice.ids))
