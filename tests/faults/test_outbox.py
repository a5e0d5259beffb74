"""A worker dies at every point of an alert's way out; another finds what it left."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from chat.actions.alerts import LEASE
from chat.actions.quick_links import Opening, open_quick_link
from chat.delivery.outbox import Outbox
from chat.delivery.post import Mail
from chat.lib import clock
from tests.databases import Template
from tests.delivery.desk import at, dispatching, everything, house_of, states, word_of, write
from tests.faults.outbox_worker import POINTS, PROGRAM
from tests.people import later
from tests.services.nursery import nursery

DUE = later(seconds=10)
#: Where the mail has left but nobody could note it: the one point at which it leaves twice.
TWICE = {"after hand-over", "before settle"}


def mails(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.eml"))


def worker(address: str, folder: Path, point: str) -> int:
    forked = nursery(PROGRAM).fork([address, str(folder), str(DUE), point], dict(os.environ), folder.with_name("worker.log"))
    return forked.wait(60)


@pytest.mark.journey
@pytest.mark.parametrize("point", POINTS)
async def test_a_worker_may_die_anywhere_and_the_mail_leaves_all_the_same(
    address: str, template: Template, tmp_path: Path, point: str
) -> None:
    async with house_of(address) as runtime:
        with at():
            conversation = await write(runtime, template.cast["ben"], template.cast["dana"])
    folder = tmp_path / "outbox"
    assert worker(address, folder, point) == -signal.SIGKILL
    left = len(mails(folder))
    assert left == (1 if point in TWICE | {"after settle"} else 0)
    async with house_of(address) as runtime, dispatching(runtime, Outbox(folder)) as sound:
        with clock.frozen(DUE + LEASE - 1):
            await everything(sound)
            assert len(mails(folder)) == (1 if point == "before claim" else left), "a lease keeps others away"
        with clock.frozen(DUE + LEASE):
            await everything(sound)
            assert await states(runtime) == [("sent", None)]
            names = {path.stem.partition("-")[2] for path in mails(folder)}
            assert (len(mails(folder)), len(names)) == (2 if point in TWICE else 1, 1), "one Message-ID for all attempts"
            newest = word_of(Mail("", "", mails(folder)[-1].read_bytes()))
            opened = await runtime.perform(open_quick_link, None, Opening(newest))
            assert opened.conversation == conversation
            if point in TWICE:
                first = word_of(Mail("", "", mails(folder)[0].read_bytes()))
                assert await runtime.perform(open_quick_link, None, Opening(first)) is None, "the newer link ends the older"
