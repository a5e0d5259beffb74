"""How far each row is from its bars, drawn: the floor stands at 1, whatever the unit, and better is further right."""

from __future__ import annotations

from tests.bench.drawing import Picture, Scale
from tests.bench.table import PEERS, REFERENCE, ROWS, SQLITE, Medians, Row, number

TITLE = "Each row against its floor; further right is better"
MARKS = (0.1, 0.3, 1, 3, 10, 30, 100)


def bars(medians: Medians) -> Picture | None:
    """The rows that have bars and were measured of the product's plainest form; None if there is none."""
    rows = [(row, value) for row in ROWS if (value := measured(row, medians)) is not None]
    if not rows:
        return None
    every = [times(row, figure) for row, value in rows for figure in (value, row.floor, row.goal)]
    picture = Picture(TITLE, [said(row, value) for row, value in rows], len(rows), Scale.around(every, MARKS))
    picture.marks(MARKS, "×")
    for row, value in rows:
        picture.row(row.label)
        picture.stroke(times(row, row.goal), "bar")
        draw = picture.cross if row.verdict(value) == "missed" else picture.dot
        draw(times(row, value), "warm" if row.verdict(value) == "missed" else "good")
    return picture


def measured(row: Row, medians: Medians) -> float | None:
    """What counts for a row's verdict: SQLite's figure, else the first that was measured of the product."""
    others = {REFERENCE, *PEERS}
    own = {name: one[row.field] for name, one in medians.items() if row.field in one and name not in others}
    return own.get(SQLITE, next(iter(own.values()), None)) if row.floor is not None else None


def times(row: Row, value: float | None) -> float:
    """How many times as good as the floor this is."""
    if not value or not row.floor:
        return MARKS[-1]
    return value / row.floor if row.rising else row.floor / value


def said(row: Row, value: float) -> str:
    """The row for who does not see it."""
    return f"{row.label}: {number(value)} {row.unit}, floor {number(row.floor)}, goal {number(row.goal)}, {row.verdict(value)}."
