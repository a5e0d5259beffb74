"""A little of what `make faults` does at length: after each harm everything acknowledged is there once, for everybody."""

from __future__ import annotations

import asyncio
import random
from functools import partial

import pytest

from tests.faults.campaign import APART, EMBEDDED, Kind, Result, Stage, cycles
from tests.faults.processes import killed, sprung
from tests.faults.scene import Backing, Scene, embedded
from tests.journeys.servers import Practice
from tests.services.postgres import PostgresServer
from tests.services.redis import redis

pytestmark = pytest.mark.journey


def one_cycle(kind: Kind, scene: Scene) -> Result:
    """One cycle of this kind."""
    return asyncio.run(cycles(kind, scene, 1, random.Random(1), print))


def is_sound(result: Result) -> None:
    """Nothing was found, and there was something to be found."""
    assert result.words == []
    assert result.acknowledged > 15, "or it shows nothing"
    assert result.repeated, "somebody lost the connection"


def test_killed_right_after_a_commit_nothing_is_lost_or_doubled_on_sqlite(practice: Practice) -> None:
    kind = Kind("short", "", EMBEDDED, partial(sprung, how="KILL", point="after commit"))
    with embedded(practice) as scene:
        is_sound(one_cycle(kind, scene))


async def web_and_redis(stage: Stage) -> float:
    """One of two processes right before its commit, then the doorbell of both."""
    return await sprung(stage, "KILL", point="after finish") + await killed(stage, "redis")


def test_killed_right_before_a_commit_and_without_redis_nothing_is_lost_or_doubled_on_postgresql(
    practice: Practice, postgres_server: PostgresServer
) -> None:
    with redis() as bells, Backing(practice, postgres_server, bells).scene() as scene:
        is_sound(one_cycle(Kind("short", "", APART, web_and_redis), scene))
