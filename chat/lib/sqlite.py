"""SQLite as a library of the process, before the first connection."""

from __future__ import annotations

import ctypes
from contextlib import suppress
from importlib.util import find_spec

_MEMSTATUS = 9  # SQLITE_CONFIG_MEMSTATUS


def library() -> ctypes.CDLL:
    """The one that Python itself uses, found through its module; OSError or AttributeError where that shows none."""
    module = find_spec("_sqlite3")
    return ctypes.CDLL(str(module.origin if module else None))


def count_no_memory() -> None:
    """To be called before the first connection, which it would break. It counts each byte that it takes, under one lock for all.

    Nobody asks for that count, and SQLite's own manual advises against it (https://sqlite.org/compile.html). Without effect where
    Python has SQLite built into itself.
    """
    with suppress(OSError, AttributeError):
        found = library()
        stop, configure, begin = found.sqlite3_shutdown, found.sqlite3_config, found.sqlite3_initialize
        stop()  # it began as soon as something imported sqlite3, and takes no settings after that
        configure(_MEMSTATUS, ctypes.c_int(0))
        begin()
