"""Sealed files in a folder, under random names. Each is a chain of AES-256-GCM records: no piece can be changed, moved or cut.

A record holds 64 KiB. Its nonce is its number (each file has a key of its own), and the last one says that it is the last.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

RECORD = 64 * 1024
_TAG = 16


class Damaged(Exception):
    """The file is missing, was altered or was cut, or the key is another file's."""


class Blobs:
    """A folder of sealed files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, data: bytes) -> tuple[str, bytes]:
        """Keep `data` on disk, durably; the answer is its name and its key, which is stored nowhere here."""
        name, key = secrets.token_hex(16), AESGCM.generate_key(256)
        path = self._path(name)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        half = path.with_suffix(".part")
        with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            for record in _sealed(key, data):
                file.write(record)
            file.flush()
            os.fsync(file.fileno())
        half.rename(path)
        _sync_folder(path.parent)
        return name, key

    def get(self, name: str, key: bytes) -> Iterator[bytes]:
        """The file's bytes, record by record, each proven before it is given out. Damaged at the first that is not whole."""
        try:
            with self._path(name).open("rb") as file:
                yield from _opened(key, file.fileno(), self._path(name).stat().st_size)
        except (FileNotFoundError, InvalidTag) as error:
            raise Damaged(f"The stored file {name} is not whole.") from error

    def delete(self, name: str) -> None:
        """Overwrite and remove; nothing if it is gone already."""
        path = self._path(name)
        try:
            size = path.stat().st_size
            with path.open("r+b") as file:
                file.write(b"\0" * size)
                file.flush()
                os.fsync(file.fileno())
            path.unlink()
        except FileNotFoundError:
            return

    def names(self) -> Iterator[str]:
        """Every file that is here, finished or not."""
        yield from (path.stem for path in self.folder.glob("??/*") if path.is_file())

    def _path(self, name: str) -> Path:
        return self.folder / name[:2] / f"{name}.sealed"


def _sealed(key: bytes, data: bytes) -> Iterator[bytes]:
    cipher = AESGCM(key)
    last = max(0, (len(data) - 1) // RECORD)
    for number in range(last + 1):
        piece = data[number * RECORD : (number + 1) * RECORD]
        yield cipher.encrypt(number.to_bytes(12), piece, b"last" if number == last else b"more")


def _opened(key: bytes, descriptor: int, size: int) -> Iterator[bytes]:
    cipher = AESGCM(key)
    whole = RECORD + _TAG
    last = max(0, (size - 1) // whole)
    for number in range(last + 1):
        record = os.pread(descriptor, whole, number * whole)
        yield cipher.decrypt(number.to_bytes(12), record, b"last" if number == last else b"more")


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
