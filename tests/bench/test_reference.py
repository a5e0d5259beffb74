"""The generator and the reference understand each other. Nothing is timed here."""

import math
from pathlib import Path

import pytest

from tests.bench import figures, scenarios
from tests.bench.client import Socket, close_all
from tests.bench.load import Ends, Load
from tests.bench.servers import reference
from tests.bench.targets import Target

pytestmark = pytest.mark.journey


async def test_the_other_person_gets_what_was_acknowledged_and_nobody_else_does(tmp_path: Path) -> None:
    with reference(tmp_path, pairs=2) as target:
        sockets = [await Socket.open(person) for person in target.people()]
        outsider: list[object] = []
        load = Load(Ends(sockets, [pair.conversation for pair in target.pairs] * 2))
        sockets[1].on_frame = sockets[3].on_frame = lambda socket, frame: outsider.append(frame)
        for _ in range(3):
            load.send(0)
        await load.drain()
        await close_all(sockets)
    assert load.delivery(range(3)).count == 3
    assert load.in_flight() == 0
    assert outsider == []


async def test_every_scenario_of_sockets_comes_to_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figures, "LIMIT_MS", math.inf)  # a machine may be as slow as it likes
    with reference(tmp_path, pairs=2) as target:
        assert (await scenarios.quiet(target, 20)).delivered.count == 20
        steps = await scenarios.rate(target, 0.1, most=32)
        assert [step.in_flight for step in steps] == [16, 32]
        assert (await scenarios.half(target, 200, 0.2)).delivered.count == 20
        assert (await scenarios.idle(target, 10)).sockets == 10
        assert (await scenarios.storm(target, 8)).sockets == 8


async def test_people_are_told_apart_by_their_cookie(tmp_path: Path) -> None:
    with reference(tmp_path, pairs=2) as target:
        assert usernames(target) == ["t0001", "t0002", "c0001", "c0002"]
        assert len({person.cookie for person in target.people()}) == 4


def usernames(target: Target) -> list[str]:
    """In the order in which sockets are opened."""
    return [person.username for person in target.people()]
