"""`make faults`: kill, freeze, cut and fill up, and print what was lost. Exits with 1 if anything was found."""

from __future__ import annotations

import argparse
import asyncio
import math
import random
import secrets
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

from tests.bench.__main__ import git, names
from tests.bench.processes import ROOT
from tests.bench.table import plain
from tests.faults import fsyncs, network, processes, resources, table
from tests.faults.campaign import EMBEDDED, Kind, Result, cycles
from tests.faults.scene import Backing, Scene, backing, embedded
from tests.journeys.servers import Practice
from tests.services import daemon

RESULTS = ROOT / "build" / "faults"  # a file for each run, so that a long campaign can be run in pieces
PATIENCE = 300.0  # a campaign runs behind everything else on its machine
SEASON = 10  # cycles in one practice
Places = Callable[[Kind], AbstractContextManager[Scene]]


def main() -> None:
    """Read the options, do the harm, print, write down."""
    given = parsed()
    kinds = [kind for kind in every(given.seconds) if kind.name in (given.only or NAMES)]
    print(f"seed {given.seed}", flush=True)
    if given.anew:
        shutil.rmtree(RESULTS, ignore_errors=True)
    daemon.START_SECONDS = PATIENCE
    file, until = RESULTS / f"{time.time_ns()}.json", time.monotonic() + given.minutes * 60
    # Whoever commits while it goes on changes nothing of what runs: that was read at the beginning.
    found, commit = list[Result](), product()
    with places() as where:
        for kind in kinds:
            for result in campaign(kind, given.cycles or kind.floor, where, random.Random(given.seed), until):
                result.commits.append(commit)
                found.append(result)
                table.keep(file, found)
    print("\n" + plain(table.lines(every(), table.summed(found))))
    print("\n".join(word for one in found for word in one.words) or "nothing lost, nothing doubled, order kept")
    if given.write:
        table.write_figures(every(), table.kept(RESULTS))
    sys.exit(any(one.words for one in found))


def every(seconds: float = processes.FROZEN) -> list[Kind]:
    """All kinds of faults."""
    return [*processes.kinds(seconds), *network.kinds(), *resources.kinds(), *fsyncs.kinds()]


NAMES = tuple(kind.name for kind in every())


def parsed() -> argparse.Namespace:
    """The options."""
    words = argparse.ArgumentParser(prog="make faults", description=__doc__)
    words.add_argument("--only", type=names(NAMES), help="kinds, with commas: " + ", ".join(NAMES))
    words.add_argument("--cycles", type=int, help="of each kind; without, as many as the floor asks for")
    words.add_argument("--seconds", type=float, default=processes.FROZEN, help="for which something is frozen")
    words.add_argument("--minutes", type=float, default=math.inf, help="after which no further practice is begun")
    words.add_argument("--seed", type=int, default=secrets.randbelow(1 << 32))
    words.add_argument("--anew", action="store_true", help="forget the cycles of earlier runs, which count together otherwise")
    words.add_argument("--write", action="store_true", help="write docs/figures.md")
    return words.parse_args()


def product() -> str:
    """The commit that changed the product last: what is tried, whatever became of the campaign since."""
    changed = " with changes" if git("status", "--porcelain", "--", "chat") else ""
    return git("log", "-1", "--abbrev=12", "--format=%h", "--", "chat") + changed


@contextmanager
def places() -> Iterator[Places]:
    """Gives the scene of a kind; the servers around are started when the first kind asks for them."""
    with tempfile.TemporaryDirectory(prefix="quietroom-faults-") as name, ExitStack() as running:
        practice, around = Practice(Path(name)), list[Backing]()

        def scene(kind: Kind) -> AbstractContextManager[Scene]:
            if kind.where == EMBEDDED:
                return embedded(practice)
            if not around:
                around.append(running.enter_context(backing(practice)))
            return around[0].scene()

        yield scene


def campaign(kind: Kind, count: int, where: Places, chance: random.Random, until: float) -> Iterator[Result]:
    """The cycles of one kind, a practice for every few of them; the findings of one end the campaign of its kind."""
    print(f"{kind.label}, {kind.where}", flush=True)
    while count > 0 and time.monotonic() < until:
        with where(kind) as scene:
            # What has a way of its own is no cycle, and is done at once.
            share = count if kind.run else min(count, SEASON)
            result = asyncio.run((kind.run or cycles)(kind, scene, share, chance, lambda words: print(words, flush=True)))
        count -= share
        yield result
        if result.words:
            return


if __name__ == "__main__":
    main()
