"""The door of an empty installation, for the first administrator and nobody else."""

import pytest

from tests.web.doors import Doors

GIVEN = {
    "organization": "Willow House", "time_zone": "Europe/Paris", "name": "Lea", "username": "lea",
    "password": "a long enough word", "email": "lea@example.org", "messaging": True,
}  # fmt: skip


@pytest.mark.parametrize("token", ["", "guessed", "gué", "\U000cc9e7", "\x00"])
async def test_a_guessed_set_up_address_is_refused_in_a_sentence(doors: Doors, token: str) -> None:
    answer = await doors.post(None, "set_up", GIVEN | {"token": token})
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "refused")


async def test_the_right_address_is_of_no_use_once_there_is_an_administrator(doors: Doors) -> None:
    before = doors.dump()
    answer = await doors.post(None, "set_up", GIVEN | {"token": doors.desk.setup_token})
    assert answer.status_code in (403, 404, 409)
    assert doors.dump() == before


async def test_who_guesses_the_set_up_address_is_slowed_down(doors: Doors) -> None:
    codes = [(await doors.post(None, "set_up", GIVEN | {"token": "x"})).status_code for _ in range(12)]
    assert (codes[0], codes[-1]) == (403, 429)
