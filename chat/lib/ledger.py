"""The ledger of deletions: a folder outside the machine, in which each file holds a few of them, as ids only.

A file is whole or not there, and is never written again: any place that can be mounted will do. Each bears a seal made under
the installation's own key, for whoever could add to the ledger could have anything deleted by the next restore.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from chat.lib.signing import vouched, vouched_for

FORMAT = 1
MARK = "through"


class NoLedger(Exception):
    """The ledger is not there, or a file of it is not as it was written or another installation's; the message says which."""


class Line(NamedTuple):
    """A deletion, by ids only: what kind of thing, which, whose, and through which seq; `epoch` is the database's of then."""

    epoch: str
    at: int
    kind: str
    item: int
    person: int
    through: int


class Ledger:
    """A folder, which must be there: an empty place where a mount is missing is not taken for it."""

    def __init__(self, folder: Path, key: bytes) -> None:
        self._folder, self._key = folder, key

    def append(self, lines: Sequence[Line]) -> None:
        """Keep these, durably. The same lines twice do no harm."""
        newest = max(line.at for line in lines)
        self._write(f"{newest:014d}-{secrets.token_hex(8)}.json", {"format": FORMAT, "lines": [list(line) for line in lines]})

    def mark(self, at: int) -> None:
        """Say that every deletion that was acknowledged before this instant stands here."""
        self._write(MARK, {"format": FORMAT, "through": at})

    def through(self) -> int:
        """Up to when the ledger is complete. NoLedger if it is not one."""
        try:
            found: int = self._read(self._folder / MARK)["through"]
        except FileNotFoundError as error:
            raise NoLedger(
                f"{self._folder} holds no ledger of deletions. Mount it, or look at QUIETROOM_LEDGER; without that setting "
                "what was deleted for good since the backup is there again."
            ) from error
        return found

    def since(self, instant: int) -> Iterator[Line]:
        """Every deletion that was kept since, in the order of their files. NoLedger at the first file that is not as it was."""
        for path in sorted(self._folder.glob("*-*.json")):
            if int(path.name.partition("-")[0]) >= instant:
                yield from (Line(*line) for line in self._read(path)["lines"])

    def _read(self, path: Path) -> dict[str, Any]:
        fault = f"{path} is not as it was written, or another installation's. Nothing was changed."
        try:
            found = vouched_for(self._key, "ledger", path.read_text("utf-8"))
        except ValueError as error:
            raise NoLedger(fault) from error
        if found is None or found.get("format") != FORMAT:
            raise NoLedger(fault)
        return found

    def _write(self, name: str, value: dict[str, Any]) -> None:
        half = self._folder / f".{secrets.token_hex(8)}"
        with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(vouched(self._key, "ledger", value))
            file.flush()
            os.fsync(file.fileno())
        half.rename(self._folder / name)
        descriptor = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
