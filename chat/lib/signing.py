"""Secrets that travel: opaque tokens, of which only a hash is stored, and words that are signed for one purpose."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Iterable
from typing import Any

from itsdangerous import BadSignature, SignatureExpired, TimestampSigner

from chat.lib import clock


def token() -> str:
    """256 random bits, safe in a cookie or an address."""
    return secrets.token_urlsafe(32)


def token_hash(word: str) -> bytes:
    """What the database keeps of a token. Plain SHA-256 is enough: the token is random, there is nothing to guess."""
    return hashlib.sha256(word.encode()).digest()


def derived(key: bytes, purpose: str) -> bytes:
    """A key of its own for one purpose, from the installation's key."""
    return hmac.digest(key, purpose.encode(), "sha256")


def fingerprint(*parts: object) -> bytes:
    """A short digest of a command's content, for telling a repeat from another command under the same key."""
    return hashlib.sha256(repr(parts).encode("utf-8", "surrogatepass")).digest()[:16]


def vouched(key: bytes, name: str, value: dict[str, Any]) -> str:
    """A JSON text that holds `value` under `name`, and a seal by which its owner knows it again."""
    return json.dumps({name: value, "seal": _seal(key, value)}, indent=1)


def vouched_for(key: bytes, name: str, text: str) -> dict[str, Any] | None:
    """What `vouched` wrote under `name`; None if it was altered or made under another key. ValueError if it is no such text."""
    try:
        found = json.loads(text)
        value, seal = found[name], found["seal"]
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"This holds no sealed `{name}`.") from error
    if not (isinstance(value, dict) and value and isinstance(seal, str)):
        raise ValueError(f"This holds no sealed `{name}`.")
    return value if hmac.compare_digest(_seal(key, value).encode(), seal.encode()) else None


def _seal(key: bytes, value: object) -> str:
    return hmac.new(key, json.dumps(value, sort_keys=True).encode(), hashlib.sha256).hexdigest()


def webhook_signature(token: str, url: str, fields: Iterable[tuple[str, str]]) -> str:
    """How Twilio signs a form that it posts: HMAC-SHA1 over the address and all fields by name, each value once, in base64."""
    text = url + "".join(f"{name}{value}" for name, value in sorted(set(fields)))
    return base64.b64encode(hmac.digest(token.encode(), text.encode("utf-8", "surrogatepass"), "sha1")).decode()


class _Stamp(TimestampSigner):
    def get_timestamp(self) -> int:
        return clock.now() // clock.SECOND


class Signer:
    """Signs the words of links. What was signed for one purpose is worth nothing for another, nor in another installation."""

    def __init__(self, secret: bytes) -> None:
        self._key = derived(secret, "links")

    def sign(self, purpose: str, word: str) -> str:
        """`word` with the instant and a signature, safe in an address."""
        return self._stamp(purpose).sign(word).decode()

    def read(self, purpose: str, text: str, seconds: int) -> tuple[str, bool] | None:
        """The word, and whether it was signed in the last `seconds`; None if it was not signed for this purpose here."""
        try:
            return self._stamp(purpose).unsign(text, max_age=seconds).decode(), True
        except SignatureExpired as error:
            return (error.payload or b"").decode(), False
        except (BadSignature, UnicodeError):
            return None

    def _stamp(self, purpose: str) -> TimestampSigner:
        return _Stamp(self._key, salt=purpose, digest_method=hashlib.sha256)
