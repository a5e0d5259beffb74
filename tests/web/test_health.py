"""Whether the process lives, and whether it can serve."""

import sqlite3

import pytest

from chat.transaction import Reading
from tests.web.doors import Doors


async def test_a_living_process_says_so_to_everybody(doors: Doors) -> None:
    answer = await doors.get(None, "/healthz")
    assert (answer.status_code, answer.json()) == (200, {"healthy": True})


async def test_a_ready_process_names_the_keys_it_holds_and_not_what_they_are(doors: Doors) -> None:
    answer = await doors.get(None, "/readyz")
    assert answer.status_code == 200
    assert answer.json()["ready"] is True
    assert answer.json()["keys"] == ["test"]


async def test_without_its_database_a_process_lives_and_is_not_ready(doors: Doors, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(_: Reading) -> bool:
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr("chat.web.health.ping", gone)
    answer = await doors.get(None, "/readyz")
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "unavailable")
    assert answer.headers["retry-after"]
    assert (await doors.get(None, "/healthz")).status_code == 200
