"""What the pictures of figures have in common: words at the left, a logarithmic scale, readable in light and dark and by ear."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree

WORDS, WIDTH, RIGHT = 470, 420, 24  # of the words at the left, of the scale, of the margin
TOP, LINE, FOOT = 34, 24, 30
STYLE = """
.ground { fill: #ffffff }
text { font: 13px system-ui, sans-serif; fill: #1f2a2e }
.scale { stroke: #c3cbcc }
.bar { stroke: #66767a; stroke-width: 2 }
.cycle { stroke: #2b7a78; stroke-opacity: 0.55; stroke-width: 1.5 }
.good { fill: #2b7a78; stroke: #ffffff }
.warm { fill: #9c3d12; stroke: #ffffff }
@media (prefers-color-scheme: dark) {
  .ground { fill: #14191b }
  text { fill: #e4eaea }
  .scale { stroke: #475356 }
  .bar { stroke: #a3b3b6 }
  .cycle { stroke: #7fd1cc }
  .good { fill: #7fd1cc; stroke: #14191b }
  .warm { fill: #ffab7a; stroke: #14191b }
}
"""
Element = ElementTree.Element


@dataclass(frozen=True)
class Scale:
    """Figures as places from left to right, each mark about three times the one before."""

    least: float
    most: float

    @classmethod
    def around(cls, values: Iterable[float], marks: Sequence[float]) -> Scale:
        """The marks between which all of these lie."""
        every = list(values)
        least = max((mark for mark in marks if mark <= min(every)), default=marks[0])
        most = min((mark for mark in marks if mark >= max(every)), default=marks[-1])
        return cls(least, most if most > least else least * 3)

    def place(self, value: float) -> float:
        """Where this one stands; what lies beyond an end stands at it."""
        within = min(max(value, self.least), self.most)
        return WORDS + WIDTH * math.log(within / self.least) / math.log(self.most / self.least)


class Picture:
    """Rows below each other on one scale."""

    def __init__(self, title: str, said: Sequence[str], rows: int, scale: Scale) -> None:
        self.title, self.scale, self._rows = title, scale, 0
        width, self._height = WORDS + WIDTH + RIGHT, TOP + LINE * rows + FOOT
        size = {"viewBox": f"0 0 {width} {self._height}", "width": f"{width}", "height": f"{self._height}"}
        given = {"xmlns": "http://www.w3.org/2000/svg", **size, "role": "img", "aria-labelledby": "title desc"}
        self.root = Element("svg", given)
        self._add("title", id="title").text = title
        self._add("desc", id="desc").text = " ".join(said)
        self._add("style").text = STYLE
        # Of its own: the page around it may be light where its reader asks for dark.
        self._add("rect", **{"class": "ground"}, width=f"{width}", height=f"{self._height}")

    def marks(self, marks: Sequence[float], unit: str) -> None:
        """Lines from top to bottom, with what they stand for at both ends."""
        bottom = self._height - FOOT
        for mark in marks:
            if self.scale.least <= mark <= self.scale.most:
                place = self._place(mark)
                self._add("line", **{"class": "scale"}, x1=place, x2=place, y1=f"{TOP}", y2=f"{bottom}")
                for y in (TOP - 10, bottom + 20):
                    self._add("text", **{"text-anchor": "middle"}, x=place, y=f"{y}").text = f"{mark:g} {unit}".strip()

    def row(self, words: str) -> None:
        """Begin the next row; strokes and dots go there."""
        self._rows += 1
        self._add("text", **{"text-anchor": "end"}, x=f"{WORDS - 16}", y=f"{self._middle + 4:g}").text = words

    def stroke(self, value: float, kind: str) -> None:
        """A short upright line."""
        place, y = self._place(value), self._middle
        self._add("line", **{"class": kind}, x1=place, x2=place, y1=f"{y - 7:g}", y2=f"{y + 7:g}")

    def dot(self, value: float, kind: str) -> None:
        """What counts most."""
        self._add("circle", **{"class": kind}, cx=self._place(value), cy=f"{self._middle:g}", r="4.5")

    def cross(self, value: float, kind: str) -> None:
        """As a dot, and another shape, for who does not tell the colours apart."""
        x, y = self.scale.place(value), self._middle
        corners = [(x, y - 5.5), (x + 5.5, y), (x, y + 5.5), (x - 5.5, y)]
        self._add("polygon", **{"class": kind}, points=" ".join(f"{across:.1f},{down:g}" for across, down in corners))

    @property
    def text(self) -> str:
        """As a file holds it, an element a line."""
        ElementTree.indent(self.root, "")
        return ElementTree.tostring(self.root, encoding="unicode") + "\n"

    @property
    def _middle(self) -> float:
        return TOP + LINE * (self._rows - 0.5)

    def _place(self, value: float) -> str:
        return f"{self.scale.place(value):.1f}"

    def _add(self, name: str, **given: str) -> Element:
        return ElementTree.SubElement(self.root, name, given)
