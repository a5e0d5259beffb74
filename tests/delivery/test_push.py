"""Posting pushes to a browser's push service."""

from __future__ import annotations

import hmac
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from chat.delivery.post import Final, Mail, Passing
from chat.delivery.push import Pushes
from chat.lib.webpush import Vapid, decoded
from tests.delivery.desk import COMPOSER
from tests.delivery.test_email import LETTER
from tests.lib.test_webpush import AUTH, BROWSER

pytestmark = pytest.mark.journey
PRIVATE = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"  # the browser's own, RFC 8291
HOSTS = ("127.0.0.1",)


@dataclass
class Service:
    """A push service that keeps what it gets."""

    url: str = ""
    answer: int = 201
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)


@pytest.fixture
def service() -> Iterator[Service]:
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
    yield found
    server.shutdown()
    server.server_close()
    thread.join()


async def hand_over(service: Service, mail: Mail | None = None, hosts: tuple[str, ...] = HOSTS) -> None:
    post = Pushes(Vapid(bytes(32), "mailto:no-reply@example.org"), hosts)
    try:
        async with post.counter() as counter:
            await counter.deliver(mail or Mail(service.url, "a" * 32, b"sealed"))
    finally:
        await post.close()


def opened(body: bytes) -> bytes:
    """What the browser reads (RFC 8291, the receiver's side)."""
    salt, ours, sealed = body[:16], body[21:86], body[86:]
    private = ec.derive_private_key(int.from_bytes(decoded(PRIVATE)), ec.SECP256R1())
    shared = private.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), ours))
    secret = hmac.digest(decoded(AUTH), shared, "sha256")
    secret = hmac.digest(secret, b"WebPush: info\0" + decoded(BROWSER) + ours + b"\x01", "sha256")
    key = hmac.digest(salt, secret, "sha256")
    content = hmac.digest(key, b"Content-Encoding: aes128gcm\0\x01", "sha256")[:16]
    nonce = hmac.digest(key, b"Content-Encoding: nonce\0\x01", "sha256")[:12]
    return AESGCM(content).decrypt(nonce, sealed, None).rstrip(b"\x02")


async def test_a_push_holds_a_number_that_only_the_browser_can_read(service: Service) -> None:
    letter = replace(LETTER, template="push", address=service.url, keys=(BROWSER, AUTH), unread=3, word=None, link=None)
    await hand_over(service, COMPOSER.compose(letter))
    ((headers, body),) = service.got
    assert (headers["content-encoding"], headers["ttl"], headers["topic"]) == ("aes128gcm", "86400", "unread")
    assert headers["authorization"].startswith("vapid t=")
    assert json.loads(opened(body)) == {"unread": 3}
    assert not any(word in body for word in (b"unread", b"Harbor", b"dana"))


@pytest.mark.parametrize(
    ("status", "kind", "reason"),
    [
        (404, Final, "gone"),
        (410, Final, "gone"),
        (400, Final, "no_push 400"),
        (413, Final, "no_push 413"),
        (301, Final, "no_push 301"),  # a redirect is not followed to wherever it leads
        (429, Passing, "push_later 429"),
        (503, Passing, "push_later 503"),
    ],
)
async def test_what_the_service_says_decides(service: Service, status: int, kind: type[Exception], reason: str) -> None:
    service.answer = status
    with pytest.raises(kind) as caught:
        await hand_over(service)
    assert str(caught.value) == reason
    assert len(service.got) == 1


async def test_a_service_that_is_not_there_is_tried_again(service: Service) -> None:
    with pytest.raises(Passing, match="push_later"):
        await hand_over(service, Mail("http://127.0.0.1:1/gone", "a" * 32, b"sealed"))


async def test_an_address_that_is_no_longer_allowed_gets_nothing(service: Service) -> None:
    with pytest.raises(Final, match="gone"):
        await hand_over(service, hosts=("fcm.googleapis.com",))
    assert service.got == []
