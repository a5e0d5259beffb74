"""Small pictures of a few numbers over time, as SVG for a page: they know words and numbers, and the page has the colours.

For staff alone.

Each says for whom does not see it what it is (`title`) and what it shows (`said`). Where one reads from right to left, time
does so, too, and the scale stands at the right.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from xml.etree.ElementTree import Element, SubElement, tostring

WIDTH, HEIGHT = 252, 150
SCALE, EDGE, TOP, FOOT = 46, 18, 10, 22  # room for the scale's words, at the other side, above, and for the times below
LETTERS = 12  # their size
LABELS = 4  # at most so many times have their words
MARKS = 4  # a scale of counts has about so many
BAR, GAP, DOT = 12.0, 1.5, 3.5  # the widest bar, between two of one time, a dot's radius


@dataclass(frozen=True, slots=True)
class Axis:
    """A scale: its marks from the lowest to the highest, each with its words. `even`: each as far from the next one, for
    numbers that differ by more than one can draw."""

    marks: Sequence[tuple[float, str]]
    even: bool = False

    def place(self, value: float) -> float:
        """Where a number stands between bottom (0) and top (1); beyond an end it stands at it."""
        values = [mark for mark, _ in self.marks]
        value = min(max(value, values[0]), values[-1])
        if not self.even:
            return (value - values[0]) / (values[-1] - values[0])
        above = next(number for number, mark in enumerate(values) if mark >= value)
        if not above:
            return 0.0
        low, high = values[above - 1 : above + 1]
        return (above - 1 + math.log(value / low) / math.log(high / low)) / (len(values) - 1)


@dataclass(frozen=True, slots=True)
class Series:
    """Numbers of one kind, one for each time, None where there is none; `said`: each with its words."""

    values: Sequence[float | None]
    said: Sequence[str]


@dataclass(frozen=True, slots=True)
class Plot:
    """What is drawn. `name` makes its ids its own on the page; `line`: dots and lines instead of bars; `running`: the last
    time is not over yet."""

    name: str
    title: str
    said: str
    times: Sequence[str]
    axis: Axis
    series: Sequence[Series]
    line: bool = False
    running: bool = False


def round_marks(most: int) -> list[int]:
    """Round numbers from 0 up to one that is not less than `most`, about `MARKS` steps apart."""
    step = next(unit * 10**power for power in range(20) for unit in (1, 2, 5) if unit * 10**power * MARKS >= most)
    return [step * number for number in range(max(1, -(-most // step)) + 1)]


def drawn(plot: Plot, *, mirrored: bool = False) -> str:
    """The picture, as markup that can stand in a page."""
    picture = _Picture(plot, mirrored=mirrored)
    picture.scale()
    for number, series in enumerate(plot.series):
        if plot.line:
            picture.line(series, number)
        else:
            picture.bars(series, number)
    picture.times()
    return tostring(picture.root, encoding="unicode", short_empty_elements=False)


class _Picture:
    def __init__(self, plot: Plot, *, mirrored: bool) -> None:
        self._plot, self._mirrored = plot, mirrored
        self._slot = (WIDTH - SCALE - EDGE) / len(plot.times)
        ids = [f"{plot.name}-title", f"{plot.name}-said"]
        size = {"class": "plot", "viewBox": f"0 0 {WIDTH} {HEIGHT}", "width": f"{WIDTH}", "height": f"{HEIGHT}"}
        # Words grow with the picture, and with nothing else: there is no more room for them.
        size["font-size"] = f"{LETTERS}"
        self.root = Element("svg", {**size, "role": "img", "aria-labelledby": " ".join(ids)})
        self._add("title", id=ids[0]).text = plot.title
        self._add("desc", id=ids[1]).text = plot.said

    def scale(self) -> None:
        for value, words in self._plot.axis.marks:
            y = self._y(value)
            left, right = sorted((self._x(SCALE), self._x(WIDTH - EDGE)))
            self._add("line", **{"class": "plot-mark"}, x1=_short(left), x2=_short(right), y1=_short(y), y2=_short(y))
            # The end of a text is its left where one reads from right to left.
            place = {"class": "plot-words", "text-anchor": "end", "x": _short(self._x(SCALE - 6)), "y": _short(y + 4)}
            self._add("text", **place).text = words

    def bars(self, series: Series, number: int) -> None:
        count = len(self._plot.series)
        room = self._slot * 0.7 / count
        gap = min(GAP, room / 5)
        width = min(BAR, room - gap)
        for time, value in enumerate(series.values):
            begin = self._middle(time) + (number - count / 2) * (width + gap) + gap / 2
            x, y = min(self._x(begin), self._x(begin + width)), self._y(value or 0)
            height = self._y(self._plot.axis.marks[0][0]) - y
            place = {"x": _short(x), "y": _short(y), "width": _short(width), "height": _short(height)}
            self._say(self._add("rect", **{"class": self._kind("plot-bar", number, time)}, **place), series, time)

    def line(self, series: Series, number: int) -> None:
        there = [(time, value) for time, value in enumerate(series.values) if value is not None]
        for (time, value), (following, next_value) in pairwise(there):
            # Over a time without a number there is no line: nobody knows what it would have been.
            if following == time + 1:
                ends = {"x1": self._x(self._middle(time)), "x2": self._x(self._middle(following))}
                ends |= {"y1": self._y(value), "y2": self._y(next_value)}
                self._add("line", **{"class": f"plot-line plot-{number}"}, **{name: _short(end) for name, end in ends.items()})
        for time, value in there:
            place = {"cx": _short(self._x(self._middle(time))), "cy": _short(self._y(value)), "r": f"{DOT}"}
            self._say(self._add("circle", **{"class": self._kind("plot-dot", number, time)}, **place), series, time)

    def times(self) -> None:
        count = len(self._plot.times)
        every = -(-count // LABELS)
        for time in range(count - 1, -1, -every):
            place = {"class": "plot-words", "text-anchor": "middle", "y": f"{HEIGHT - 5}"}
            self._add("text", **place, x=_short(self._x(self._middle(time)))).text = self._plot.times[time]

    def _kind(self, name: str, number: int, time: int) -> str:
        running = self._plot.running and time == len(self._plot.times) - 1
        return f"{name} plot-{number}" + (" plot-running" if running else "")

    def _say(self, element: Element, series: Series, time: int) -> None:
        SubElement(element, "title").text = series.said[time]

    def _middle(self, time: int) -> float:
        return SCALE + self._slot * (time + 0.5)

    def _x(self, place: float) -> float:
        return WIDTH - place if self._mirrored else place

    def _y(self, value: float) -> float:
        return HEIGHT - FOOT - self._plot.axis.place(value) * (HEIGHT - FOOT - TOP)

    def _add(self, name: str, **given: str) -> Element:
        return SubElement(self.root, name, given)


def _short(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
