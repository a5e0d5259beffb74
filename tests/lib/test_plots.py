"""Plots: what stands where, for numbers of every kind, one time only and none, in both directions."""

from __future__ import annotations

import math
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest

from chat.lib.plots import BAR, EDGE, FOOT, HEIGHT, SCALE, TOP, WIDTH, Axis, Plot, Series, drawn, round_marks

BOTTOM = HEIGHT - FOOT


def axis(*marks: float, even: bool = False) -> Axis:
    return Axis([(mark, f"{mark:g}") for mark in marks], even)


def plot(*values: float | None, marks: Axis | None = None, line: bool = False, running: bool = False, **words: str) -> Plot:
    said = {"name": "sent", "title": "Sent", "said": "From 1 to 4."} | words
    times = [f"W{number}" for number in range(len(values))]
    series = Series(values, [f"{value}" for value in values])
    return Plot(**said, times=times, axis=marks or axis(0, 5, 10), series=[series], line=line, running=running)


def picture(what: Plot, *, mirrored: bool = False) -> Element:
    return ElementTree.fromstring(drawn(what, mirrored=mirrored))  # noqa: S314  our own


def places(root: Element, name: str, *keys: str) -> list[tuple[float, ...]]:
    return [tuple(float(one.attrib[key]) for key in keys) for one in root.iter(name)]


def words(root: Element, anchor: str) -> list[str | None]:
    return [one.text for one in root.iter("text") if one.attrib["text-anchor"] == anchor]


def test_it_says_what_it_is_and_what_it_shows_to_whom_does_not_see_it() -> None:
    root = picture(plot(1, 4, title="Sent & <read>", said='"None"'))
    assert (root.attrib["role"], root.attrib["aria-labelledby"]) == ("img", "sent-title sent-said")
    named = {one.attrib.get("id"): one.text for one in root if one.tag in {"title", "desc"}}
    assert named == {"sent-title": "Sent & <read>", "sent-said": '"None"'}


def test_nothing_of_it_has_a_colour_or_a_style_of_its_own() -> None:
    for what in (plot(1, None, 4), plot(1, None, 4, line=True)):
        attributes = {name for one in picture(what).iter() for name in one.attrib}
        assert attributes & {"style", "fill", "stroke", "color"} == set()


def test_a_bar_is_as_high_as_its_number_and_stands_on_the_lowest_mark() -> None:
    bars = places(picture(plot(0, 5, 10)), "rect", "y", "height")
    assert bars == [(BOTTOM, 0), (BOTTOM - (BOTTOM - TOP) / 2, (BOTTOM - TOP) / 2), (TOP, BOTTOM - TOP)]


def test_no_number_is_no_bar_and_no_dot() -> None:
    assert places(picture(plot(None, 5)), "rect", "height")[0] == (0,)
    assert len(list(picture(plot(None, 5, line=True)).iter("circle"))) == 1


def test_two_kinds_of_one_time_stand_beside_each_other() -> None:
    both = plot(1, 2)
    two = Plot("n", "t", "s", both.times, both.axis, [both.series[0], both.series[0]])
    root = picture(two)
    (first, width), (second, _) = (places(root, "rect", "x", "width")[at] for at in (0, 2))
    assert first + width < second < first + width * 2
    assert [one.attrib["class"] for one in root.iter("rect")] == ["plot-bar plot-0"] * 2 + ["plot-bar plot-1"] * 2


def test_a_line_breaks_where_there_is_no_number() -> None:
    root = picture(plot(1, 2, None, 4, 5, 6, line=True))
    lines = [one for one in root.iter("line") if "plot-line" in one.attrib["class"]]
    assert len(lines) == 3
    assert len(list(root.iter("circle"))) == 5


def test_a_time_that_is_not_over_looks_so() -> None:
    for line, tag in ((False, "rect"), (True, "circle")):
        kinds = [one.attrib["class"] for one in picture(plot(1, 2, line=line, running=True)).iter(tag)]
        assert ["plot-running" in kind for kind in kinds] == [False, True]
        assert "plot-running" not in drawn(plot(1, 2, line=line))


def test_each_bar_and_dot_says_its_number() -> None:
    for line, tag in ((False, "rect"), (True, "circle")):
        assert [one.findtext("title") for one in picture(plot(3, 4, line=line)).iter(tag)] == ["3", "4"]


@pytest.mark.parametrize(
    ("count", "labels"),
    [(1, ["W0"]), (4, ["W3", "W2", "W1", "W0"]), (5, ["W4", "W2", "W0"]), (12, ["W11", "W8", "W5", "W2"])],
)
def test_a_few_times_have_their_words_the_last_one_always(count: int, labels: list[str]) -> None:
    assert words(picture(plot(*range(count))), "middle") == labels


def test_one_time_alone_is_drawn_in_the_middle_and_no_wider_than_others() -> None:
    ((x, width),) = places(picture(plot(7)), "rect", "x", "width")
    assert width == BAR
    assert math.isclose(x + width / 2, SCALE + (WIDTH - SCALE - EDGE) / 2, abs_tol=1)


@pytest.mark.parametrize("values", [(1,), (0, 0, 0), tuple(range(12)), (1e15, 0, 3), tuple(range(100))])
def test_nothing_leaves_the_picture(values: tuple[float, ...]) -> None:
    marks = Axis([(mark, str(mark)) for mark in round_marks(int(max(values)))])
    for mirrored in (False, True):
        root = picture(plot(*values, marks=marks), mirrored=mirrored)
        for x, y, width, height in places(root, "rect", "x", "y", "width", "height"):
            assert 0 <= x <= x + width <= WIDTH
            assert 0 <= y <= y + height <= HEIGHT
            assert width > 0


def test_where_one_reads_from_right_to_left_so_does_time() -> None:
    plain, mirrored = (places(picture(plot(1, 5), mirrored=way), "rect", "x", "width") for way in (False, True))
    assert [x for x, _ in plain] == sorted(x for x, _ in plain)
    assert mirrored == [(WIDTH - x - width, width) for x, width in plain]
    scale = [float(one.attrib["x"]) for one in picture(plot(1), mirrored=True).iter("text") if one.attrib["text-anchor"] == "end"]
    assert set(scale) == {WIDTH - SCALE + 6}


def test_an_axis_places_numbers_in_proportion_and_what_lies_beyond_at_its_ends() -> None:
    scale = axis(0, 10, 20)
    assert [scale.place(value) for value in (-5, 0, 5, 20, 1e12)] == [0, 0, 0.25, 1, 1]


def test_an_even_axis_gives_each_step_the_same_room() -> None:
    scale = axis(1, 10, 1000, even=True)
    assert [scale.place(value) for value in (0, 1, 10, 100, 1000, 5000)] == [0, 0, 0.5, 0.75, 1, 1]
    assert math.isclose(scale.place(math.sqrt(10)), 0.25)


@pytest.mark.parametrize(
    ("most", "marks"),
    [(0, [0, 1]), (1, [0, 1]), (4, [0, 1, 2, 3, 4]), (5, [0, 2, 4, 6]), (11, [0, 5, 10, 15]), (1001, [0, 500, 1000, 1500])],
)  # fmt: skip
def test_marks_are_round_and_reach_over_the_highest_number(most: int, marks: list[int]) -> None:
    assert round_marks(most) == marks
