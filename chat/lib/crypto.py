"""Sealing: AES-256-GCM under data keys, which are wrapped by key-encryption keys.

A sealed value is `data key id (8 bytes) · nonce (12) · ciphertext and tag`. The place where it stands is associated data,
so that a ciphertext moved to another row does not open.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from chat.lib import clock

_ID, _NONCE = 8, 12
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


class Unreadable(Exception):
    """The sealed value is damaged, was moved, or its key is not on this ring."""


class DataKey:
    """One unwrapped data key, ready for use; keep it no longer than its row lives."""

    __slots__ = ("_cipher", "_prefix", "id")

    def __init__(self, id: int, secret: bytes) -> None:
        self.id = id
        self._prefix = id.to_bytes(_ID)
        self._cipher = AESGCM(secret)

    def seal(self, place: str, text: str) -> bytes:
        """The sealed form of `text`, bound to `place`."""
        return self.seal_bytes(place, text.encode())

    def seal_bytes(self, place: str, data: bytes) -> bytes:
        """The sealed form of `data`, bound to `place`."""
        nonce = os.urandom(_NONCE)
        return self._prefix + nonce + self._cipher.encrypt(nonce, data, place.encode())

    def open(self, place: str, sealed: bytes) -> str:
        """The text that was sealed at `place`. Unreadable if it was not, or was altered."""
        return self.open_bytes(place, sealed).decode()

    def open_bytes(self, place: str, sealed: bytes) -> bytes:
        """The bytes that were sealed at `place`. Unreadable if they were not, or were altered."""
        try:
            return self._cipher.decrypt(sealed[_ID : _ID + _NONCE], sealed[_ID + _NONCE :], place.encode())
        except (InvalidTag, ValueError) as error:  # ValueError: cut so short that there is no nonce
            raise Unreadable(f"A sealed value at {place} does not open.") from error


def key_of(sealed: bytes) -> int:
    """The id of the data key that a sealed value names."""
    return int.from_bytes(sealed[:_ID])


def begins(name: str) -> int:
    """The instant from which a key writes: that of the day in UTC which is its name (2026-12-06); always (0), if it has another
    name. ValueError for a day that there is not."""
    if not _DAY.fullmatch(name):
        return 0
    return int(datetime.strptime(name, "%Y-%m-%d").replace(tzinfo=UTC).timestamp()) * clock.SECOND


class KeyRing:
    """The key-encryption keys by name. The last one named writes; one that is named by a day writes from that day on."""

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        self._ciphers = {name: AESGCM(key) for name, key in keys.items()}
        self._begins = [(begins(name), name) for name in keys]

    @property
    def current(self) -> str:
        """The name of the key that writes now."""
        now = clock.now()
        return next((name for start, name in reversed(self._begins) if start <= now), min(self._begins)[1])

    @property
    def names(self) -> list[str]:
        """The names of the keys that this process can read with, oldest first."""
        return list(self._ciphers)

    def make(self) -> tuple[int, bytes, str, bytes]:
        """A new data key: (id, wrapped bytes, name of the wrapping key, secret). The id is random."""
        number, secret = secrets.randbits(62) | 1, AESGCM.generate_key(256)
        name, wrapped = self.wrap(number, secret)
        return number, wrapped, name, secret

    def wrap(self, number: int, secret: bytes) -> tuple[str, bytes]:
        """(name of the key that writes, `secret` wrapped by it), bound to the data key's id."""
        name, nonce = self.current, os.urandom(_NONCE)
        return name, nonce + self._ciphers[name].encrypt(nonce, secret, number.to_bytes(_ID))

    def unwrap(self, number: int, name: str, wrapped: bytes) -> bytes:
        """The secret of a data key. Unreadable if its wrapping key is missing here or the bytes were altered."""
        cipher = self._ciphers.get(name)
        if cipher is None:
            raise Unreadable(f"The key ring lacks the key {name}.")
        try:
            return cipher.decrypt(wrapped[:_NONCE], wrapped[_NONCE:], number.to_bytes(_ID))
        except (InvalidTag, ValueError) as error:  # ValueError: cut so short that there is no nonce
            raise Unreadable("A data key does not open under this key ring.") from error
