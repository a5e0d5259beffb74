"""CSV that is safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from chat.lib.clock import SECOND

_FORMULA = {"=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20"}
BYTE_ORDER = "\ufeff"  # at the head of a file, so that spreadsheets take it as UTF-8


def harmless(field: str) -> str:
    """A spreadsheet runs what begins like a formula; an apostrophe makes it text."""
    return f"'{field}" if field[:1] in {"\t", "\r"} or field.lstrip()[:1] in _FORMULA else field


def time_of(instant: int) -> str:
    """An instant (milliseconds) as spreadsheets take it for a time, in UTC."""
    return datetime.fromtimestamp(instant / SECOND, UTC).strftime("%Y-%m-%d %H:%M:%S")


def lines(rows: Iterable[Sequence[str]]) -> str:
    """These rows as lines, every field made harmless."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows([harmless(field) for field in row] for row in rows)
    return out.getvalue()
