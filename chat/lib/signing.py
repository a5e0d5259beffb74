"""Secrets that travel: opaque tokens, of which only a hash is stored."""

from __future__ import annotations

import hashlib
import hmac
import secrets


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
