"""Messages reach every device of everybody they are for, and nobody else."""

import asyncio
import uuid
from contextlib import AsyncExitStack

import pytest

from tests.journeys.device import Device, device, same_as_fresh, visitor
from tests.journeys.servers import House

pytestmark = pytest.mark.journey


async def test_a_message_arrives_on_every_device_of_both_with_the_right_counters(house: House) -> None:
    async with (
        device(house, "ben", 0) as desktop,
        device(house, "ben", 1) as phone,
        device(house, "dana", 0) as laptop,
        device(house, "dana", 1) as tablet,
    ):
        talk = desktop.direct_with("Dana")
        before = laptop.unread
        await desktop.send(talk, "How was the week?")
        for one in (desktop, phone, laptop, tablet):
            await one.has(talk, "How was the week?")
        assert laptop.unread == tablet.unread == before + 1
        assert laptop.rows[talk]["unread"] == tablet.rows[talk]["unread"] == 1
        for one in (desktop, phone, laptop, tablet):
            await same_as_fresh(house, one)


async def test_what_one_device_does_the_other_shows(house: House) -> None:
    async with device(house, "dana", 0) as laptop, device(house, "dana", 1) as tablet, device(house, "ben", 1) as ben:
        talk = laptop.direct_with("Ben")
        seq = await ben.send(talk, "Shall we say Friday?")
        await tablet.has(talk, "Shall we say Friday?")
        await laptop.do("mark_read", conversation=talk, seq=seq)
        await tablet.until(lambda one: one.unread == 0 and one.rows[talk]["unread"] == 0)
        await ben.until(lambda one: [mark["through"] for mark in one.rows[talk]["reads"]][-1] == seq)
        await tablet.do("move_to_trash", conversations=[talk])
        await laptop.until(lambda one: one.rows[talk]["folders"] == ["trash"])
        await ben.send(talk, "Or Monday?")
        for one in (laptop, tablet):
            await one.until(lambda one: one.rows[talk]["folders"] == ["inbox", "sent"] and one.unread == 1)
            await same_as_fresh(house, one)


async def test_a_device_catches_up_after_a_lost_connection_without_hole_or_double(house: House) -> None:
    async with device(house, "dana", 0) as dana, device(house, "ben", 1) as ben:
        talk = ben.direct_with("Dana")
        dana.cut()
        written = asyncio.create_task(dana.send(talk, "Written on the train."))
        lines = [f"Line {number}" for number in range(1, 46)]  # more than a change brings: the gap must be asked for
        for line in lines:
            await ben.send(talk, line)
        dana.online.set()
        await written
        for one in (dana, ben):
            await one.has(talk, *lines, "Written on the train.")
            assert one.bodies(talk)[-46:] == [*lines, "Written on the train."]
            await same_as_fresh(house, one)
            assert sorted(one.messages[talk]) == list(range(1, one.rows[talk]["visible"] + 1))


async def test_a_device_that_only_listens_catches_up_by_its_cursor(house: House) -> None:
    async with device(house, "dana", 0) as dana, device(house, "ben", 1) as ben:
        talk = ben.direct_with("Dana")
        dana.cut()
        for number in range(3):
            await ben.send(talk, f"While you were away {number}")
        dana.online.set()
        await dana.has(talk, *(f"While you were away {number}" for number in range(3)))
        await same_as_fresh(house, dana)


async def test_many_write_at_once_and_everybody_sees_one_order(house: House) -> None:
    async with AsyncExitStack() as open_devices:
        ben, dana, eli = [
            await open_devices.enter_async_context(device(house, name, web)) for web, name in enumerate(("ben", "dana", "eli"))
        ]
        talks = {one.username: one.direct_with("Ben") for one in (dana, eli)}

        async def write(one: Device, talk: str) -> None:
            await asyncio.gather(*(one.send(talk, f"{one.username} {talk[:4]} {number}") for number in range(25)))

        await asyncio.gather(write(dana, talks["dana"]), write(eli, talks["eli"]), *(write(ben, talk) for talk in talks.values()))
        for other, talk in ((dana, talks["dana"]), (eli, talks["eli"])):
            everything = [f"{who} {talk[:4]} {number}" for who in ("ben", other.username) for number in range(25)]
            for one in (ben, other):
                await one.has(talk, *everything)
            assert ben.bodies(talk) == other.bodies(talk)
            assert sorted(ben.bodies(talk)[-50:]) == sorted(everything)
            own = [body for body in ben.bodies(talk)[-50:] if body.startswith("ben")]
            assert own == [f"ben {talk[:4]} {number}" for number in range(25)], "one person's messages keep their order"


async def test_outsiders_get_nothing_of_it(house: House) -> None:
    secret = "The canary sings at noon."
    async with AsyncExitStack() as open_devices:
        names = ("ben", "dana", "eli", "cleo", "fay", "hal", "kim", "jon", "ada")
        people = {name: await open_devices.enter_async_context(device(house, name, at)) for at, name in enumerate(names)}
        ben, dana = people["ben"], people["dana"]
        talk = ben.direct_with("Dana")
        await ben.send(talk, secret)
        await dana.has(talk, secret)
        # Each outsider's line is proved to be open by something of their own that comes after it.
        own = [
            ("ben", "Eli", "eli"),
            ("cleo", "Fay", "fay"),
            ("fay", "Cleo", "cleo"),
            ("jon", "Kim", "kim"),
            ("kim", "Jon", "jon"),
        ]
        for author, other, reader in [*own, ("ben", "Ada", "ada")]:
            here = await begin(people[author], other)
            await people[author].send(here, "Only for you.")
            await people[reader].has(here, "Only for you.")
        for name in ("eli", "cleo", "fay", "hal", "kim", "jon", "ada"):
            assert secret not in str(people[name].frames)
            assert talk not in str(people[name].frames)
            assert talk not in people[name].rows
            answer = await people[name].http.get(f"/api/conversations/{talk}/messages")
            absent = await people[name].http.get(f"/api/conversations/{'A' * 22}/messages")
            assert (answer.status_code, answer.text) == (404, absent.text)
        assert secret not in house.log()


async def begin(author: Device, name: str) -> str:
    """The author's direct conversation with somebody of their people, begun if there is none."""
    found = (await author.http.post("/api/find_people", json={"search": name})).json()["people"]
    sent = await author.do("send_message", to=[found[0]["id"]], body="A word.")
    return str(sent["conversation"])


async def test_the_same_key_brings_the_first_answer_again_from_any_process(house: House) -> None:
    key = str(uuid.uuid4())
    async with device(house, "ben", 0) as ben, visitor(house, "ben", 1) as elsewhere:
        talk = ben.direct_with("Dana")
        first = await ben.do("send_message", key=key, conversation=talk, body="Once.")
        command = {"key": key, "conversation": talk, "body": "Once."}
        again = await elsewhere.http.post("/api/send_message", json=command)
        other = await elsewhere.http.post("/api/send_message", json=command | {"body": "Twice."})
        assert (again.status_code, again.json()) == (200, first)
        assert (other.status_code, other.json()["error"]["code"]) == (409, "conflict")
        await ben.has(talk, "Once.")
        assert ben.bodies(talk).count("Once.") == 1
