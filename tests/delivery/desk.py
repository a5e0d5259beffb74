"""A runtime, a dispatcher and a way outwards that keeps what it gets, for the tests of delivery."""

from __future__ import annotations

import contextlib
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from email import message_from_bytes, policy
from uuid import uuid4

from sqlalchemy import text

from chat.actions.letters import Letter
from chat.actions.messages import SendMessage, send_messages
from chat.delivery.dispatch import Dispatcher
from chat.delivery.email import Composer, Sender
from chat.delivery.post import Mail, Post
from chat.lib import clock
from chat.lib.database import reading_engine, writing_engine
from chat.lib.ids import Ids
from chat.lib.signing import Signer
from chat.runtime import Runtime
from chat.transaction import Keys, Who
from tests.databases import RING
from tests.people import later

SECRET = bytes(range(32))
BASE = "https://messages.example.org"
COMPOSER = Composer(Sender(BASE, "messages.example.org", "no-reply@example.org"), SECRET, Ids(SECRET))


class Kept:
    """Takes every mail, unless told otherwise."""

    def __init__(self) -> None:
        self.mails: list[Mail] = []
        self.before: Callable[[Mail], None] = lambda _: None

    @asynccontextmanager
    async def counter(self) -> AsyncIterator[Kept]:
        """Open."""
        yield self

    async def deliver(self, mail: Mail) -> None:
        """Keep it."""
        self.before(mail)
        self.mails.append(mail)

    async def close(self) -> None:
        """Nothing to close."""


@asynccontextmanager
async def house_of(address: str) -> AsyncIterator[Runtime]:
    """A runtime over the database."""
    runtime = Runtime(writing_engine(address), reading_engine(address), Keys(RING))
    await runtime.start()
    try:
        yield runtime
    finally:
        await runtime.stop()


@asynccontextmanager
async def dispatching(
    runtime: Runtime, post: Post, compose: Callable[[Letter], Mail] = COMPOSER.compose
) -> AsyncIterator[Dispatcher]:
    """A dispatcher that hands everything to this post."""
    dispatcher = Dispatcher(runtime, {"email": post}, compose)
    try:
        yield dispatcher
    finally:
        await dispatcher.close()


async def everything(dispatcher: Dispatcher) -> None:
    """Let all leave that is due now."""
    while await dispatcher.step():
        await dispatcher.idle()
    await dispatcher.idle()


async def write(runtime: Runtime, author: Who, *to: Who, conversation: int | None = None) -> int:
    """Send a message; the answer is its conversation."""
    people = () if conversation else tuple(one.person for one in to)
    sent = await runtime.perform(send_messages, author, SendMessage(str(uuid4()), "canary", conversation, people))
    return int(sent["conversation"])


async def rows(runtime: Runtime, statement: str) -> list[tuple[object, ...]]:
    """Rows of the database as it stands."""
    return await runtime.ask(lambda reading: [tuple(row) for row in reading.connection.execute(text(statement))])


async def states(runtime: Runtime) -> list[tuple[object, ...]]:
    """State and reason of each alert."""
    return await rows(runtime, "SELECT state, error FROM alert ORDER BY id")


def at(seconds: float = 0, minutes: float = 0, hours: float = 0) -> contextlib.AbstractContextManager[None]:
    """The clock stands so long after noon."""
    return clock.frozen(later(seconds=seconds, minutes=minutes, hours=hours))


def word_of(mail: Mail) -> str:
    """The secret in the mail's quick link."""
    part = message_from_bytes(mail.content, policy=policy.default).get_body(("plain",))
    assert part is not None
    found = re.search(rf"{BASE}/q/(\S+)", part.get_content())
    assert found is not None
    read = Signer(SECRET).read("quick-link", found[1], 900)
    assert read is not None
    return read[0]
