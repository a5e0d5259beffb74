"""Keyset pages: a cursor names the last row seen, so that a page costs the same at any depth."""

from __future__ import annotations

import re

_CURSOR = re.compile(r"(-?[0-9]{1,18})\.([A-Za-z0-9_-]{1,64})")


def cursor(instant: int, word: str) -> str:
    """The cursor after a row with this time and this (outer) id."""
    return f"{instant}.{word}"


def parse(text: str) -> tuple[int, str] | None:
    """(time, outer id) of a cursor; None if it is none."""
    found = _CURSOR.fullmatch(text)
    return (int(found[1]), found[2]) if found else None
