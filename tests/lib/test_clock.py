"""The one source of time."""

import time

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
