"""Renews the tables in docs/protocol.md that are made from the tables of the code: `python tools/protocol.py`."""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from chat.web.documents import commands_table, frames_table  # noqa: E402  after the path is set

FILE = ROOT / "docs" / "protocol.md"
TABLES = {"commands": commands_table, "frames": frames_table}


def renewed(text: str) -> str:
    """The document with its tables as they should be."""
    for name, table in TABLES.items():
        between = re.compile(rf"(<!-- {name}: made by tools/protocol\.py -->\n).*?(<!-- end -->)", re.DOTALL)
        made = table()
        text, found = between.subn(lambda match, made=made: f"{match[1]}{made}\n{match[2]}", text)  # type: ignore[misc]
        if found != 1:
            sys.exit(f"docs/protocol.md needs one place for the table of {name}.")
    return text


if __name__ == "__main__":
    FILE.write_text(renewed(FILE.read_text()))
