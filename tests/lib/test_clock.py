"""The one source of time."""

import time
from pathlib import Path

import pytest

from chat.lib import clock
from tests.people import NOON


def test_now_is_in_milliseconds_since_1970() -> None:
    before = time.time_ns() // 1_000_000
    assert before <= clock.now() <= time.time_ns() // 1_000_000


def test_the_clock_stands_still_within_the_block_and_goes_on_after_it() -> None:
    with clock.frozen(NOON):
        assert clock.now() == NOON
        with clock.frozen(NOON + clock.DAY):
            assert clock.now() == NOON + clock.DAY
        assert clock.now() == NOON
    assert clock.now() > NOON


def test_the_clock_goes_on_after_an_error() -> None:
    with pytest.raises(LookupError), clock.frozen(1):
        raise LookupError
    assert clock.now() > 1


def test_a_month_is_that_of_utc() -> None:
    assert clock.month(NOON) == 202_603
    new_year = 1_798_761_600_000
    assert (clock.month(new_year - 1), clock.month(new_year)) == (202_612, 202_701)


def test_a_clock_that_is_turned_back_does_not_turn_back_time_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    true = clock.now()
    assert abs(clock.steady() - true) < clock.MINUTE
    monkeypatch.setattr(clock, "now", lambda: true - clock.HOUR)
    assert abs(clock.steady() - true) < clock.MINUTE
    monkeypatch.setattr(clock, "now", lambda: true + clock.HOUR)
    assert clock.steady() == true + clock.HOUR
    with clock.frozen(NOON):
        assert clock.steady() == NOON


def test_the_machines_running_time_goes_on_whatever_the_clock_says(monkeypatch: pytest.MonkeyPatch) -> None:
    before = clock.uptime()
    monkeypatch.setattr(time, "time_ns", lambda: 0)
    assert clock.uptime() >= before > 0
    with clock.frozen(5):
        assert clock.uptime() == 5


def test_without_such_a_clock_there_is_no_running_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "BOOT", None)
    assert clock.uptime() == 0
    monkeypatch.delattr(time, "CLOCK_BOOTTIME", raising=False)
    assert clock._boot() is None


def test_a_machine_that_does_not_tell_its_boot_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(*_: object) -> str:
        raise FileNotFoundError

    monkeypatch.setattr(Path, "read_text", absent)
    assert clock._boot() is None
