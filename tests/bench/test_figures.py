"""The arithmetic of the bench: no clock, no socket."""

import math

import pytest

from tests.bench.figures import Latency, Schedule, Step, climb, highest, medians, percentile, spread


def step(in_flight: int, rate: float, p99: float) -> Step:
    """A step of which only the search's own fields matter."""
    return Step(in_flight, rate, p99 / 2, p99, 0, 0, 0, 0, 0)


def test_a_percentile_is_a_value_that_occurred() -> None:
    values = [5.0, 1.0, 4.0, 2.0, 3.0]
    assert percentile(values, 0.5) == 3.0
    assert percentile(values, 0.99) == 5.0
    assert percentile(values, 0.2) == 1.0
    assert percentile(values, 0.0) == 1.0


def test_the_99th_percentile_of_a_hundred_leaves_one_out() -> None:
    assert percentile([float(number) for number in range(1, 101)], 0.99) == 99.0


def test_a_percentile_of_nothing_is_no_number() -> None:
    assert math.isnan(percentile([], 0.5))


def test_latency_is_in_milliseconds() -> None:
    assert Latency.of([0.001, 0.002, 0.003]) == Latency(2.0, 3.0, 3.0, 3)


def test_a_message_that_never_arrived_is_the_slowest_of_all() -> None:
    waits = Latency.of([0.001] * 49 + [math.nan])
    assert waits.p50 == 1.0
    assert waits.p99 == math.inf


def test_a_schedule_gives_each_number_once_and_in_time() -> None:
    schedule = Schedule(rate=10, start=100.0)
    assert list(schedule.due(99.9)) == []
    assert list(schedule.due(100.0)) == [0]
    assert list(schedule.due(100.05)) == []
    assert list(schedule.due(100.31)) == [1, 2, 3]
    assert [schedule.intended(number) for number in (0, 3)] == [100.0, pytest.approx(100.3)]


def test_a_stall_is_charged_to_every_message_that_should_have_left_meanwhile() -> None:
    schedule = Schedule(rate=100, start=0.0)
    waits = []
    for now in [0.01 * tick for tick in range(100)] + [2.0]:  # served at once for a second, then not at all for another
        waits += [now - schedule.intended(number) for number in schedule.due(now)]
    assert len(waits) == 201
    assert sum(wait > 0.5 for wait in waits) == 50
    assert Latency.of(waits).p99 > 900


async def test_the_search_doubles_until_waiting_passes_the_limit_and_then_looks_in_between() -> None:
    asked: list[int] = []

    async def measure(in_flight: int) -> Step:
        asked.append(in_flight)
        return step(in_flight, 1000.0 * in_flight, 10.0 * in_flight)

    steps = await climb(measure, 4, 1024)
    assert asked == [4, 8, 16, 32, 24, 28, 26]
    best = highest(steps)
    assert best is not None
    assert best.in_flight == 24


async def test_the_search_ends_when_three_steps_bring_nothing() -> None:
    async def measure(in_flight: int) -> Step:
        return step(in_flight, min(in_flight, 16) * 100.0, 5.0)

    assert [one.in_flight for one in await climb(measure, 4, 4096)] == [4, 8, 16, 32, 64, 128]


async def test_one_poor_step_does_not_end_the_search() -> None:
    rates = {4: 400.0, 8: 300.0, 16: 1600.0, 32: 1600.0, 64: 1600.0}

    async def measure(in_flight: int) -> Step:
        return step(in_flight, rates[in_flight], 5.0)

    best = highest(await climb(measure, 4, 64))
    assert best is not None
    assert best.rate == 1600.0


def test_no_rate_counts_when_every_step_is_too_slow() -> None:
    assert highest([step(4, 100.0, 250.0), step(8, 200.0, math.inf)]) is None


def test_medians_are_taken_field_by_field() -> None:
    rounds = [{"a": 1.0, "b": 5.0}, {"a": 9.0}, {"a": 2.0, "b": 7.0}]
    assert medians(rounds) == {"a": 2.0, "b": 6.0}
    assert spread(rounds, "a") == (1.0, 9.0)
