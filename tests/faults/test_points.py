"""A message passes every named point: a fault that is armed at one of them happens."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest

from tests.faults.points import NOTES, POINTS, PROGRAM, STEPS, arm, trap
from tests.journeys.device import device
from tests.journeys.servers import House

pytestmark = pytest.mark.journey


@pytest.mark.parametrize("step", STEPS)
def test_each_step_has_its_function(step: str) -> None:
    owner, name = STEPS[step]
    assert callable(getattr(owner, name, None)), f"{owner.__name__}.{name} is gone: name what carries out “{step}” now in STEPS"


async def test_a_message_passes_every_point_once_or_more(own_house: House) -> None:
    web, file = own_house.webs[0], own_house.folder / "points"
    web.program, web.environment = PROGRAM, web.environment | {NOTES: os.fspath(file)}
    web.restart()
    async with device(own_house, "ben") as ben, device(own_house, "dana") as dana:
        talk = ben.direct_with("Dana")
        before = passed(file)
        assert set(before) <= {"before ring", "after ring"}, "without a message there is nothing to pass"
        await ben.do("send_message", conversation=talk, body="Hello.", copy_to_contact_log=True)
        await dana.has(talk, "Hello.")
    there = passed(file)
    assert [point for point in POINTS if not there[point] - before[point]] == []


def passed(file: Path) -> Counter[str]:
    return Counter(file.read_text().splitlines() if file.exists() else [])


def test_a_trap_springs_when_its_point_is_passed_for_the_last_time_and_only_then(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    sprung: list[tuple[int, int]] = []
    monkeypatch.setattr(os, "kill", lambda *given: sprung.append(given))
    pass_by = trap(os.fspath(tmp_path / "armed"))
    pass_by("after commit")
    arm(tmp_path / "armed", "after commit", 2, "KILL")
    for point in ("after commit", "before answer", "before answer"):
        pass_by(point)
    assert sprung == []
    for _ in range(3):
        pass_by("after commit")
    assert sprung == [(os.getpid(), 9)]
