"""The picture of how long everything took says by marks and in words what was measured."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from tests.bench.drawing import Picture
from tests.faults.campaign import APART, EMBEDDED, Kind, Result
from tests.faults.plot import recoveries

KILLED, CUT = Kind("a", "killed & back", EMBEDDED, None), Kind("b", "cut", APART, None)
TRACED = Kind("c", "traced", EMBEDDED, None)
SUMS = {
    "a": Result("a", cycles=3, recoveries=[9.0, 1.0, 2.0]),
    "b": Result("b", cycles=1, recoveries=[0.2]),
    "c": Result("c", cycles=7),
}


def drawn() -> Picture:
    """The picture of three kinds."""
    picture = recoveries([KILLED, CUT, TRACED], SUMS)
    assert picture is not None
    return picture


def marks(name: str, word: str) -> list[Element]:
    """What was drawn of one kind of mark."""
    return [one for one in drawn().root.iter(name) if one.get("class") == word]


def test_each_cycle_is_a_stroke_and_each_fault_a_dot() -> None:
    assert len(marks("line", "cycle")) == 4
    assert len(marks("circle", "warm")) == 2, "of the third no time was taken"


def test_what_took_longer_stands_further_right_and_the_dot_on_the_median() -> None:
    first, second, third, _ = (float(one.get("x1", "")) for one in marks("line", "cycle"))
    assert first < second < third
    assert float(marks("circle", "warm")[0].get("cx", "")) == second


def test_who_does_not_see_it_is_told_the_same() -> None:
    words = drawn().root.findtext("desc") or ""
    assert "killed & back, SQLite: 3 cycles, median 2.00 s, worst 9.00 s." in words
    assert "cut, PostgreSQL: 1 cycle, median 0.20 s" in words
    assert "traced" not in words


def test_without_a_time_there_is_no_picture() -> None:
    assert recoveries([TRACED], SUMS) is None
