"""A little of what `make faults` does at length: after each harm everything acknowledged is there once, for everybody."""

from __future__ import annotations

import asyncio
import random

import pytest

from tests.faults.campaign import EMBEDDED, Result, cycles
from tests.faults.processes import kinds
from tests.faults.scene import backing, embedded
from tests.journeys.servers import Practice

pytestmark = pytest.mark.journey
SHORT = ("web-kill-sqlite", "web-points-sqlite", "web-points-postgres", "redis-kill")


@pytest.fixture(scope="module")
def practice(tmp_path_factory: pytest.TempPathFactory) -> Practice:
    """The demo practice, to be copied."""
    return Practice(tmp_path_factory.mktemp("practice"))


def one_cycle(practice: Practice, name: str) -> Result:
    """One cycle of this kind."""
    kind = next(kind for kind in kinds() if kind.name == name)
    if kind.where == EMBEDDED:
        with embedded(practice) as scene:
            return asyncio.run(cycles(kind, scene, 1, random.Random(1), print))
    with backing(practice) as around, around.scene() as scene:
        return asyncio.run(cycles(kind, scene, 1, random.Random(1), print))


@pytest.mark.parametrize("name", SHORT)
def test_a_cycle_loses_nothing_and_doubles_nothing(practice: Practice, name: str) -> None:
    result = one_cycle(practice, name)
    assert result.words == []
    assert result.acknowledged > 15, "or it shows nothing"
    assert result.repeated or "web" not in name, "somebody lost the connection"
