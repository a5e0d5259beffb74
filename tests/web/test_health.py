"""Whether the process lives, and whether it can serve."""

import sqlite3

import pytest

from chat.transaction import Reading
from tests.web.doors import Doors


async def test_a_living_process_says_so_to_everybody(doors: Doors) -> None:
    answer = await doors.get(None, "/healthz")
    assert (answer.status_code, answer.json()) == (200, {"healthy": True})


async def test_a_ready_process_says_how_each_part_stands_and_names_its_keys_and_not_what_they_are(doors: Doors) -> None:
    with doors.database() as connection:
        # What was said when the practice was filled becomes due ten seconds later.
        connection.execute("DELETE FROM alert")
    answer = await doors.get(None, "/readyz")
    assert answer.status_code == 200
    parts = {"database": True, "migrations": "current", "redis": None, "oldest_alert_seconds": 0.0}
    assert answer.json() == {"ready": True, "keys": ["test"], "writes": "test", **parts}


async def test_without_its_database_a_process_lives_and_is_not_ready(doors: Doors, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(_: Reading) -> str:
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr("chat.web.health.revision", gone)
    answer = await doors.get(None, "/readyz")
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "unavailable")
    assert (answer.json()["ready"], answer.json()["database"]) == (False, False)
    assert answer.headers["retry-after"]
    assert (await doors.get(None, "/healthz")).status_code == 200


@pytest.mark.parametrize(
    ("revision", "status", "word"),
    [("0001", 503, "behind"), ("9999_unheard_of", 200, "ahead")],
)
async def test_an_older_database_is_not_served_and_beside_a_newer_one_this_version_goes_on(
    doors: Doors, revision: str, status: int, word: str
) -> None:
    with doors.database() as connection:
        (before,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        connection.execute("UPDATE alembic_version SET version_num = ?", (revision,))
    answer = await doors.get(None, "/readyz")
    with doors.database() as connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (before,))
    assert (answer.status_code, answer.json()["migrations"], answer.json()["ready"]) == (status, word, status == 200)


async def test_redis_and_the_age_of_the_outbox_are_told_and_keep_nobody_away(
    doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doors.desk, "redis", lambda: False)
    monkeypatch.setattr("chat.web.health.outbox_figures", lambda _: (3, 0, 400.0))
    answer = await doors.get(None, "/readyz")
    assert (answer.status_code, answer.json()["redis"], answer.json()["oldest_alert_seconds"]) == (200, False, 400.0)
