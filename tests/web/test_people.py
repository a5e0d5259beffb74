"""Oneself, and those to be found."""

import pytest

from tests.web.doors import Doors


async def test_one_is_told_who_one_is(doors: Doors) -> None:
    me = (await doors.get(doors.practice.cookies["dana"], "/api/me")).json()
    assert (me["id"], me["name"], me["role"], me["username"]) == (doors.person("dana"), "Dana Reed", "client", "dana")
    assert me["organization"]["name"] == "Harbor Counseling"
    assert me["limits"] == {"body": 10_000, "subject": 200, "attachments": 10, "attachment_megabytes": 25}
    assert me["session"]["scoped"] is False
    assert me["support"] == ""
    assert "password_hash" not in me


EVERYBODY = {"attachments", "cc", "print"}


@pytest.mark.parametrize(
    ("name", "offered"),
    [
        ("ada", EVERYBODY | {"contact_log", "mass_messages"}),
        ("ben", EVERYBODY | {"contact_log", "mass_messages"}),
        ("dana", EVERYBODY),
        ("hal", EVERYBODY),
    ],
)
async def test_one_is_offered_what_ones_role_may_know_of(doors: Doors, name: str, offered: set[str]) -> None:
    features = (await doors.get(doors.practice.cookies[name], "/api/me")).json()["features"]
    assert (set(features), len(features)) == (offered, len(offered))


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("ada", {"ben", "cleo", "moe", "ned", "dana", "eli", "fay", "gus"}),
        ("ben", {"ada", "cleo", "moe", "ned", "dana", "eli", "gus"}),
        ("cleo", {"ada", "ben", "moe", "ned", "fay"}),
        ("dana", {"ben"}),
        ("fay", {"cleo"}),
        ("hal", set()),
        ("ivy", {"jon", "kim"}),
        ("kim", {"jon"}),
    ],
)
async def test_everybody_finds_those_they_may_write_to_and_nobody_else(doors: Doors, name: str, found: set[str]) -> None:
    answer = await doors.post(doors.practice.cookies[name], "find_people", {"search": ""})
    assert {one["id"] for one in answer.json()["people"]} == {doors.person(other) for other in found}


async def test_a_birth_date_is_for_staff_only(doors: Doors) -> None:
    seen = (await doors.post(doors.practice.cookies["ben"], "find_people", {"search": "dana"})).json()["people"]
    assert [one["born"] for one in seen] == ["1994-03-04"]
    own = (await doors.post(doors.practice.cookies["dana"], "find_people", {"search": "ben"})).json()["people"]
    assert [one["born"] for one in own] == [None]
