"""Instants as people read them, in the practice's own time zone and in the language of the paper."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.dates import format_date, format_time

from chat.lib.clock import SECOND
from chat.lib.languages import ENGLISH, KNOWN

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


def day(when: datetime, language: str = ENGLISH) -> str:
    """Sunday, November 22, 2026"""
    return format_date(when, "full", locale=KNOWN[language].locale)


def date(when: datetime, language: str = ENGLISH) -> str:
    """November 22, 2026"""
    return format_date(when, "long", locale=KNOWN[language].locale)


def time(when: datetime, name: str, language: str = ENGLISH) -> str:
    """2:03 PM EST, or 14:03 CET, as is usual in the zone; a zone without letters is told by its distance from UTC."""
    letters = when.tzname() or "UTC"
    letters = f"UTC{letters}" if letters[0] in "+-" else letters
    return f"{clock(when, name, language)} {letters}"


def clock(when: datetime, name: str, language: str = ENGLISH) -> str:
    """2:03 PM, or 14:03, as is usual in the zone."""
    usual = "h:mm a" if name.startswith(_TWELVE_HOURS) else "HH:mm"
    # babel would move it into a zone of its own choice.
    return format_time(when.timetz().replace(tzinfo=None), usual, locale=KNOWN[language].locale)
