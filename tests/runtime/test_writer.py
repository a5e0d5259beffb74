"""The writer: commands in groups, each answered after the commit that holds it."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from chat.actions.messages import send_messages
from chat.errors import NotFound
from chat.lib.database import reading_engine, writing_engine
from chat.queries.changes import hello
from chat.queries.conversations import conversations
from chat.runtime import Listener, Runtime, Unavailable, writer
from chat.runtime.lane import Work
from chat.runtime.writer import Writer
from chat.transaction import Asked, Keys, Policy, Reading, Transaction, Who, set_based
from tests import recount
from tests.databases import RING, Template, closing_engine, to_people


@pytest.fixture
async def runtime(address: str) -> AsyncIterator[Runtime]:
    """A process's runtime over a fresh copy of both practices."""
    made = Runtime(writing_engine(address), reading_engine(address), Keys(RING))
    await made.start()
    yield made
    await made.stop()


@dataclass
class Stage:
    """Actions that tell what happens to them, and one that holds the writer until it is let go."""

    seen: list[list[Any]] = field(default_factory=list)
    entered: threading.Event = field(default_factory=threading.Event)
    released: threading.Event = field(default_factory=threading.Event)

    def hold(self, tx: Transaction, what: Any) -> Any:
        self.entered.set()
        assert self.released.wait(10)
        return what

    @property
    def note(self) -> Callable[..., Any]:
        @set_based
        def note(tx: Transaction, asked: Sequence[Asked[Any]]) -> list[Any]:
            self.seen.append([one.what for one in asked])
            return [NotFound() if one.what == "refused" else one.what for one in asked]

        return note


@pytest.fixture
def stage() -> Iterator[Stage]:
    """Let go at the end, whatever the test did."""
    made = Stage()
    yield made
    made.released.set()


@contextmanager
def held(stage: Stage) -> Iterator[None]:
    """Let the writer go on after the block."""
    try:
        yield
    finally:
        stage.released.set()


async def start(
    runtime: Runtime, *asked: tuple[Callable[..., Any], Who | None, Any], job: bool = False
) -> list[asyncio.Task[Any]]:
    """Commands that wait in the queue."""
    tasks = [asyncio.create_task(runtime.perform(action, who, what, job=job)) for action, who, what in asked]
    await asyncio.sleep(0)
    return tasks


async def occupied(runtime: Runtime, stage: Stage) -> asyncio.Task[Any]:
    """The writer is busy with one command until it is let go."""
    (task,) = await start(runtime, (stage.hold, None, "held"))
    assert await asyncio.to_thread(stage.entered.wait, 10)
    return task


# Groups


async def test_commands_that_queue_during_a_commit_go_together(runtime: Runtime, stage: Stage, template: Template) -> None:
    note, ben, dana = stage.note, template.cast["ben"], template.cast["dana"]
    with held(stage):
        first = await occupied(runtime, stage)
        tasks = await start(runtime, *((note, (ben, dana)[n % 2], n) for n in range(6)))
    assert await asyncio.gather(first, *tasks) == ["held", 0, 1, 2, 3, 4, 5]
    assert stage.seen == [[0, 1, 2, 3, 4, 5]]


async def reading(runtime: Runtime, reader: Who) -> Callable[[Any], None]:
    """Somebody's socket asks, and is not answered before what comes back here is called."""
    asked: asyncio.Queue[Callable[[Any], None]] = asyncio.Queue()
    runtime.live._ask = lambda then, *_: asked.put_nowait(then)
    runtime.live.join(Listener(reader, 0))
    return await asyncio.wait_for(asked.get(), 10)


async def test_commands_gather_while_the_last_ones_are_delivered(
    runtime: Runtime, stage: Stage, template: Template, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "DELIVERY", 60)
    note, ben = stage.note, template.cast["ben"]
    answer = await reading(runtime, template.cast["dana"])
    await runtime.perform(note, ben, "first")
    tasks = await start(runtime, *((note, ben, n) for n in range(3)))
    await asyncio.sleep(0.2)
    assert stage.seen == [["first"]], "Dana's page has not got it yet"
    answer(Unavailable())
    assert await asyncio.gather(*tasks) == [0, 1, 2]
    assert stage.seen == [["first"], [0, 1, 2]]


@pytest.mark.parametrize("before", [0, 2], ids=["all come while it waits", "some were there"])
async def test_a_full_group_waits_for_no_delivery_unless_the_writer_reads_for_it(
    runtime: Runtime, stage: Stage, template: Template, monkeypatch: pytest.MonkeyPatch, before: int
) -> None:
    monkeypatch.setattr(writer, "DELIVERY", 60)
    monkeypatch.setattr(writer, "BATCH", 3)
    note, ben = stage.note, template.cast["ben"]
    answer = await reading(runtime, template.cast["dana"])
    with held(stage):
        first = await occupied(runtime, stage)
        tasks = await start(runtime, *((note, ben, n) for n in range(before)))
    await first
    tasks += await start(runtime, *((note, ben, n) for n in range(before, 2)))
    await asyncio.sleep(0.2)
    assert stage.seen == [], "there is room for one more"
    tasks += await start(runtime, (note, ben, 2))
    await asyncio.sleep(0.2)
    assert stage.seen == ([] if template.kind == "sqlite" else [[0, 1, 2]])
    answer(Unavailable())
    assert await asyncio.gather(*tasks) == [0, 1, 2]


async def test_nobody_waits_long_for_somebody_elses_delivery(runtime: Runtime, stage: Stage, template: Template) -> None:
    note, ben = stage.note, template.cast["ben"]
    await reading(runtime, template.cast["dana"])
    await runtime.perform(note, ben, "first")
    assert await asyncio.wait_for(runtime.perform(note, ben, "second"), 10) == "second"


async def test_a_group_has_a_limit(runtime: Runtime, stage: Stage, template: Template, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "BATCH", 4)
    note = stage.note
    with held(stage):
        await occupied(runtime, stage)
        tasks = await start(runtime, *((note, template.cast["ben"], n) for n in range(6)))
    assert await asyncio.gather(*tasks) == list(range(6))
    assert stage.seen == [[0, 1, 2, 3], [4, 5]]


async def test_a_refusal_is_a_value_for_its_own_caller_only(runtime: Runtime, stage: Stage, template: Template) -> None:
    note, ben = stage.note, template.cast["ben"]

    def refuse(tx: Transaction, what: Any) -> None:
        tx.connection.execute(text("UPDATE mailbox SET change = change + 1"))
        tx.audit("never")
        tx.ring([ben.person])
        raise NotFound

    rung: list[set[int]] = []
    runtime.after_commit.append(rung.append)
    with held(stage):
        await occupied(runtime, stage)
        tasks = await start(runtime, (note, ben, 1), (refuse, ben, 2), (note, ben, "refused"), (note, ben, 4))
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(result) for result in results] == [int, NotFound, NotFound, int]
    assert await runtime.ask(hello, who=ben) == ((await runtime.ask(hello, who=ben))[0], 0, 0)
    assert rung == []


@pytest.mark.filterwarnings("default")
async def test_what_fails_against_all_expectation_fails_alone(
    runtime: Runtime, stage: Stage, template: Template, caplog: pytest.LogCaptureFixture
) -> None:
    ben, dana = template.cast["ben"], template.cast["dana"]

    @set_based
    def poisoned(tx: Transaction, asked: Sequence[Asked[Any]]) -> list[Any]:
        if any(one.what == "poison" for one in asked):
            raise ZeroDivisionError("not for the caller's eyes")
        return [one.what for one in asked]

    def broken(tx: Transaction, what: Any) -> None:
        tx.connection.execute(text("INSERT INTO mailbox SELECT * FROM mailbox"))

    with held(stage):
        await occupied(runtime, stage)
        sends = [(send_messages, ben, to_people(dana)), (send_messages, dana, to_people(ben))]
        tasks = await start(
            runtime, *sends, (poisoned, ben, "poison"), (poisoned, dana, "good"), (broken, ben, None), (stage.note, dana, 1)
        )
    results: list[Any] = await asyncio.gather(*tasks, return_exceptions=True)
    assert [result["seq"] for result in results[:2]] == [1, 2]
    assert isinstance(results[2], ZeroDivisionError)
    assert results[3] == "good"
    assert type(results[4]).__name__ == "IntegrityError"
    assert results[5] == 1
    assert [record.getMessage() for record in caplog.records] == ["The command poisoned failed.", "The command broken failed."]


async def test_each_persons_commands_keep_their_order(runtime: Runtime, stage: Stage, template: Template) -> None:
    ben, dana, order = template.cast["ben"], template.cast["dana"], []

    def alone(tx: Transaction, what: Any) -> None:
        order.append(what)

    @set_based
    def together(tx: Transaction, asked: Sequence[Asked[Any]]) -> list[Any]:
        order.extend(one.what for one in asked)
        return [None] * len(asked)

    with held(stage):
        await occupied(runtime, stage)
        asked = [(together, ben, "b1"), (alone, ben, "b2"), (together, dana, "d1"), (together, ben, "b3"), (alone, dana, "d2")]
        tasks = await start(runtime, *asked)
    await asyncio.gather(*tasks)
    assert [one for one in order if one[0] == "b"] == ["b1", "b2", "b3"]
    assert [one for one in order if one[0] == "d"] == ["d1", "d2"]
    assert order.index("d1") < order.index("b2")  # it joined the first group


async def test_people_come_before_jobs_and_a_job_gets_its_turn(runtime: Runtime, stage: Stage, template: Template) -> None:
    ben, order = template.cast["ben"], []

    def step(tx: Transaction, what: Any) -> None:
        order.append(what)

    with held(stage):
        await occupied(runtime, stage)
        jobs = await start(runtime, *((step, None, f"job {n}") for n in range(3)), job=True)
        tasks = await start(runtime, (step, ben, "first"), (step, ben, "second"))
    await asyncio.gather(*jobs, *tasks)
    assert [one for one in order if one.startswith("job")] == ["job 0", "job 1", "job 2"]
    assert order.index("second") == order.index("first") + 1
    assert order.index("second") < order.index("job 1")


# Callers that leave, a queue that fills


async def test_who_leaves_while_queued_is_dropped(runtime: Runtime, stage: Stage, template: Template) -> None:
    ben, dana = template.cast["ben"], template.cast["dana"]
    with held(stage):
        await occupied(runtime, stage)
        leaving, staying = await start(runtime, (send_messages, ben, to_people(dana)), (stage.note, dana, 1))
        leaving.cancel()
        await asyncio.sleep(0)
    assert await staying == 1
    assert (await runtime.ask(hello, who=dana))[1] == 0


async def test_a_queue_of_leavers_is_passed_over(runtime: Runtime, stage: Stage, template: Template) -> None:
    with held(stage):
        await occupied(runtime, stage)
        (leaving,) = await start(runtime, (stage.note, template.cast["ben"], 1))
        leaving.cancel()
        await asyncio.sleep(0)
    assert await runtime.perform(stage.note, template.cast["ben"], 2) == 2
    assert stage.seen == [[2]]


async def test_who_leaves_after_the_command_was_taken_has_it_carried_out(
    runtime: Runtime, stage: Stage, template: Template
) -> None:
    ben, dana = template.cast["ben"], template.cast["dana"]

    def send_slowly(tx: Transaction, what: Any) -> None:
        send_messages(tx, [Asked(ben, to_people(dana))])
        stage.hold(tx, what)

    (task,) = await start(runtime, (send_slowly, ben, None))
    assert await asyncio.to_thread(stage.entered.wait, 10)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    stage.released.set()
    await runtime.perform(stage.note, ben, 1)
    assert (await runtime.ask(hello, who=dana))[1] == 1


async def test_a_full_queue_takes_nothing_and_says_so_at_once(
    runtime: Runtime, stage: Stage, template: Template, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "QUEUE", 2)
    ben = template.cast["ben"]
    with held(stage):
        await occupied(runtime, stage)
        tasks = await start(runtime, (stage.note, ben, 1), (stage.note, ben, 2))
        with pytest.raises(Unavailable, match="busy"):
            await runtime.perform(stage.note, ben, 3)
    assert await asyncio.gather(*tasks) == [1, 2]
    assert await runtime.perform(stage.note, ben, 4) == 4


async def test_a_queue_that_stands_still_takes_nothing(
    runtime: Runtime, stage: Stage, template: Template, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "OLDEST", -1.0)
    with held(stage):
        await occupied(runtime, stage)
        (task,) = await start(runtime, (stage.note, template.cast["ben"], 1))
        with pytest.raises(Unavailable):
            await runtime.perform(stage.note, template.cast["ben"], 2)
    assert await task == 1


async def test_stopping_answers_everything_that_was_taken(address: str, stage: Stage, template: Template) -> None:
    runtime, ben = Runtime(writing_engine(address), reading_engine(address), Keys(RING)), template.cast["ben"]
    await runtime.start()
    with held(stage):
        first = await occupied(runtime, stage)
        tasks = await start(runtime, *((stage.note, ben, n) for n in range(5)))
        stopping = asyncio.create_task(runtime.stop())
        assert await asyncio.to_thread(closed, runtime._writer)
        with pytest.raises(Unavailable):
            await runtime.perform(stage.note, ben, 9)
    await stopping
    assert await asyncio.gather(first, *tasks) == ["held", 0, 1, 2, 3, 4]


def closed(one: Writer) -> bool:
    """Once the writer takes nothing more."""
    late = time.monotonic() + 10
    while not one._stopping and time.monotonic() < late:
        time.sleep(0.001)
    return one._stopping


@set_based
def one_action(tx: Transaction, asked: Sequence[Asked[Any]]) -> list[Any]:
    return []


def test_a_writer_that_never_began_stops_at_once(address: str) -> None:
    with closing_engine(writing_engine(address)) as engine:
        idle = Writer(engine, Keys(RING), Policy())
        idle._answer([], set())
        assert not idle.ask(print, hello)
        idle.drain()
        assert not idle.ask(print, hello)
        with pytest.raises(Unavailable):
            idle.submit(Work(one_action, None, None))


async def test_who_cannot_take_an_answer_keeps_it_and_the_bell_from_nobody_else(
    runtime: Runtime, stage: Stage, template: Template, caplog: pytest.LogCaptureFixture
) -> None:
    ben, rung = template.cast["ben"], list[set[int]]()
    runtime.after_commit.append(rung.append)

    def ring(tx: Transaction, what: Any) -> Any:
        tx.ring([ben.person])
        return what

    def unable(result: Any) -> None:
        raise TypeError("That is no answer.")

    with held(stage):
        await occupied(runtime, stage)
        runtime.submit(stage.note, ben, "first", unable)
        tasks = await start(runtime, (ring, ben, "second"))
    assert await asyncio.gather(*tasks) == ["second"]
    assert rung == [{ben.person}]
    assert "Whoever asked for note could not be answered." in caplog.text


@pytest.mark.filterwarnings("default")
async def test_without_its_writer_the_process_ends(
    runtime: Runtime, stage: Stage, template: Template, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    ended = threading.Event()
    codes: list[int] = []

    def end(code: int) -> None:
        codes.append(code)
        ended.set()

    monkeypatch.setattr(os, "_exit", end)

    def impossible(tx: Transaction, what: Any) -> None:
        raise SystemExit

    (task,) = await start(runtime, (impossible, template.cast["ben"], None))
    assert await asyncio.to_thread(ended.wait, 10)
    task.cancel()
    assert codes == [70]
    assert "The writer failed; the process ends." in caplog.text


# A database that fails


def sent(address: str, who: Who) -> int:
    """How many conversations this person has written in; the database must be sound."""
    with closing_engine(reading_engine(address)) as engine, engine.connect() as connection:
        assert recount.faults(connection) == []
        return sum(row["visible"] for row in conversations(Reading(connection, Keys(RING), who=who), "sent")[0])


async def test_a_commit_without_an_answer_is_run_again_and_sends_once(
    runtime: Runtime, address: str, template: Template, monkeypatch: pytest.MonkeyPatch
) -> None:
    ben, dana, commits = template.cast["ben"], template.cast["dana"], []
    dialect = runtime._writing.dialect
    plain = dialect.do_commit

    def lose_the_answer(connection: Any) -> None:
        plain(connection)
        commits.append(1)
        if len(commits) == 1:
            raise lost(template.kind)

    monkeypatch.setattr(dialect, "do_commit", lose_the_answer)
    assert (await runtime.perform(send_messages, ben, to_people(dana)))["seq"] == 1
    assert len(commits) == 2
    assert sent(address, ben) == 1


def lost(kind: str) -> Exception:
    """What the driver says when the connection went away while it committed, in a form that the dialect knows."""
    if kind == "postgresql":
        return psycopg.OperationalError("server closed the connection unexpectedly")
    return OperationalError("COMMIT", {}, sqlite3.OperationalError("database is locked"))


async def test_what_passes_by_itself_is_tried_again(runtime: Runtime, template: Template) -> None:
    tries = []

    def fails_twice(tx: Transaction, what: Any) -> str:
        tries.append(1)
        if len(tries) < 3:
            raise OperationalError("UPDATE", {}, psycopg.errors.SerializationFailure())
        return "done"

    assert await runtime.perform(fails_twice, template.cast["ben"]) == "done"
    assert len(tries) == 3


async def test_after_three_tries_the_outcome_is_unknown_and_said_so(runtime: Runtime, template: Template) -> None:
    tries = []

    def fails(tx: Transaction, what: Any) -> None:
        tries.append(1)
        raise OperationalError("UPDATE", {}, psycopg.errors.DeadlockDetected())

    with pytest.raises(Unavailable, match="ask again with the same key"):
        await runtime.perform(fails, template.cast["ben"])
    assert len(tries) == 3


@pytest.mark.filterwarnings("default")
async def test_a_database_that_cannot_be_written_is_no_fault_of_the_command(
    runtime: Runtime, stage: Stage, template: Template, caplog: pytest.LogCaptureFixture
) -> None:
    def disk_is_full(tx: Transaction, what: Any) -> None:
        raise OperationalError("INSERT", {}, sqlite3.OperationalError("database or disk is full"))

    with pytest.raises(Unavailable, match="cannot save anything at the moment"):
        await runtime.perform(disk_is_full, template.cast["ben"])
    assert "The database cannot be written: OperationalError" in caplog.text
    assert await runtime.perform(stage.note, template.cast["ben"], 1) == 1


async def test_a_question_to_a_database_that_is_away_is_unavailable(runtime: Runtime) -> None:
    def away(reading: Reading) -> None:
        raise OperationalError("SELECT", {}, psycopg.OperationalError("connection refused"))

    def wrong(reading: Reading) -> None:
        raise NotFound

    with pytest.raises(Unavailable):
        await runtime.ask(away)
    with pytest.raises(NotFound):
        await runtime.ask(wrong)


async def test_people_are_rung_after_the_commit_all_of_a_group_at_once(
    runtime: Runtime, stage: Stage, template: Template
) -> None:
    ben, dana, eli, rung = (*(template.cast[name] for name in ("ben", "dana", "eli")), [])

    def listener(people: Iterable[int]) -> None:
        with runtime._reading.connect() as connection:
            rung.append((set(people), connection.execute(text("SELECT count(*) FROM message")).scalar_one()))

    runtime.after_commit.append(listener)
    with held(stage):
        await occupied(runtime, stage)
        tasks = await start(runtime, (send_messages, ben, to_people(dana)), (send_messages, ben, to_people(eli)))
    await asyncio.gather(*tasks)
    assert rung == [({ben.person, dana.person, eli.person}, 2)]
