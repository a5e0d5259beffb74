"""SQLite as a library: tried in processes of their own, as its settings are a process's."""

from __future__ import annotations

import subprocess
import sys

import pytest

from chat.lib import sqlite

USED = """
import sqlite3
from chat.lib.sqlite import library
connection = sqlite3.connect(":memory:")
connection.execute("CREATE TABLE one (two)")
try:
    print(library().sqlite3_memory_used())
except (OSError, AttributeError):
    print("hidden")
"""


def used(before: str) -> str:
    """Bytes that SQLite counts after `before`; "hidden" where Python has it built in."""
    ran = subprocess.run([sys.executable, "-c", before + USED], capture_output=True, text=True, check=True, timeout=60)
    return ran.stdout.strip()


def test_it_counts_no_memory_once_the_program_has_begun() -> None:
    counted = used("")
    assert counted != "0", "left alone, it counts"
    assert used("import chat.__main__") == ("hidden" if counted == "hidden" else "0")


@pytest.mark.parametrize("found", [OSError("no such file"), object()], ids=["no library", "a library of something else"])
def test_where_python_hides_it_nothing_happens(found: object, monkeypatch: pytest.MonkeyPatch) -> None:
    def library() -> object:
        if isinstance(found, OSError):
            raise found
        return found

    monkeypatch.setattr(sqlite, "library", library)
    sqlite.count_no_memory()
