"""Instants as people read them, in the practice's own time zone."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from chat.lib.clock import SECOND

_TWELVE_HOURS = ("America/", "US/", "Canada/", "Australia/", "Asia/Manila")


@lru_cache(maxsize=64)
def zone(name: str) -> ZoneInfo:
    """The time zone of this name; UTC where the system does not know it."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def moment(instant: int, name: str) -> datetime:
    """The instant (milliseconds) on the practice's clock."""
    return datetime.fromtimestamp(instant / SECOND, UTC).astimezone(zone(name))


def day(when: datetime) -> str:
    """Sunday, November 22, 2026"""
    return f"{when:%A, %B} {when.day}, {when.year}"


def date(when: datetime) -> str:
    """November 22, 2026"""
    return f"{when:%B} {when.day}, {when.year}"


def time(when: datetime, name: str) -> str:
    """2:03 PM EST, or 14:03 CET, as is usual in the zone; a zone without letters is told by its distance from UTC."""
    letters = when.tzname() or "UTC"
    letters = f"UTC{letters}" if letters[0] in "+-" else letters
    if name.startswith(_TWELVE_HOURS):
        return f"{when.hour % 12 or 12}:{when.minute:02} {'AM' if when.hour < 12 else 'PM'} {letters}"
    return f"{when:%H:%M} {letters}"
