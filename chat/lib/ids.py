"""Ids as the outside sees them: one AES block of (table tag, number), so that they tell neither order nor amount."""

from __future__ import annotations

import base64
import hashlib
import threading
from functools import lru_cache
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

if TYPE_CHECKING:
    from collections.abc import Callable

LENGTH = 22
_TAG_BYTES = 8


class Ids:
    """Translates numbers to opaque words of 22 characters and back, under a key that is never rotated."""

    def __init__(self, key: bytes) -> None:
        # ECB on one block that never repeats is a plain permutation; there is no second block to leak a pattern.
        self._cipher = Cipher(algorithms.AES(key), modes.ECB())  # noqa: S305
        self._local = threading.local()
        self.outer: Callable[[str, int], str] = lru_cache(maxsize=65_536)(self._outer)
        self._made: Callable[[str, str], int] = lru_cache(maxsize=65_536)(self._inner)

    def inner(self, tag: str, word: str) -> int | None:
        """The number behind `word`; None if it was not made by this key for this tag, without asking any database."""
        try:
            return self._made(tag, word)
        except ValueError:
            return None

    def _inner(self, tag: str, word: str) -> int:
        # Raises, so that guesses are not kept: the cache forgets what raised.
        if len(word) != LENGTH or not word.isascii():
            raise ValueError
        plain = self._context("decryptor")(base64.b64decode(word + "==", altchars=b"-_", validate=True))
        number = int.from_bytes(plain[_TAG_BYTES:])
        if plain[:_TAG_BYTES] != _mark(tag) or self.outer(tag, number) != word:
            raise ValueError
        return number

    def _outer(self, tag: str, number: int) -> str:
        block = self._context("encryptor")(_mark(tag) + number.to_bytes(8))
        return base64.urlsafe_b64encode(block)[:LENGTH].decode()

    def _context(self, direction: str) -> Callable[[bytes], bytes]:
        # A context costs more than a block, and must not be shared between threads.
        update: Callable[[bytes], bytes] | None = getattr(self._local, direction, None)
        if update is None:
            update = getattr(self._cipher, direction)().update
            setattr(self._local, direction, update)
        return update


@lru_cache(maxsize=64)
def _mark(tag: str) -> bytes:
    # Names of any length, told apart: half of the block is left for the number.
    return hashlib.sha256(tag.encode()).digest()[:_TAG_BYTES]
