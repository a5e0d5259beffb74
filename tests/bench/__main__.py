"""`python -m tests.bench`: measure, and print the figures as a table."""

import argparse
import dataclasses
import json
import os
import platform
import signal
import subprocess
import sys
from datetime import UTC, datetime
from typing import Any

from tests.bench.drawing import Picture
from tests.bench.plan import SCENARIOS, SERVERS, Plan, quick
from tests.bench.plot import bars
from tests.bench.processes import ROOT
from tests.bench.run import measure
from tests.bench.table import PEERS, Medians, lines, markdown, plain

JSON = ROOT / "build" / "bench.json"
FIGURES = ROOT / "docs" / "figures.md"
BEGIN, END = "<!-- speed and size: written by the bench -->", "<!-- end of speed and size -->"
INTRODUCTION = """## Speed and size

Taken by `make bench ARGS=--write`. Machines are shared and noisy: what counts is a ratio within one run.
One web process has one core, the generator another; bodies have 400 characters, two people share a conversation. The
reference stores one plain row a message and does nothing else; the product does everything that it always does. Both acknowledge
and deliver after the fsync. A figure is the median of the rounds; waiting at half the rate counts from when a message was meant
to leave.
"""


def main() -> None:
    """Read the options, measure, print, write down. Whoever is told to end takes along what was started."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    options = parsed()
    chosen = [*(options.servers or SERVERS), *(PEERS if options.peers else ())]
    plan = Plan(frozenset(options.only or SCENARIOS), frozenset(chosen))
    plan = quick(plan) if options.quick else plan
    changes = {name: value for name in ("rounds", "pairs", "seconds") if (value := getattr(options, name)) is not None}
    plan = dataclasses.replace(plan, **changes)
    medians, rounds = measure(plan)
    table = lines(medians)
    print("\n" + plain(table))
    JSON.parent.mkdir(exist_ok=True)
    JSON.parent.joinpath(".gitignore").write_text("*\n")
    JSON.write_text(json.dumps({**about(), "medians": medians, "rounds": rounds}, indent=1) + "\n")
    if options.write:
        write_figures(medians, plan)


def parsed() -> argparse.Namespace:
    """The options."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Measure speed and size against a bare reference.")
    parser.add_argument("--only", type=names(SCENARIOS), help="rows to measure, with commas: " + ", ".join(SCENARIOS))
    known = (*SERVERS, *PEERS)
    parser.add_argument("--servers", type=names(known), help="servers to measure, with commas: " + ", ".join(known))
    parser.add_argument("--peers", action="store_true", help="measure what others offer, too (make bench PEERS=1 installs it)")
    parser.add_argument("--quick", action="store_true", help="a first impression in under a minute")
    parser.add_argument("--rounds", type=int, help="rounds, of which the median is taken")
    parser.add_argument("--pairs", type=int, help="conversations of two people")
    parser.add_argument("--seconds", type=float, help="length of each step")
    parser.add_argument("--write", action="store_true", help="write docs/figures.md")
    return parser.parse_args()


def names(known: tuple[str, ...]) -> Any:
    """A parser of lists with commas that takes known words only."""

    def parse(text: str) -> list[str]:
        words = text.split(",")
        if unknown := [word for word in words if word not in known]:
            raise argparse.ArgumentTypeError(f"{unknown[0]} is none of {', '.join(known)}")
        return words

    return parse


def about() -> dict[str, str]:
    """Where the figures come from."""
    commit = git("rev-parse", "--short=12", "HEAD") + (" with changes" if git("status", "--porcelain", "--", "chat") else "")
    return {
        "commit": commit,
        "machine": f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}",
        "day": datetime.now(UTC).date().isoformat(),
    }


def git(*arguments: str) -> str:
    """What git says, or nothing outside a checkout."""
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()


def write_figures(medians: Medians, plan: Plan) -> None:
    """Replace this instrument's part of docs/figures.md and leave the rest of the page alone."""
    where = about()
    note = f"Commit {where['commit']}, {where['day']}, {where['machine']}; {plan.rounds} rounds, {plan.pairs} conversations."
    picture = shown(bars(medians), "bars", "a dot for each row, a diamond where the floor is missed, a stroke for the goal")
    part = "\n".join([BEGIN, INTRODUCTION, markdown(lines(medians)), "", *picture, note, END])
    FIGURES.parent.mkdir(exist_ok=True)
    before, _, rest = (FIGURES.read_text() if FIGURES.exists() else "# Figures\n\n").partition(BEGIN)
    FIGURES.write_text(before + part + (rest.partition(END)[2] or "\n"))


def shown(picture: Picture | None, name: str, words: str) -> list[str]:
    """The lines that show a picture, which is written beside the page; none for none. `words`: what its marks stand for."""
    if picture is None:
        return []
    file = FIGURES.with_name("figures") / f"{name}.svg"
    file.parent.mkdir(exist_ok=True)
    file.write_text(picture.text)
    return [f"![{picture.title}: {words}](figures/{file.name})", ""]


if __name__ == "__main__":
    main()
