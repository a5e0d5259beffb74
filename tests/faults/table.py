"""What campaigns have found so far, kept between runs so that a long one can be run in pieces, and written down as a table."""

from __future__ import annotations

import json
import statistics
from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields
from pathlib import Path

from tests.bench.__main__ import FIGURES, about, shown
from tests.bench.table import markdown, number
from tests.faults import plot
from tests.faults.campaign import Kind, Result

BEGIN, END = "<!-- faults: written by the campaign -->", "<!-- end of faults -->"
INTRODUCTION = """## Nothing lost, nothing doubled, order kept

Taken by `make faults ARGS=--write`. People write without a pause while something is killed, frozen, cut or filled up; after each
cycle the senders' own history, the database, every open page and a fresh one of the same person are held against each other.
*Lost*: acknowledged and not there once for everybody who may see it. *Doubled*: there twice under one key. *Holes*: an open page
lacks what a fresh one has. *Other*: counters, rows that belong together, order, what was refused. *Back* is the median, and the
worst, from the harm (of something frozen: from its end) until a message from each end has reached the other one; what Python
takes to load the code is not in it, as the processes are forked from one that has loaded it. A row with fewer cycles than its
floor asks for says *fewer*. What mail servers do (greylisting, refusals, hanging up before and after the mail is taken, stalling)
is tried by `tests/faults/test_mail_server.py`.
"""
HEAD = ["fault", "where", "cycles", "floor", "acknowledged", "lost", "doubled", "holes", "other", "back (s)", "worst (s)", ""]


def kept(folder: Path) -> list[Result]:
    """The results of earlier runs, and of those that go on beside this one."""
    return [Result(**one) for file in sorted(folder.glob("*.json")) for one in json.loads(file.read_text())]


def keep(file: Path, results: Iterable[Result]) -> None:
    """Keep those of this run."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.parent.joinpath(".gitignore").write_text("*\n")
    file.write_text(json.dumps([asdict(one) for one in results], indent=1) + "\n")


def summed(results: Iterable[Result]) -> dict[str, Result]:
    """One result for each kind."""
    sums: dict[str, Result] = {}
    for one in results:
        whole = sums.setdefault(one.kind, Result(one.kind))
        for field in fields(Result)[1:]:
            setattr(whole, field.name, getattr(whole, field.name) + getattr(one, field.name))
    return sums


def lines(kinds: Iterable[Kind], sums: Mapping[str, Result]) -> list[list[str]]:
    """The table as cells: head first, only kinds that were tried."""
    return [HEAD, *(_line(kind, sums[kind.name]) for kind in kinds if kind.name in sums)]


def _line(kind: Kind, one: Result) -> list[str]:
    counts = [f"{count:,}" for count in (one.cycles, kind.floor, one.acknowledged, one.lost, one.doubled, one.holes, one.other)]
    back = [number(statistics.median(one.recoveries)), number(max(one.recoveries))] if one.recoveries else ["–", "–"]
    sound = not (one.lost or one.doubled or one.holes or one.other)
    verdict = ("floor" if one.cycles >= kind.floor else "fewer") if sound else "missed"
    return [kind.label, kind.where, *counts, *back, verdict]


def write_figures(kinds: Iterable[Kind], results: Iterable[Result]) -> None:
    """Replace the campaign's part of docs/figures.md and leave the rest of the page alone."""
    where, sums = about(), summed(results)
    commits = sorted({commit for one in sums.values() for commit in one.commits})
    note = f"Tried: {', '.join(commits)}; {where['day']}, {where['machine']}."
    picture = shown(plot.recoveries(kinds, sums), "recoveries", "a stroke for each cycle of the table, a dot for the median")
    part = "\n".join([BEGIN, INTRODUCTION, markdown(lines(kinds, sums)), "", *picture, note, END])
    before, _, rest = FIGURES.read_text().partition(BEGIN)
    before = before if BEGIN in FIGURES.read_text() else before.rstrip() + "\n\n"
    FIGURES.write_text(before + part + (rest.partition(END)[2] or "\n"))
