"""What the peers have in common: who believes whom, and how a server is run."""

from __future__ import annotations

import time
from http.cookies import SimpleCookie
from typing import Any

import orjson
import uvicorn

from tests.bench.names import conversation_of

COOKIE = "peer_session"


def username_of(cookies: str) -> str:
    """Who signed in."""
    return SimpleCookie(cookies)[COOKIE].value


def hello() -> dict[str, Any]:
    """The first frame. None of the peers can catch up: a cursor would be of no use."""
    return {"hello": "0.0", "version": "peer", "unread": 0}


def done(key: str, conversation: str, seq: int) -> dict[str, Any]:
    """The frame that acknowledges."""
    return {"done": key, "result": {"conversation": conversation, "seq": seq}}


def change(conversation: str, seq: int, author: str, body: str) -> dict[str, Any]:
    """The frame that the other person gets."""
    message = {"seq": seq, "after": seq - 1, "author": author, "body": body, "sent_at": time.time()}
    return {"change": seq, "unread": seq, "conversation": {"id": conversation}, "messages": [message]}


async def pages(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """GET /readyz, POST /api/sign_in, GET /api/conversations; believes everybody."""
    headers = [(b"content-type", b"application/json")]
    answer: dict[str, Any] = {}
    if scope["path"] == "/api/sign_in":
        body = b""
        while (part := await receive())["type"] == "http.request":
            body += part.get("body", b"")
            if not part.get("more_body"):
                break
        headers.append((b"set-cookie", f"{COOKIE}={orjson.loads(body)['username']}; Path=/".encode()))
    elif scope["path"] == "/api/conversations":
        username = username_of(dict(scope["headers"])[b"cookie"].decode())
        answer = {"conversations": [{"id": conversation_of(username)}], "next": None}
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": orjson.dumps(answer)})


def serve(application: Any, port: int) -> None:
    """By the same server as the product, with the same options."""
    uvicorn.run(
        application, host="127.0.0.1", port=port, loop="uvloop", http="httptools", ws="websockets-sansio", lifespan="off",
        ws_max_size=65536, ws_per_message_deflate=False, access_log=False, log_level="warning", server_header=False,
    )  # fmt: skip
