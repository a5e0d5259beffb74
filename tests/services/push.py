"""A push service that keeps what it gets, and the browser's side of opening it (RFC 8291)."""

import hmac
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from chat.lib.webpush import decoded
from tests.lib.test_webpush import AUTH, BROWSER

PRIVATE = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"  # the browser's own, of the RFC's example


@dataclass
class Service:
    """Where it listens and what came: (headers, body)."""

    url: str = ""
    answer: int = 201
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)


@contextmanager
def push_service() -> Iterator[Service]:
    """The service, as long as the block lasts."""
    found = Service()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(found.answer)
            self.send_header("Location", "http://127.0.0.1:1/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *arguments: object) -> None:
            """Be quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found.url = f"http://127.0.0.1:{server.server_port}/push/abc"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def opened(body: bytes) -> bytes:
    """What the browser reads, the receiver's side of RFC 8291."""
    salt, ours, sealed = body[:16], body[21:86], body[86:]
    private = ec.derive_private_key(int.from_bytes(decoded(PRIVATE)), ec.SECP256R1())
    shared = private.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), ours))
    secret = hmac.digest(decoded(AUTH), shared, "sha256")
    secret = hmac.digest(secret, b"WebPush: info\0" + decoded(BROWSER) + ours + b"\x01", "sha256")
    key = hmac.digest(salt, secret, "sha256")
    content = hmac.digest(key, b"Content-Encoding: aes128gcm\0\x01", "sha256")[:16]
    nonce = hmac.digest(key, b"Content-Encoding: nonce\0\x01", "sha256")[:12]
    return AESGCM(content).decrypt(nonce, sealed, None).rstrip(b"\x02")
