"""What is killed, cut or restarted loses nothing, doubles nothing, and keeps the order."""

import asyncio
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.journeys.conftest import on_postgres
from tests.journeys.device import Device, device, same_as_fresh, visitor
from tests.journeys.servers import House, Practice, server
from tests.services.postgres import PostgresServer
from tests.services.redis import RedisServer, redis

pytestmark = pytest.mark.journey
BURST, BURSTS = 40, 5  # messages of each to each, and how often it is tried to kill a server in the middle of them
PATIENCE = 60.0


@contextmanager
def either(request: pytest.FixtureRequest, practice: Practice, where: str) -> Iterator[House]:
    """A practice that the test may do anything to."""
    if where == "SQLite":
        with server(practice) as house:
            yield house
    else:
        postgres: PostgresServer = request.getfixturevalue("postgres_server")
        with redis() as bells, on_postgres(practice, postgres, bells.url) as house:
            yield house


@pytest.mark.parametrize("where", ["SQLite", "PostgreSQL and Redis"])
async def test_after_kill_9_in_a_burst_every_acknowledged_message_is_there_exactly_once(
    request: pytest.FixtureRequest, practice: Practice, where: str
) -> None:
    with either(request, practice, where) as house:
        async with device(house, "ben") as ben, device(house, "dana", 1) as dana, device(house, "eli") as eli:
            for number in range(BURSTS):
                if await burst(house, ben, (dana, eli), f"burst {number}"):
                    return
    pytest.fail("no burst was cut short, so the test shows nothing")


async def burst(house: House, ben: Device, others: tuple[Device, ...], name: str) -> bool:
    """Everybody writes much at once, and the process dies meanwhile; whether it died before it had written down all."""
    everybody = (ben, *others)
    talks = {one.username: ben.direct_with(one.username.title()) for one in others}
    acknowledged: list[str] = []
    before: list[str] = []
    dead = asyncio.Event()

    async def write(one: Device, talk: str, number: int) -> None:
        body = f"{one.username} to {talk[:4]}: {name}, {number}"
        await one.send(talk, body)
        acknowledged.append(body)
        if len(acknowledged) == BURST:
            # Here, and not in a task that would have to wait for its turn: the server needs a moment for all of them.
            house.webs[0].kill()
            before.extend(acknowledged)
            for device in everybody:
                device.online.clear()  # nobody repeats anything yet
            dead.set()

    senders = [(ben, talks[one.username]) for one in others] + [(one, talks[one.username]) for one in others]
    writing = [asyncio.create_task(write(one, talk, number)) for one, talk in senders for number in range(BURST)]
    async with asyncio.timeout(PATIENCE):
        await dead.wait()
    await asyncio.to_thread(house.webs[0].start)
    async with device(house, "ben") as fresh:
        there = Counter(body for talk in talks.values() for body in fresh.bodies(talk) if name in body)
        assert max(there.values()) == 1, "an unknown one is there at most once"
        assert [there[body] for body in before] == [1] * len(before)
    for one in everybody:
        one.online.set()
    await asyncio.gather(*writing)
    for other in others:
        talk = talks[other.username]
        every = [f"{who} to {talk[:4]}: {name}, {number}" for who in ("ben", other.username) for number in range(BURST)]
        for one in (ben, other):
            await one.has(talk, *every)
            assert sorted(one.bodies(talk)[-2 * BURST :]) == sorted(every)
        assert ben.bodies(talk) == other.bodies(talk)
    for one in everybody:
        await same_as_fresh(house, one)
    return sum(there.values()) < len(writing)


async def test_a_restart_under_load_closes_with_1012_and_loses_or_refuses_nothing(own_house: House) -> None:
    async with device(own_house, "ben") as ben, device(own_house, "dana") as dana:
        talk = ben.direct_with("Dana")
        sent = [asyncio.create_task(ben.send(talk, f"Ben {number}")) for number in range(3 * BURST)]
        sent += [asyncio.create_task(dana.send(talk, f"Dana {number}")) for number in range(3 * BURST)]
        await dana.until(lambda one: len([frame for frame in one.frames if "done" in frame]) > 5)
        await asyncio.to_thread(own_house.webs[0].restart)
        await asyncio.gather(*sent)  # a refusal would be raised here
        every = [f"{who} {number}" for who in ("Ben", "Dana") for number in range(3 * BURST)]
        for one in (ben, dana):
            await one.has(talk, *every)
            assert sorted(one.bodies(talk)[-6 * BURST :]) == sorted(every)
            assert one.closes == [1012]
            await same_as_fresh(own_house, one)


async def test_restarting_one_process_after_the_other_loses_and_refuses_nothing(
    practice: Practice, postgres_server: PostgresServer, redis_server: RedisServer
) -> None:
    with on_postgres(practice, postgres_server, redis_server.url) as house:
        async with device(house, "ben", 0) as ben, device(house, "dana", 1) as dana:
            talk, over = ben.direct_with("Dana"), asyncio.Event()
            before = len(dana.bodies(talk))
            writing = [asyncio.create_task(write_until(over, one, talk)) for one in (ben, dana)]
            for process, one in zip(house.webs, (ben, dana), strict=True):
                await one.until(lambda it: it.unconfirmed)  # in the midst of it
                await asyncio.to_thread(process.restart)
            await dana.until(lambda it: len(it.bodies(talk)) > before + BURST)  # and on, however slow the machine is
            over.set()
            every = [body for bodies in await asyncio.gather(*writing) for body in bodies]  # a refusal would be raised here
            assert len(every) > BURST, "they went on writing, or the test shows nothing"
            for one in (ben, dana):
                await one.has(talk, *every)
                assert sorted(one.bodies(talk)[-len(every) :]) == sorted(every), "all came, and nothing twice"
                assert one.closes == [1012]
            assert ben.bodies(talk) == dana.bodies(talk)


async def write_until(over: asyncio.Event, one: Device, talk: str) -> list[str]:
    """One message after the other, and some at a time, until it is over; what was acknowledged."""
    sent: list[str] = []
    while not over.is_set():
        some = [f"{one.username} {len(sent) + number}" for number in range(4)]
        await asyncio.gather(*(one.send(talk, body) for body in some))
        sent += some
    return sent


async def test_without_redis_messages_arrive_and_with_it_again_they_are_rung(
    practice: Practice, postgres_server: PostgresServer
) -> None:
    with redis() as bells, on_postgres(practice, postgres_server, bells.url) as house:
        async with device(house, "ben", 0) as ben, device(house, "dana", 1) as dana:
            talk = ben.direct_with("Dana")
            await ben.send(talk, "Before.")
            await dana.has(talk, "Before.")
            bells.kill()
            for number in range(5):
                await ben.send(talk, f"Without {number}")
            await dana.has(talk, *(f"Without {number}" for number in range(5)))
            bells.restart()
            # By the sweep alone, each of these would take up to four seconds, and all of them longer than the test waits.
            await asyncio.wait_for(one_after_the_other(ben, dana, talk, 12), 25)
            for one in (ben, dana):
                await same_as_fresh(house, one, 1)


async def one_after_the_other(author: Device, reader: Device, talk: str, count: int) -> None:
    """Each message is written when the one before it has arrived."""
    for number in range(count):
        await author.send(talk, f"Again {number}")
        await reader.has(talk, f"Again {number}")


async def test_a_second_server_on_the_same_folder_is_refused_in_a_sentence(own_house: House, practice: Practice) -> None:
    settings = practice.environment(data=str(own_house.folder / "data"), port="0")
    command = [sys.executable, "-m", "chat", "serve"]
    process = await asyncio.create_subprocess_exec(*command, env=settings, stderr=asyncio.subprocess.PIPE)
    _, words = await process.communicate()
    assert process.returncode == 1
    assert words.decode().strip().endswith("Stop it first, or use PostgreSQL.")
    assert len(words.decode().splitlines()) == 1
    async with visitor(own_house, "ben") as ben:
        assert (await ben.get("/api/me"))["name"] == "Ben Larsen"
