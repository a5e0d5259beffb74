"""Signing in, out, and on again."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyotp
import pytest

from tests.people import PASSWORD
from tests.web.doors import Doors, Practice, open_doors

RIGHT = {"username": "dana", "password": PASSWORD}


async def test_the_right_password_begins_a_session(doors: Doors) -> None:
    answer = await doors.post(None, "sign_in", RIGHT)
    assert (answer.status_code, answer.json()) == (200, {"id": doors.person("dana")})
    assert (await doors.get(answer.cookies["session"], "/api/me")).json()["name"] == "Dana Reed"


@pytest.mark.parametrize("username", ["DANA", " dana ", "ｄａｎａ"])
async def test_a_username_is_found_however_it_is_typed(doors: Doors, username: str) -> None:
    assert (await doors.post(None, "sign_in", RIGHT | {"username": username})).status_code == 200


async def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(doors: Doors) -> None:
    wrong = await doors.post(None, "sign_in", RIGHT | {"password": "guessed"})
    unknown = await doors.post(None, "sign_in", RIGHT | {"username": "nobody"})
    gone = await doors.post(None, "sign_in", {"username": "dee", "password": PASSWORD})
    assert wrong.status_code == unknown.status_code == gone.status_code == 401
    assert wrong.content == unknown.content == gone.content
    assert "set-cookie" not in wrong.headers


async def test_the_cookie_is_for_this_origin_and_out_of_reach_of_scripts(doors: Doors) -> None:
    answer = await doors.post(None, "sign_in", RIGHT)
    name, *flags = answer.headers["set-cookie"].split("; ")
    assert name.startswith("session=")
    assert {flag.lower() for flag in flags} == {"httponly", "path=/", "samesite=lax"}


async def test_behind_https_the_cookie_is_bound_to_the_host(practice: Practice, tmp_path: Path) -> None:
    base = "https://messages.example.org"
    async with open_doors(practice, tmp_path, base_url=base) as doors:
        answer = await doors.post(None, "sign_in", RIGHT, Origin=base)
        name, *flags = answer.headers["set-cookie"].split("; ")
        assert name.startswith("__Host-session=")
        assert {flag.lower() for flag in flags} == {"httponly", "path=/", "samesite=lax", "secure"}
        assert "max-age" in answer.headers["strict-transport-security"]
        assert (await doors.get(answer.cookies["__Host-session"], "/api/me")).status_code == 200


async def test_each_sign_in_begins_a_session_of_its_own(doors: Doors) -> None:
    first, second = [(await doors.post(None, "sign_in", RIGHT)).cookies["session"] for _ in range(2)]
    assert first != second
    await doors.post(first, "sign_out", {})
    assert (await doors.get(first, "/api/me")).status_code == 401
    assert (await doors.get(second, "/api/me")).status_code == 200


async def test_signing_out_clears_the_cookie_and_what_the_browser_kept(doors: Doors) -> None:
    answer = await doors.post(doors.practice.cookies["dana"], "sign_out", {})
    assert 'session=""; ' in answer.headers["set-cookie"]
    assert answer.headers["clear-site-data"] == '"cache", "storage"'


async def test_the_database_holds_no_token(doors: Doors) -> None:
    token = (await doors.post(None, "sign_in", RIGHT)).cookies["session"]
    assert token not in repr(doors.dump())


@pytest.fixture
def wait(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Let seconds pass for the counters of attempts."""
    real = time.time

    def later(seconds: float) -> None:
        monkeypatch.setattr("time.time", lambda: real() + seconds)

    return later


async def test_who_guesses_at_one_account_is_slowed_down_and_not_for_good(doors: Doors, wait: Callable[[float], None]) -> None:
    for _ in range(doors.desk.settings.sign_in_limit):
        assert (await doors.post(None, "sign_in", RIGHT | {"password": "guessed"})).status_code == 401
    slowed = await doors.post(None, "sign_in", RIGHT)
    assert (slowed.status_code, slowed.json()["error"]["code"]) == (429, "too_many")
    assert int(slowed.headers["retry-after"]) > 0
    wait(int(slowed.headers["retry-after"]) * 2)
    assert (await doors.post(None, "sign_in", RIGHT)).status_code == 200


async def test_who_guesses_at_many_accounts_from_one_address_is_slowed_down(doors: Doors) -> None:
    for number in range(doors.desk.settings.sign_in_limit):
        assert (await doors.post(None, "sign_in", {"username": f"somebody{number}", "password": "guessed"})).status_code == 401
    assert (await doors.post(None, "sign_in", RIGHT)).status_code == 429


async def test_who_signs_in_rightly_is_never_slowed_down(doors: Doors) -> None:
    for _ in range(doors.desk.settings.sign_in_limit + 2):
        assert (await doors.post(None, "sign_in", RIGHT)).status_code == 200


async def lock(doors: Doors, name: str) -> str:
    """A session of this person that has locked by idleness."""
    cookie = await doors.sign_in(name)
    with doors.database() as connection:
        connection.execute("UPDATE session SET locks_at = 1 WHERE id = (SELECT max(id) FROM session)")
    return cookie


async def test_a_locked_session_shows_nothing_until_the_password_is_given(doors: Doors) -> None:
    cookie = await lock(doors, "dana")
    for path in ("me", "conversations", "people", "drafts"):
        answer = await doors.get(cookie, f"/api/{path}")
        assert (answer.status_code, answer.json()["error"]["code"]) == (423, "locked")
    assert (await doors.post(cookie, "find_people", {"search": ""})).status_code == 423
    assert (await doors.post(cookie, "active", {})).status_code == 423, "traffic does not unlock"
    assert (await doors.post(cookie, "unlock", {"password": "guessed"})).status_code == 401
    assert (await doors.get(cookie, "/api/me")).status_code == 423
    assert (await doors.post(cookie, "unlock", {"password": PASSWORD})).status_code == 200
    assert (await doors.get(cookie, "/api/me")).status_code == 200


async def test_guessing_at_the_lock_is_slowed_down(doors: Doors) -> None:
    cookie = await lock(doors, "dana")
    for _ in range(doors.desk.settings.sign_in_limit):
        assert (await doors.post(cookie, "unlock", {"password": "guessed"})).status_code == 401
    assert (await doors.post(cookie, "unlock", {"password": PASSWORD})).status_code == 429


async def test_a_locked_session_can_still_sign_out(doors: Doors) -> None:
    cookie = await lock(doors, "dana")
    assert (await doors.post(cookie, "sign_out", {})).status_code == 200
    assert (await doors.post(cookie, "unlock", {"password": PASSWORD})).status_code == 401


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "username"),
        ({"username": "dana"}, "password"),
        ({"username": 7, "password": "x"}, "username"),
        (RIGHT | {"admin": True}, "admin"),
        ({"username": "d" * 201, "password": "x"}, "username"),
    ],
)
async def test_a_sign_in_that_cannot_be_understood_says_where(doors: Doors, body: dict[str, Any], field: str) -> None:
    answer = await doors.post(None, "sign_in", body)
    assert (answer.status_code, answer.json()["error"]["field"]) == (400, field)


async def test_with_a_second_factor_the_password_alone_opens_nothing(doors: Doors) -> None:
    cookie = doors.practice.cookies["dana"]
    secret = (await doors.post(cookie, "start_totp", {})).json()["secret"]
    assert (await doors.post(cookie, "confirm_totp", {"code": pyotp.TOTP(secret).now()})).status_code == 200
    half = await doors.post(None, "sign_in", RIGHT)
    assert (half.status_code, half.json()) == (202, {"second_factor": True})
    assert list(half.cookies) == ["session-pending"]
    pending = half.cookies["session-pending"]
    assert (await doors.get(pending, "/api/me")).status_code == 401, "what waits for its code is no session"
    wrong = await doors.post(None, "confirm_sign_in", {"code": "000000"}, Cookie=f"session-pending={pending}")
    assert wrong.status_code == 400
    forged = await doors.post(None, "confirm_sign_in", {"code": "000000"}, Cookie=f"session-pending={pending[::-1]}")
    assert forged.status_code == 401
