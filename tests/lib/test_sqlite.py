"""SQLite as a library: tried in processes of their own, as a process can say it only once."""

from __future__ import annotations

import subprocess
import sys

import pytest

from chat.lib import sqlite

USED = f"""
import ctypes, pathlib, sqlite3
sqlite3.connect(":memory:").execute("CREATE TABLE one (two)")
maps = pathlib.Path("/proc/self/maps")
shared = not maps.exists() or "{sqlite.LIBRARY.removesuffix(".0")}" in maps.read_text()
print(ctypes.CDLL("{sqlite.LIBRARY}").sqlite3_memory_used() if shared else "none")
"""


def used(before: str) -> str:
    """Bytes that SQLite counts after `before`; "none" where Python brings its own library."""
    ran = subprocess.run([sys.executable, "-c", before + USED], capture_output=True, text=True, check=True, timeout=60)
    return ran.stdout.strip()


def test_it_counts_no_memory_once_the_program_has_begun() -> None:
    counted = used("")
    assert counted != "0", "left alone, it counts"
    assert used("import chat.__main__") == ("none" if counted == "none" else "0")


def test_where_there_is_no_such_library_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "LIBRARY", "libnothing.so.0")
    sqlite.count_no_memory()
