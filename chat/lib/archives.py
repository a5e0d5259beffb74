"""ZIP files that are written as they are sent: nothing of them is kept, and no size is too large."""

from __future__ import annotations

import io
import re
import time
import unicodedata
from collections.abc import Generator, Iterable
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from chat.lib.clock import SECOND

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

LONGEST = 120  # characters of a name
_UNFIT = re.compile(r'[\\/:*?"<>|]')
_EARLIEST = (1980, 1, 1, 0, 0, 0)  # that the format knows


class _Pipe(io.RawIOBase):
    """What is written comes out at the other end. It cannot go back, and says so: the format has a way for that."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[bytes] = []

    def write(self, data: ReadableBuffer) -> int:
        """Take some bytes."""
        piece = bytes(data)
        self._pieces.append(piece)
        return len(piece)

    def taken(self) -> bytes:
        """All that was written since."""
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)


class Archive:
    """A ZIP file in the making. What its methods answer is sent on, in order."""

    def __init__(self) -> None:
        self._pipe = _Pipe()
        self._zip = ZipFile(self._pipe, "w", ZIP_DEFLATED, compresslevel=1)
        self._names: set[str] = set()
        self.newest = ""  # the name that the last file got

    def add(self, name: str, pieces: Iterable[bytes], at: int) -> Generator[bytes, None, None]:
        """One file, of less than 4 GB, by a name that is safe on every system; `at` is its time. To be taken to its end."""
        self.newest = self._free(name)
        info = ZipInfo(self.newest, max(time.gmtime(at / SECOND)[:6], _EARLIEST))
        info.compress_type = ZIP_DEFLATED
        with self._zip.open(info, "w") as entry:
            for piece in pieces:
                entry.write(piece)
                yield self._pipe.taken()
        yield self._pipe.taken()

    def close(self) -> bytes:
        """The end of it, with the list of what it holds."""
        self._zip.close()
        return self._pipe.taken()

    def _free(self, name: str) -> str:
        """The name, or one like it that is not taken; the case does not tell two apart."""
        folder, _, last = name.rpartition("/")
        stem, dot, kind = last.rpartition(".") if "." in last[1:] else (last, "", "")
        found, count = name, 1
        while found.casefold() in self._names:
            count += 1
            found = f"{folder}{'/' if folder else ''}{stem} ({count}){dot}{kind}"
        self._names.add(found.casefold())
        return found


def safe_name(name: str) -> str:
    """A file's name as every system takes it: without folders, control characters, or a beginning that hides it."""
    shown = "".join(" " if unicodedata.category(one) in {"Cc", "Cf", "Zl", "Zp"} else one for one in name)
    plain = _UNFIT.sub("_", shown).strip(" .")
    if len(plain) > LONGEST:
        stem, dot, kind = plain.rpartition(".")
        plain = f"{(stem or kind)[: LONGEST - 12]}{dot}{kind[:10]}" if dot else plain[:LONGEST]
    return plain or "file"
