"""Web push: messages that only the browser can open (RFC 8291), and the proof of who sends them (VAPID, RFC 8292)."""

from __future__ import annotations

import base64
import binascii
import hmac
import json
import os
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from chat.lib.clock import HOUR, SECOND
from chat.lib.signing import derived

_CURVE = ec.SECP256R1()
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_RECORD = 4096
LIFE = 12 * HOUR  # of a proof; a push service refuses more than a day


def decoded(text: str) -> bytes:
    """The bytes of unpadded base64url. ValueError if it is none."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError("This is not base64url.") from error


def encoded(raw: bytes) -> str:
    """Unpadded base64url."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def check_keys(p256dh: str, auth: str) -> None:
    """ValueError unless these are the keys of a browser's subscription: a point of the curve, and 16 bytes."""
    if len(decoded(auth)) != 16:
        raise ValueError("The secret of a subscription has 16 bytes.")
    ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, decoded(p256dh))


def encrypted(
    p256dh: str, auth: str, text: bytes, *, salt: bytes | None = None, private: ec.EllipticCurvePrivateKey | None = None
) -> bytes:
    """`text` for the browser with these keys, as one aes128gcm record. Salt and key are new each time, but for tests."""
    salt, private = salt or os.urandom(16), private or ec.generate_private_key(_CURVE)
    browser = decoded(p256dh)
    ours = _point(private.public_key())
    shared = private.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, browser))
    secret = _expanded(hmac.digest(decoded(auth), shared, "sha256"), b"WebPush: info\0" + browser + ours)
    key = hmac.digest(salt, secret, "sha256")
    content, nonce = (_expanded(key, b"Content-Encoding: " + name + b"\0") for name in (b"aes128gcm", b"nonce"))
    sealed = AESGCM(content[:16]).encrypt(nonce[:12], text + b"\x02", None)
    return salt + _RECORD.to_bytes(4) + len(ours).to_bytes(1) + ours + sealed


class Vapid:
    """This installation as push services know it: one key, derived from the installation's own."""

    def __init__(self, secret: bytes, subject: str) -> None:
        number = int.from_bytes(derived(secret, "vapid")) % (_ORDER - 1) + 1
        self._key, self._subject = ec.derive_private_key(number, _CURVE), subject
        self.public = encoded(_point(self._key.public_key()))

    def header(self, endpoint: str, now: int) -> str:
        """The Authorization header for one push service; `now` in milliseconds."""
        parts = urlsplit(endpoint)
        claims = {"aud": f"{parts.scheme}://{parts.netloc}", "exp": (now + LIFE) // SECOND, "sub": self._subject}
        signed = ".".join(encoded(json.dumps(part).encode()) for part in ({"typ": "JWT", "alg": "ES256"}, claims))
        r, s = decode_dss_signature(self._key.sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
        return f"vapid t={signed}.{encoded(r.to_bytes(32) + s.to_bytes(32))},k={self.public}"


def allowed(endpoint: str, hosts: tuple[str, ...]) -> bool:
    """Whether an address is that of one of these push services (a name that begins with a dot stands for all below it).

    Browsers name the address themselves: without this, anybody could let the server post to anywhere.
    """
    parts = urlsplit(endpoint)
    name = parts.hostname or ""
    if parts.scheme != "https" and name not in {"localhost", "127.0.0.1"}:
        return False
    return not parts.username and any(name == host or (host.startswith(".") and name.endswith(host)) for host in hosts)


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _expanded(key: bytes, info: bytes) -> bytes:
    return hmac.digest(key, info + b"\x01", "sha256")
