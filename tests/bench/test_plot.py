"""The picture of the bars says by marks and in words what was measured."""

from __future__ import annotations

from tests.bench.drawing import Scale
from tests.bench.plot import MARKS, bars, measured, times
from tests.bench.table import POSTGRES, REFERENCE, ROWS, SQLITE

RATE, CPU, START = (next(row for row in ROWS if row.field == field) for field in ("rate.rate", "rate.cpu", "start.seconds"))
MEDIANS = {
    REFERENCE: {"rate.rate": 10_000.0, "rate.cpu": 90.0, "idle.kib": 20.0},
    SQLITE: {"rate.rate": 1_250.0, "rate.cpu": 200.0},
    POSTGRES: {"rate.rate": 9_999.0, "start.seconds": 0.3},
    "channels": {"quiet.delivered.p50": 1.0},
}


def test_twice_as_good_is_twice_whatever_the_way_that_is_better() -> None:
    assert times(RATE, 5_000) == times(CPU, 200) == 2


def test_the_product_in_its_plainest_form_counts_and_never_what_it_is_compared_with() -> None:
    assert measured(RATE, MEDIANS) == 1_250
    assert measured(START, MEDIANS) == 0.3
    assert [row.field for row in ROWS if measured(row, MEDIANS) is not None] == ["rate.rate", "rate.cpu", "start.seconds"]


def test_what_misses_its_floor_has_another_shape_and_stands_left_of_it() -> None:
    picture = bars(MEDIANS)
    assert picture is not None
    assert [one.get("class") for one in picture.root.iter("polygon")] == ["warm"]
    assert [one.get("class") for one in picture.root.iter("circle")] == ["good", "good"]
    (missed,) = picture.root.iter("polygon")
    assert float((missed.get("points") or "").partition(",")[0]) < picture.scale.place(1)


def test_who_does_not_see_it_is_told_the_same() -> None:
    picture = bars(MEDIANS)
    assert picture is not None
    assert "highest rate, p99 < 250 ms: 1,250 /s, floor 2,500, goal 5,000, missed." in (picture.root.findtext("desc") or "")
    assert "p99 &lt; 250 ms" in picture.text


def test_without_a_bar_there_is_no_picture() -> None:
    assert bars({REFERENCE: {"rate.rate": 1.0}, SQLITE: {"disk.p50": 1.0}}) is None


def test_all_figures_lie_between_the_outer_marks() -> None:
    assert Scale.around([0.2, 9.0], MARKS) == Scale(0.1, 10)
    assert Scale.around([1.0], MARKS) == Scale(1, 3)
    assert Scale(0.1, 10).place(20) == Scale(0.1, 10).place(10)
