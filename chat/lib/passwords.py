"""Passwords by argon2id. Slow by design: call these from a thread pool, never from the writer or the event loop."""

from __future__ import annotations

import base64
import os
import secrets
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# The test suite signs in hundreds of times; the variable is refused by the settings in production.
_HASHER = (
    PasswordHasher(time_cost=1, memory_cost=64, parallelism=1) if os.environ.get("QUIETROOM_TEST_HASHING") else PasswordHasher()
)


def _nobodys() -> str:
    """A hash that no password gives: to compare with it takes as long as with any other, and to draw it takes no time."""
    salt, drawn = (base64.b64encode(secrets.token_bytes(size)).decode().rstrip("=") for size in (16, _HASHER.hash_len))
    costs = f"m={_HASHER.memory_cost},t={_HASHER.time_cost},p={_HASHER.parallelism}"
    return f"$argon2id$v=19${costs}${salt}${drawn}"


_NOBODY = _nobodys()


def hashed(password: str) -> str:
    """The argon2id hash, with salt and costs in it."""
    return _HASHER.hash(password)


def matches(stored: str | None, password: str) -> bool:
    """Whether `password` is the one behind `stored`; takes as long when there is none, so that unknown names cannot be told."""
    try:
        return _HASHER.verify(stored or _NOBODY, password) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def outdated(stored: str) -> bool:
    """Whether `stored` was made with other costs than today's and should be made anew at the next sign-in."""
    return _HASHER.check_needs_rehash(stored)


# Those that guessers try first among the ones long enough to be allowed; with keyboard rows and repeats.
COMMON = frozenset((Path(__file__).parent / "common_passwords.txt").read_text().split())
