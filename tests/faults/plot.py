"""How long everything took to be as before, drawn: a line for each fault, a stroke for each cycle, a dot for the median."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping

from tests.bench.drawing import Picture, Scale
from tests.bench.table import number
from tests.faults.campaign import EMBEDDED, Kind, Result

TITLE = "Seconds until everything was as before, by fault"
MARKS = (0.03, 0.1, 0.3, 1, 3, 10, 30, 100, 300)


def recoveries(kinds: Iterable[Kind], sums: Mapping[str, Result]) -> Picture | None:
    """Those of which a time is known; None if there is none."""
    rows = [(kind, sums[kind.name].recoveries) for kind in kinds if kind.name in sums and sums[kind.name].recoveries]
    if not rows:
        return None
    scale = Scale.around((seconds for _, times in rows for seconds in times), MARKS)
    picture = Picture(TITLE, [said(kind, times) for kind, times in rows], len(rows), scale)
    picture.marks(MARKS, "s")
    for kind, times in rows:
        picture.row(named(kind))
        for seconds in sorted(times):
            picture.stroke(seconds, "cycle")
        picture.dot(statistics.median(times), "warm")
    return picture


def said(kind: Kind, times: list[float]) -> str:
    """The row for who does not see it."""
    cycles = "1 cycle" if len(times) == 1 else f"{len(times)} cycles"
    return f"{named(kind)}: {cycles}, median {number(statistics.median(times))} s, worst {number(max(times))} s."


def named(kind: Kind) -> str:
    """What was done and where, short."""
    return f"{kind.label}, {'SQLite' if kind.where == EMBEDDED else 'PostgreSQL'}"
