"""Sealed files under random names. Each is a chain of AES-256-GCM records: no piece can be changed, moved or cut.

A record holds 64 KiB. Its nonce is its number (each file has a key of its own), and the last one says that it is the last.
What is the same wherever they lie is `Storage`; `Blobs` is a folder, `chat.lib.buckets` an object store.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

RECORD = 64 * 1024
_TAG = 16
WHOLE = RECORD + _TAG  # bytes of a record as it lies there
_PIECE = 16 * WHOLE


class Damaged(Exception):
    """The file is missing, was altered or was cut, or the key is another file's."""


class Unreachable(OSError):
    """The place where files lie does not answer, or refuses us: that says nothing of the file."""


class Put(Protocol):
    """Takes a sealed file, as it lies in a backup, under its name."""

    def __call__(self, name: str, source: Path) -> None:
        """Keep it durably."""


class Storage(ABC):
    """Where sealed files lie."""

    def put(self, data: bytes) -> tuple[str, bytes]:
        """Keep `data`, durably; the answer is its name and its key, which is stored nowhere here."""
        name, key = secrets.token_hex(16), AESGCM.generate_key(256)
        self.write(name, _sealed(key, data))
        return name, key

    def get(self, name: str, key: bytes) -> Iterator[bytes]:
        """The file's bytes, record by record, each proven before it is given out. Damaged at the first that is not whole."""
        try:
            yield from _opened(key, self.read(name))
        except (FileNotFoundError, InvalidTag) as error:
            raise Damaged(f"The stored file {name} is not whole.") from error

    @abstractmethod
    def write(self, name: str, records: Iterable[bytes]) -> None:
        """Keep a sealed file, durably, under a name that is new."""

    @abstractmethod
    def read(self, name: str) -> Iterator[bytes]:
        """A sealed file as it lies there, in whole records but for the last; FileNotFoundError if it does not."""

    @abstractmethod
    def delete(self, name: str) -> None:
        """Remove for good; nothing if it is gone already."""

    @abstractmethod
    def names(self) -> Iterator[str]:
        """Every finished file that is here."""

    @abstractmethod
    def empty(self) -> bool:
        """Whether nothing at all lies here."""

    @abstractmethod
    def filling(self) -> AbstractContextManager[Put]:
        """Take sealed files back from a backup, where none are. What was taken is there at the end, or none of it."""


class Blobs(Storage):
    """A folder of sealed files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, name: str, records: Iterable[bytes]) -> None:
        """Keep a sealed file: on disk before it has its name."""
        path = self._path(name)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        half = path.with_suffix(".part")
        with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            try:
                for record in records:
                    file.write(record)
                file.flush()
                os.fsync(file.fileno())
            except BaseException:
                half.unlink()  # on a full disk above all
                raise
        half.rename(path)
        _sync_folder(path.parent)

    def read(self, name: str) -> Iterator[bytes]:
        """A sealed file as it lies there."""
        with self._path(name).open("rb") as file:
            while piece := file.read(_PIECE):
                yield piece

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
        """Every finished file that is here."""
        yield from (path.stem for path in self.folder.glob("??/*.sealed"))

    def empty(self) -> bool:
        """Whether nothing at all lies here, not even half a file."""
        return not self.folder.exists() or not any(self.folder.iterdir())

    @contextlib.contextmanager
    def filling(self) -> Iterator[Put]:
        """Take sealed files into a folder beside this one, which takes its place at the end."""
        half = Blobs(self.folder.with_name(f"{self.folder.name}.restoring"))
        shutil.rmtree(half.folder, ignore_errors=True)
        half.folder.mkdir(parents=True, mode=0o700)
        yield half.take
        if self.folder.exists():
            self.folder.rmdir()
        half.folder.rename(self.folder)

    def take(self, name: str, source: Path) -> None:
        """Keep the sealed file that lies at `source`."""
        with source.open("rb") as file:
            self.write(name, iter(lambda: file.read(_PIECE), b""))

    def _path(self, name: str) -> Path:
        return self.folder / name[:2] / f"{name}.sealed"


def _sealed(key: bytes, data: bytes) -> Iterator[bytes]:
    cipher = AESGCM(key)
    last = max(0, (len(data) - 1) // RECORD)
    for number in range(last + 1):
        piece = data[number * RECORD : (number + 1) * RECORD]
        yield cipher.encrypt(number.to_bytes(12), piece, b"last" if number == last else b"more")


def _opened(key: bytes, pieces: Iterable[bytes]) -> Iterator[bytes]:
    cipher = AESGCM(key)
    number, held = 0, b""
    for piece in pieces:
        held += piece
        # What may be the last record is opened when it is known to be.
        whole = max(0, (len(held) - 1) // WHOLE)
        for at in range(whole):
            yield cipher.decrypt((number + at).to_bytes(12), held[at * WHOLE : (at + 1) * WHOLE], b"more")
        number, held = number + whole, held[whole * WHOLE :]
    yield cipher.decrypt(number.to_bytes(12), held, b"last")


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
