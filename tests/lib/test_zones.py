"""Time zones by name."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from chat.lib.zones import known, names


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
