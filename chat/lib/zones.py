"""Time zones by their names in the IANA database."""

from __future__ import annotations

from datetime import date, datetime, time
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from chat.lib.clock import SECOND


@cache
def names() -> frozenset[str]:
    """All of them; read from disk once."""
    return frozenset(available_timezones())


def known(name: str) -> bool:
    """Whether there is such a zone."""
    return name in names()


def midnight(day: date, zone: ZoneInfo) -> int:
    """The instant at which a day begins in a zone; what the clock does at night does not matter to it."""
    return int(datetime.combine(day, time(), zone).timestamp() * SECOND)


def day_of(instant: int, zone: ZoneInfo) -> date:
    """The day that it is in a zone at an instant."""
    return datetime.fromtimestamp(instant / SECOND, zone).date()
