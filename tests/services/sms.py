"""A gateway for text messages that keeps what it gets, as Twilio's API looks from outside."""

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

ACCOUNT, TOKEN = "AC0123456789", "gateway-token"


@dataclass
class SmsGateway:
    """Where it listens and what came: (path, fields). Set `answer` to (status, body) to refuse what comes next.

    `created`: when it got a text from outside, by its id, as its `date_created`; `asked`: the ids it was asked for.
    """

    port: int = 0
    answer: tuple[int, object] | None = None
    texts: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    created: dict[str, str | None] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def sms_gateway() -> Iterator[SmsGateway]:
    """The gateway, as long as the block lasts."""
    gateway = SmsGateway()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            if self.open():
                gateway.texts.append((self.path, {name: values[0] for name, values in parse_qs(body).items()}))
                self.reply(201, {"sid": f"SM{len(gateway.texts)}", "status": "queued"})

        def do_GET(self) -> None:
            if not self.open():
                return
            if self.path == f"/2010-04-01/Accounts/{ACCOUNT}.json":
                self.reply(200, {"sid": ACCOUNT, "status": "active"})
                return
            sid = self.path.removeprefix(f"/2010-04-01/Accounts/{ACCOUNT}/Messages/").removesuffix(".json")
            gateway.asked.append(sid)
            if sid in gateway.created:
                told = "Fri, 01 Jan 2100 00:00:00 +0000"  # when it told us: of a late one, late
                self.reply(200, {"sid": sid, "direction": "inbound", "date_created": gateway.created[sid], "date_sent": told})
            else:
                self.reply(404, {"code": 20404, "message": "The requested resource was not found"})

        def open(self) -> bool:
            expected = base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
            if self.headers.get("Authorization") != f"Basic {expected}":
                self.reply(401, {"code": 20003, "message": "Authenticate"})
            elif gateway.answer is not None:
                self.reply(*gateway.answer)
            else:
                return True
            return False

        def reply(self, status: int, body: object) -> None:
            raw = body.encode() if isinstance(body, str) else json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, format: str, *arguments: object) -> None:
            """Be quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    gateway.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield gateway
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
