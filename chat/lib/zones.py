"""Time zones by their names in the IANA database."""

from __future__ import annotations

from functools import cache
from zoneinfo import available_timezones


@cache
def names() -> frozenset[str]:
    """All of them; read from disk once."""
    return frozenset(available_timezones())


def known(name: str) -> bool:
    """Whether there is such a zone."""
    return name in names()
