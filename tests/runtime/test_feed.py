"""The thread that reads what changed: it answers whatever happens, or the process ends."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import threading
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from chat.lib.database import reading_engine, writing_engine
from chat.runtime.feed import Feed
from chat.runtime.lane import Unavailable, Work
from chat.runtime.writer import Writer
from chat.transaction import Keys, Policy, Reading
from tests.databases import RING, closing_engine


@pytest.fixture
async def feed(address: str) -> AsyncIterator[Feed]:
    """A feed over a database of its own."""
    with closing_engine(reading_engine(address)) as engine:
        made = Feed(engine, Keys(RING), Policy())
        made.begin(asyncio.get_running_loop())
        yield made
        await asyncio.to_thread(made.stop)


async def answer(feed: Feed, question: Any) -> Any:
    """What the feed answers."""
    future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
    feed.ask(future.set_result, question)
    return await asyncio.wait_for(future, 10)


async def test_a_connection_that_cannot_even_be_closed_keeps_no_later_question_from_its_answer(
    feed: Feed, monkeypatch: pytest.MonkeyPatch
) -> None:
    def one(reading: Reading) -> int:
        return 1

    def lost(reading: Reading) -> None:
        raise OperationalError("SELECT 1", {}, sqlite3.OperationalError("database is locked"))

    def stuck(connection: Connection) -> None:
        raise OSError("no more than that")

    assert await answer(feed, one) == 1
    with monkeypatch.context() as broken:
        broken.setattr(Connection, "invalidate", stuck)
        assert isinstance(await answer(feed, lost), Unavailable)
    assert await answer(feed, one) == 1


@pytest.mark.filterwarnings("default")
async def test_without_its_feed_the_process_ends(
    feed: Feed, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    ended = threading.Event()
    codes: list[int] = []

    def end(code: int) -> None:
        codes.append(code)
        ended.set()

    def impossible(reading: Reading) -> None:
        raise SystemExit

    monkeypatch.setattr(os, "_exit", end)
    feed.ask(lambda _: None, impossible)
    assert await asyncio.to_thread(ended.wait, 10)
    assert codes == [70]
    assert "The feed failed; the process ends." in caplog.text


async def test_neither_it_nor_the_writer_interrupts_whoever_runs(feed: Feed, address: str) -> None:
    assert await answer(feed, policy_here) == os.SCHED_BATCH
    with closing_engine(writing_engine(address)) as engine:
        writer = Writer(engine, Keys(RING), Policy())
        writer.begin(asyncio.get_running_loop(), lambda _: None)
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        writer.submit(Work(policy_here, None, None, future.set_result))
        assert await future == os.SCHED_BATCH
        await asyncio.to_thread(writer.drain)


def policy_here(*_: object) -> int:
    """How the thread that runs this is run."""
    return os.sched_getscheduler(0)
