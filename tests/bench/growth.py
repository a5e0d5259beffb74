"""Pages on a database of ten thousand and on one of a million messages, for somebody who takes part in all of them."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import fields
from pathlib import Path
from typing import Any

from tests.bench.pages import Reads, reads
from tests.bench.plan import Plan
from tests.bench.servers import Backing, product, word
from tests.bench.table import POSTGRES, SQLITE
from tests.services.postgres import postgres


def growth(plan: Plan, folder: Path, note: Callable[[str, str, Any], None]) -> None:
    """Fill both sizes on both databases, read, and note the larger against the smaller."""
    for column in (SQLITE, POSTGRES):
        if column in plan.servers:
            small, large = (measured(column, folder / f"{column}-{size}", size) for size in plan.sizes)
            note(column, "reads_small", small)
            note(column, "reads_large", large)
            note(column, "reads", Reads(*(getattr(large, one.name) / getattr(small, one.name) for one in fields(Reads))))


def measured(column: str, folder: Path, size: int) -> Reads:
    """One database, filled, served and read."""
    folder.mkdir()
    with ExitStack() as running:
        backing = Backing()
        if column == POSTGRES:
            backing = Backing(running.enter_context(running.enter_context(postgres(durable=True)).database()))
        word(["chat", "demo", "--pairs", "1"], folder / "grow.log", backing.environment(folder))
        word(["tests.bench.grow", str(size)], folder / "grow.log", backing.environment(folder))
        target = running.enter_context(product("grown", folder, 1, backing, people_there=True))
        return reads(target.pairs[0].one)
