"""Databases of ten thousand and of a million messages, and the pages of somebody who takes part in all of them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.bench.plan import Plan


def growth(plan: Plan, folder: Path, note: Callable[[str, str, Any], None]) -> None:
    """Fill, start, read."""
