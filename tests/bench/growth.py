"""Pages on a database of ten thousand and on one of a million messages, for somebody who takes part in all of them."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import fields
from pathlib import Path
from typing import Any

from tests.bench.client import Person
from tests.bench.figures import percentile
from tests.bench.pages import Reads, reads
from tests.bench.plan import Plan
from tests.bench.servers import Backing, product, word
from tests.bench.table import POSTGRES, SQLITE
from tests.services.postgres import postgres

TURNS = 5  # more than the rounds of the other scenarios: a page takes milliseconds, and filling the database minutes


def growth(plan: Plan, folder: Path, note: Callable[[str, str, Any], None]) -> None:
    """Fill both sizes, serve both, and read them by turns: a slow minute of the machine hits both alike."""
    for column in (SQLITE, POSTGRES):
        if column in plan.servers:
            with ExitStack() as running:
                small, large = (filled(running, column, folder / f"{column}-{size}", size) for size in plan.sizes)
                turns = [(reads(small), reads(large)) for _ in range(TURNS)]
            note(column, "reads_small", middle([turn[0] for turn in turns]))
            note(column, "reads_large", middle([turn[1] for turn in turns]))
            note(column, "reads", middle([over(large, small) for small, large in turns]))


def over(large: Reads, small: Reads) -> Reads:
    """How many times as long each page of one turn took on the large database."""
    return Reads(*(getattr(large, one.name) / getattr(small, one.name) for one in fields(Reads)))


def middle(turns: Sequence[Reads]) -> Reads:
    """The median of each page over all turns."""
    return Reads(*(percentile([getattr(turn, one.name) for turn in turns], 0.5) for one in fields(Reads)))


def filled(running: ExitStack, column: str, folder: Path, size: int) -> Person:
    """One database, filled and served; the person who takes part in every conversation of it."""
    folder.mkdir()
    backing = Backing()
    if column == POSTGRES:
        backing = Backing(running.enter_context(running.enter_context(postgres(durable=True)).database()))
    word(["chat", "demo", "--pairs", "1"], folder / "grow.log", backing.environment(folder))
    word(["tests.bench.grow", str(size)], folder / "grow.log", backing.environment(folder))
    return running.enter_context(product("grown", folder, 1, backing, people_there=True)).pairs[0].one
