"""A message on its way by mail servers that behave badly: it arrives once, as soon as it can, with a link that opens."""

from __future__ import annotations

import asyncio
import os
import re
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from chat.actions.quick_links import Opening, open_quick_link
from chat.delivery import smtp as door
from chat.delivery.post import Mail
from chat.delivery.smtp import MailServer, Smtp
from tests.databases import Template
from tests.delivery.desk import at, dispatching, everything, house_of, rows, states, word_of, write
from tests.delivery.rough import Rough, rough
from tests.faults.outbox_worker import PROGRAM as OUTBOX_WORKER
from tests.people import later
from tests.services.nursery import nursery

pytestmark = pytest.mark.journey


def to(server: Rough) -> Smtp:
    """The way to this server."""
    return Smtp(MailServer.of(f"smtp://127.0.0.1:{server.port}?tls=none"), "no-reply@example.org", "messages.example.org")


def names_in(folder: Path) -> list[str]:
    """Who has got a mail, as often as they did."""
    found = [re.search(r"^To: (\w+)@", path.read_text("ascii"), re.MULTILINE) for path in folder.glob("*.eml")]
    return sorted(name[1] for name in found if name)


async def a_byte_at_a_time(writer: asyncio.StreamWriter, text: bytes) -> None:
    """Each byte comes in time; the whole would take for ever."""
    for place in range(len(text)):
        writer.write(text[place : place + 1])
        await asyncio.sleep(0.02)


async def never(writer: asyncio.StreamWriter, text: bytes) -> None:
    """Takes the connection and says nothing."""
    await asyncio.Event().wait()


ROUGH = {
    "greylisting": ({"RCPT": "451 come again in a while"}, None, "later 451"),
    "full": ({"DATA": "452 no room"}, None, "later 452"),
    "refusing us": ({"MAIL": "530 sign in first"}, None, "server 530"),
    "hanging up at the recipient": ({"RCPT": ""}, None, "unreachable"),
    "hanging up at the text": ({"DATA": ""}, None, "unreachable"),
    "stalling": ({}, never, "unreachable"),
    "a byte at a time": ({}, a_byte_at_a_time, "unreachable"),
}


@pytest.mark.parametrize("way", ROUGH)
async def test_it_waits_for_a_server_that_behaves_and_arrives_once(
    address: str, template: Template, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    answers, say, reason = ROUGH[way]
    async with house_of(address) as runtime, rough(answers=answers, say=say) as server:
        with at():
            conversation = await write(runtime, template.cast["ben"], template.cast["dana"])
        with monkeypatch.context() as hurried:
            if say is not None:  # otherwise it answers, and a machine that has more to do may take its time
                hurried.setattr(door, "CONNECTING", 0.2)
                hurried.setattr(door, "HANDING", 0.3)
            async with dispatching(runtime, to(server)) as dispatcher:
                with at(seconds=10):
                    await everything(dispatcher)
        assert (await states(runtime), server.taken) == ([("waiting", reason)], [])
        server.answers, server.say = {}, None
        # The server was left alone for a while; another worker knows nothing of that.
        async with dispatching(runtime, to(server)) as dispatcher:
            with at(minutes=20):
                await everything(dispatcher)
        assert await states(runtime) == [("sent", None)]
        (taken,) = server.taken
        with at(minutes=34):
            opened = await runtime.perform(open_quick_link, None, Opening(word_of(Mail("", "", taken))))
        assert opened.conversation == conversation, "its quarter of an hour began when it left"


async def test_a_server_that_hangs_up_after_taking_the_mail_gets_it_once(address: str, template: Template) -> None:
    async with house_of(address) as runtime, rough(answers={"hang up": "221"}) as server:
        with at():
            await write(runtime, template.cast["ben"], template.cast["dana"])
        async with dispatching(runtime, to(server)) as dispatcher:
            for minutes in (1, 20, 300):
                with at(minutes=minutes):
                    await everything(dispatcher)
        assert (await states(runtime), len(server.taken)) == ([("sent", None)], 1)


async def test_one_whom_the_server_refuses_is_marked_and_keeps_no_other_waiting(address: str, template: Template) -> None:
    cast = template.cast
    async with house_of(address) as runtime, rough(answers={"RCPT TO:<DANA@": "550 no such person"}) as server:
        with at():
            await write(runtime, cast["ben"], cast["dana"])
            await write(runtime, cast["ben"], cast["eli"])
        async with dispatching(runtime, to(server)) as dispatcher:
            for seconds in (10, 20):
                with at(seconds=seconds):
                    await everything(dispatcher)
        assert await states(runtime) == [("failed", "refused 550"), ("sent", None)]
        (mail,) = server.taken
        assert message_from_bytes(mail, policy=policy.default)["To"] == "eli@example.org"
        marked = await rows(runtime, "SELECT username FROM person WHERE mail_failed_at IS NOT NULL")
        assert marked == [("dana",)]


async def test_two_worker_processes_at_once_send_each_mail_once(address: str, template: Template, tmp_path: Path) -> None:
    if template.kind == "sqlite":
        pytest.skip("on SQLite one process does it all")
    cast = template.cast
    async with house_of(address) as runtime:
        with at():
            for author, reader in (("ben", "dana"), ("ben", "eli"), ("cleo", "fay"), ("jon", "kim")):
                await write(runtime, cast[author], cast[reader])
        given, log = [address, str(tmp_path), str(later(seconds=10)), "nowhere"], tmp_path / "workers.log"
        workers = [nursery(OUTBOX_WORKER).fork(given, dict(os.environ), log) for _ in range(2)]
        assert [await asyncio.to_thread(worker.wait, 60) for worker in workers] == [0, 0], log.read_text()
        assert await states(runtime) == [("sent", None)] * 4
    assert names_in(tmp_path) == ["dana", "eli", "fay", "kim"]
