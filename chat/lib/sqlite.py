"""SQLite as a library of the process, before the first connection."""

from __future__ import annotations

import ctypes
from contextlib import suppress

LIBRARY = "libsqlite3.so.0"
_MEMSTATUS = 9  # SQLITE_CONFIG_MEMSTATUS


def count_no_memory() -> None:
    """To be called before anything imports sqlite3. It counts each byte that it takes, under one lock for all threads.

    Nobody asks for that count, and SQLite's own manual advises against it (https://sqlite.org/compile.html). Without effect where
    Python brings a SQLite of its own.
    """
    with suppress(OSError, AttributeError):
        ctypes.CDLL(LIBRARY).sqlite3_config(_MEMSTATUS, ctypes.c_int(0))
