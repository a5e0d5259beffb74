"""How fast somebody may go: at one process, over several, and what they are told."""

from __future__ import annotations

import time
import uuid
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from limits.aio.storage import RedisStorage
from redis.exceptions import RedisError

from chat.settings import Settings
from chat.web import pace
from chat.web.answers import DoorError
from chat.web.pace import Pace, Paces, hang_up, redis_storage, seconds_to_wait, share
from chat.web.throttle import Throttle
from tests.services.redis import RedisServer
from tests.web.doors import Doors, Practice, open_doors
from tests.web.practice import picture

START = 1_800_000_000.0  # the first second of a minute
LIMITED: dict[str, Any] = {"limits": "on"}


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Set the clock of the counters to so many seconds after START."""

    def move(seconds: float) -> None:
        monkeypatch.setattr("time.time", lambda: START + seconds)

    move(0)
    return move


def wait(one: Pace, key: int | str = 1) -> int:
    """How long the next has to wait; 0, and it is counted, if it fits."""
    try:
        one.take(key)
    except DoorError as error:
        return error.retry_after or -1
    return 0


def test_so_many_fit_into_a_minute_and_each_key_has_its_own(at: Callable[[float], None]) -> None:
    one = Pace("things", 3)
    assert [wait(one) for _ in range(3)] == [0, 0, 0]
    assert wait(one) > 0
    assert wait(one, 2) == 0
    one.look(2)
    with pytest.raises(DoorError, match="more than 3 things a minute"):
        one.look(1)


@pytest.mark.parametrize("begin", [0.0, 29.5, 59.9])
@pytest.mark.parametrize("limit", [1, 3, 60, 1_000])
def test_whoever_waits_as_long_as_told_comes_in_and_not_much_sooner(
    at: Callable[[float], None], limit: int, begin: float
) -> None:
    one = Pace("things", limit)
    at(begin)
    assert not any(wait(one) for _ in range(limit))
    told = wait(one)
    at(begin + told - 1.5)
    assert wait(one) > 0 or told == 1, "it was no longer than needed"
    at(begin + told)
    assert wait(one) == 0


def test_a_new_minute_does_not_open_the_door_twice(at: Callable[[float], None]) -> None:
    one = Pace("things", 100)
    at(59)
    assert not any(wait(one) for _ in range(100))
    at(61)
    fitted = sum(wait(one) == 0 for _ in range(100))
    assert 0 < fitted < 5


def test_what_lies_long_ago_is_forgotten(at: Callable[[float], None]) -> None:
    one = Pace("things", 2)
    assert [wait(one) for _ in range(3)][-1] > 0
    at(300)
    assert wait(one) == 0
    assert len(one._before) + len(one._now) == 1, "memory holds two minutes"


def test_nothing_is_counted_where_there_is_no_limit() -> None:
    one = Pace("things", 0, shared=True)
    assert not any(wait(one) for _ in range(1_000))
    one.look(1)
    assert (one.told, one._now) == ({}, {})


def test_seconds_to_wait_by_hand() -> None:
    assert seconds_to_wait(10, 0, 30, 9) == 0
    assert seconds_to_wait(10, 0, 30, 10) == 31, "the minute ends, and then the tenth fades"
    assert seconds_to_wait(10, 60, 30, 0) == 21, "a sixth of sixty is left when ten seconds are"


@pytest.fixture
async def storage(redis_server: RedisServer) -> AsyncIterator[RedisStorage]:
    """Counters in a real Redis."""
    found = redis_storage(redis_server.url)
    yield found
    await hang_up(found)


async def test_only_what_nears_its_limit_is_told_and_then_it_holds_everywhere(storage: RedisStorage) -> None:
    here, there = (Pace(f"things {time.time()}", 100, shared=True) for _ in range(2))
    there.name = here.name
    assert [wait(here) for _ in range(9)] == [0] * 9
    assert here.told == {}, "who types is not heard of outside"
    for one, count in ((here, 51), (there, 60)):
        assert not any(wait(one) for _ in range(count))
        await share([one], storage)
    assert wait(there) > 0, "60 + 60 are more than 100"
    wait(here)
    await share([here], storage)
    assert wait(here) > 0
    assert here.told == {}


async def test_without_redis_each_process_counts_for_itself() -> None:
    settings = Settings(redis_url="redis://127.0.0.1:1/0", limits="on", send_limit=2)
    paces = Paces(settings)
    with patch.object(pace, "EVERY", 0.0):
        paces.start()
        assert [wait(paces.sends) for _ in range(3)][:2] == [0, 0]
        with pytest.raises((RedisError, OSError)):
            await share([paces.sends], redis_storage(settings.redis_url))
        assert wait(paces.sends) > 0
        await paces.stop()


async def test_guesses_are_counted_over_all_processes(storage: RedisStorage) -> None:
    key = str(uuid.uuid4())
    here, there = Throttle(3, storage), Throttle(3, storage)
    for one in (here, there, here):
        await one.check(key)
        await one.failed(key)
    for one in (here, there):
        with pytest.raises(DoorError) as refused:
            await one.check(key)
        assert 60 <= (refused.value.retry_after or 0) <= 81, "a minute, and until a third has faded"


async def test_guesses_without_redis_are_counted_by_each_process() -> None:
    alone = Throttle(2, redis_storage("redis://127.0.0.1:1/0"))
    for _ in range(2):
        await alone.check("x")
        await alone.failed("x")
    with pytest.raises(DoorError):
        await alone.check("x")


async def say(doors: Doors, cookie: str, body: str = "x") -> Any:
    to = [doors.person("dana")]
    return await doors.post(cookie, "send_message", {"key": str(uuid.uuid4()), "to": to, "body": body})


async def test_who_sends_too_fast_is_told_how_long_to_wait(practice: Practice, tmp_path: Path) -> None:
    async with open_doors(practice, tmp_path, send_limit=2, **LIMITED) as doors:
        ben = practice.cookies["ben"]
        assert [(await say(doors, ben)).status_code for _ in range(3)] == [200, 200, 429]
        refused = await say(doors, ben)
        assert int(refused.headers["retry-after"]) == refused.json()["error"]["seconds"] > 0
        assert refused.json()["error"]["code"] == "too_many"
        assert (await doors.post(ben, "find_people", {"search": ""})).status_code == 200, "only sends are slowed down"
        assert (await say(doors, practice.cookies["cleo"])).status_code in (200, 404), "and only theirs"


async def test_a_socket_that_is_too_fast_is_refused_with_the_seconds_and_goes_on_living(
    practice: Practice, tmp_path: Path
) -> None:
    async with open_doors(practice, tmp_path, command_limit=3, **LIMITED) as doors:
        with patch("chat.web.socket.PENALTY", 0):
            async with doors.socket(practice.cookies["ben"]) as socket:
                answers = [await socket.do("find_people", str(number), {"search": ""}) for number in range(5)]
                assert ["done" in answer for answer in answers] == [True] * 3 + [False] * 2
                error = answers[-1]["error"]
                assert (error["code"], error["seconds"] > 0) == ("too_many", True)
                assert (await doors.post(practice.cookies["ben"], "find_people", {"search": ""})).status_code == 429
                assert (await doors.post(practice.cookies["dana"], "find_people", {"search": ""})).status_code == 200


async def test_a_session_that_connects_too_often_is_refused_before_it_costs_anything(practice: Practice, tmp_path: Path) -> None:
    async with open_doors(practice, tmp_path, socket_limit=2, **LIMITED) as doors:
        for _ in range(2):
            async with doors.socket(practice.cookies["ben"]) as socket:
                assert socket.accepted
        async with doors.socket(practice.cookies["ben"]) as socket:
            assert not socket.accepted
        async with doors.socket(practice.cookies["dana"]) as socket:
            assert socket.accepted


def test_a_session_has_a_bounded_number_of_sockets(at: Callable[[float], None]) -> None:
    paces = Paces(Settings(limits="on", socket_limit=2))
    with paces.connection(1), paces.connection(1):
        at(200)
        with pytest.raises(DoorError, match="More than 2 tabs"), paces.connection(1):
            pass
        with paces.connection(2):
            pass
    assert paces._open == {}


async def test_uploads_have_a_pace(practice: Practice, tmp_path: Path) -> None:
    async with open_doors(practice, tmp_path, upload_limit=1, **LIMITED) as doors:
        codes = [
            (await doors.ask(practice.cookies["ben"], "PUT", "/api/attachments", picture(), X_Filename="a.png")).status_code
            for _ in range(2)
        ]
        assert codes == [200, 429]


async def test_who_tries_links_is_slowed_down_with_a_page_that_says_so(practice: Practice, tmp_path: Path) -> None:
    async with open_doors(practice, tmp_path, link_limit=2) as doors:
        pages = [await doors.get(None, "/q/guessed") for _ in range(3)]
        assert [page.status_code for page in pages] == [410, 410, 429]
        assert "Please wait a moment" in pages[-1].text
        wait = pages[-1].headers["retry-after"]
        assert f"Wait {wait} {'second' if wait == '1' else 'seconds'}, " in pages[-1].text
        for name in ("look_at_link", "reset_password"):
            answer = await doors.post(None, name, {"token": "x", **({"password": "a long word"} if name[0] == "r" else {})})
            assert answer.status_code == 429


async def test_a_guessed_link_is_counted_where_a_password_is_chosen(practice: Practice, tmp_path: Path) -> None:
    async with open_doors(practice, tmp_path, link_limit=2) as doors:
        with patch("chat.web.passwords.hashed", side_effect=AssertionError("nothing is hashed for a guess")):
            codes = [
                (await doors.post(None, "reset_password", {"token": "guess", "password": "a long word"})).status_code
                for _ in range(3)
            ]
        assert codes == [403, 403, 429]


async def test_in_development_load_tools_are_not_held_up(doors: Doors) -> None:
    assert not doors.desk.settings.limited
    assert doors.desk.paces.sends.per_minute == doors.desk.paces.commands.per_minute == 0
    assert Settings(environment="production").limited
    assert not Settings(environment="production", limits="off").limited
    assert doors.desk.paces.links.per_minute > 0
