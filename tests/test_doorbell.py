"""The doorbell over a real Redis: heard in other processes, never needed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import anyio
import pytest
from redis.asyncio import Redis

from chat import doorbell
from chat.doorbell import HouseBell, RedisBell
from tests.services.redis import RedisServer, redis


@dataclass
class Ear:
    """What one process hears: whom, each time."""

    bell: RedisBell
    connected: list[int]
    heard: list[set[int]] = field(default_factory=list)
    asked: int = 0

    def hear(self, people: Iterable[int]) -> None:
        self.heard.append(set(people))

    def everybody(self) -> list[int]:
        self.asked += 1
        return self.connected


async def until(condition: Callable[[], bool]) -> None:
    """Wait for what happens in Redis or in the other process; fails when it does not come."""
    with anyio.fail_after(20):
        while True:
            if condition():
                return
            await anyio.sleep(0.005)


@asynccontextmanager
async def process(url: str, *people: int) -> AsyncIterator[Ear]:
    """A process with sockets of these people, once Redis has confirmed that it listens for them."""
    bell = RedisBell(url)
    ear = Ear(bell, list(people))
    for person in people:
        bell.listen(person)
    await bell.start(ear.hear, ear.everybody)
    try:
        await until(lambda: set(people) <= union(ear) and bell.connected)
        ear.heard.clear()
        yield ear
    finally:
        await bell.stop()


def union(ear: Ear) -> set[int]:
    return set().union(*ear.heard)


async def test_a_ring_is_heard_in_the_other_process_for_its_people_only(redis_server: RedisServer) -> None:
    async with process(redis_server.url, 1, 2) as here, process(redis_server.url, 2, 3) as there:
        here.bell.ring([2, 3, 99])
        await until(lambda: union(there) == {2, 3})
        there.bell.ring([1])
        await until(lambda: union(here) == {1})
        assert union(there) == {2, 3}


async def test_one_does_not_hear_ones_own_ring(redis_server: RedisServer) -> None:
    async with process(redis_server.url, 7, 8) as here, process(redis_server.url, 7, 8) as there:
        here.bell.ring([7])
        await until(lambda: union(there) == {7})
        there.bell.ring([8])  # said after the 7: whoever heard it would have heard the 7 before
        await until(lambda: 8 in union(here))
        assert (union(here), union(there)) == ({8}, {7})


async def test_who_is_first_connected_later_is_heard_of_from_then_on(redis_server: RedisServer) -> None:
    async with process(redis_server.url, 1) as here, process(redis_server.url, 1) as there:
        there.bell.listen(5)
        await until(lambda: union(there) == {5})  # what changed before the subscription took effect is looked for
        there.heard.clear()
        here.bell.ring([5])
        await until(lambda: union(there) == {5})


async def test_who_has_left_is_not_heard_of(redis_server: RedisServer) -> None:
    async with process(redis_server.url, 1, 2) as here, process(redis_server.url, 1, 2) as there:
        there.bell.forget(2)
        async with Redis.from_url(redis_server.url) as client:
            await until_subscribers(client, "person:2", 1)
        here.bell.ring([2])
        here.bell.ring([1])
        await until(lambda: 1 in union(there))
        assert union(there) == {1}


async def until_subscribers(client: Redis, channel: str, number: int) -> None:
    """Wait until so many processes listen to a channel."""
    with anyio.fail_after(20):
        while True:
            if (await client.pubsub_numsub(channel))[0][1] == number:
                return
            await anyio.sleep(0.005)


async def test_rings_that_gather_go_as_one(redis_server: RedisServer) -> None:
    async with process(redis_server.url, *range(1, 101)) as there, process(redis_server.url) as here:
        for person in range(1, 101):
            here.bell.ring([person])
            here.bell.ring([person])
        await until(lambda: len(union(there)) == 100)
        assert sum(len(people) for people in there.heard) == 100
        assert len(there.heard) < 10  # what comes together is passed on together


async def test_nothing_of_a_mailbox_is_said(redis_server: RedisServer) -> None:
    async with Redis.from_url(redis_server.url) as client, client.pubsub() as spy:
        await spy.psubscribe("*")
        await spy.get_message(timeout=5)
        async with process(redis_server.url, 4) as here:
            here.bell.ring([4])
            message = await spy.get_message(ignore_subscribe_messages=True, timeout=5)
        assert message
        assert message["channel"] == b"person:4"
        assert message["data"] == here.bell._name.encode()


@pytest.mark.filterwarnings("default")
async def test_after_redis_was_killed_and_came_back_everybody_is_looked_for_and_heard_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with redis() as server:
        async with process(server.url, 1, 2) as here, process(server.url, 1, 2) as there:
            asked = there.asked
            server.kill()
            here.bell.ring([1])  # returns at once, whatever Redis does
            await until(lambda: there.asked > asked and "did not take a ring" in caplog.text)
            assert union(there) >= {1, 2}
            server.restart()
            async with Redis.from_url(server.url) as client:
                for person in (1, 2):
                    await until_subscribers(client, f"person:{person}", 2)
            await until(lambda: there.bell.connected)
            there.heard.clear()
            here.bell.ring([2])
            await until(lambda: 2 in union(there))
    assert "Redis is silent" in caplog.text


@pytest.mark.filterwarnings("default")
async def test_a_silent_redis_is_noticed_by_its_missing_answer(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(doorbell, "PING", 0.1)
    monkeypatch.setattr(doorbell, "TIMEOUT", 0.2)
    with redis() as server:
        async with process(server.url, 1) as here:
            asked = here.asked
            server.freeze()
            await until(lambda: here.asked > asked and "Redis is silent" in caplog.text)
            server.thaw()
            await until(lambda: here.bell.connected)


@pytest.mark.filterwarnings("default")
async def test_a_sender_without_redis_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    bell = RedisBell("redis://127.0.0.1:1/0")
    ear = Ear(bell, [1])
    bell.listen(1)
    await bell.start(ear.hear, ear.everybody)
    bell.ring([1])
    await until(lambda: "did not take a ring (ConnectionError)" in caplog.text and {1} in ear.heard)
    assert not bell.connected
    await bell.stop()


async def test_one_process_alone_has_nobody_else_to_tell() -> None:
    bell = HouseBell()
    heard: list[Iterable[int]] = []
    await bell.start(heard.append, lambda: [1])
    bell.listen(1)
    bell.ring([1])
    bell.forget(1)
    await bell.stop()
    assert heard == []
