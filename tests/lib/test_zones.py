"""Time zones by name."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from chat.lib.clock import DAY, HOUR
from chat.lib.zones import day_of, known, midnight, names


@pytest.mark.parametrize("name", ["UTC", "America/New_York", "Europe/Berlin", "Asia/Kolkata"])
def test_a_zone_of_the_database_is_known(name: str) -> None:
    assert known(name)
    assert ZoneInfo(name).key == name


@pytest.mark.parametrize("name", ["", "Berlin", "europe/berlin", "Mars/Olympus", "../../etc/passwd", "/etc/localtime", "UTC\x00"])
def test_anything_else_is_not(name: str) -> None:
    assert not known(name)


def test_they_are_read_once() -> None:
    assert names() is names()
    assert len(names()) > 300


def test_a_day_begins_at_its_own_midnight_and_is_as_long_as_the_clocks_make_it() -> None:
    paris = ZoneInfo("Europe/Paris")
    assert midnight(date(1970, 1, 1), ZoneInfo("UTC")) == 0
    assert midnight(date(1970, 1, 2), paris) == DAY - HOUR
    assert midnight(date(2026, 3, 30), paris) - midnight(date(2026, 3, 29), paris) == 23 * HOUR


def test_which_day_it_is_depends_on_the_place() -> None:
    at = midnight(date(2026, 3, 4), ZoneInfo("UTC"))
    assert [str(day_of(at, ZoneInfo(name))) for name in ("America/New_York", "UTC")] == ["2026-03-03", "2026-03-04"]
    assert str(day_of(at - 1, ZoneInfo("UTC"))) == "2026-03-03"
