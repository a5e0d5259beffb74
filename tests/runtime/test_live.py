"""Live delivery: told at once by a bell, within a sweep without one."""

from __future__ import annotations

import asyncio
import dataclasses
import functools
import threading
from collections.abc import AsyncIterator, Callable
from typing import Any

import anyio
import anyio.lowlevel
import pytest
from sqlalchemy import update

from chat.actions.messages import send_messages
from chat.actions.sessions import SignIn, sign_in, sign_out
from chat.lib import clock
from chat.lib.crypto import Unreadable
from chat.lib.database import reading_engine, writing_engine
from chat.models import Person
from chat.models.columns import table
from chat.queries import changes
from chat.queries.changes import Answer, Reader, changes_since
from chat.queries.sessions import session_of
from chat.runtime import Listener, Runtime, live
from chat.runtime.lane import Lane, Unavailable, Work
from chat.transaction import Keys, Policy, Reading, Transaction, Who
from tests.databases import RING, Template, closing_engine, to_people


class Watched(Runtime):
    """A runtime that notes what its live connections ask."""

    def __init__(self, address: str) -> None:
        super().__init__(writing_engine(address), reading_engine(address), Keys(RING))
        self.asked: list[tuple[str, int]] = []
        self.failures: list[Exception] = []
        self.by_writer = 0
        self.live._ask, self.live._ask_writer = self.watch, self.watch_writer

    def watch(self, then: Callable[[Any], None], question: Callable[..., Any], *values: Any) -> None:
        self.asked.append((question.__name__, len(values[0])))
        if self.failures:
            failure = self.failures.pop()
            asyncio.get_running_loop().call_soon(then, failure)
        else:
            self._feed.ask(then, question, *values)

    def watch_writer(self, then: Callable[[Any], None], question: Callable[..., Any], *values: Any) -> bool:
        taken = self._writer.ask(then, question, *values)
        if taken:
            self.by_writer += 1
            self.asked.append((question.__name__, len(values[0])))
        return taken

    @property
    def reads(self) -> list[int]:
        """How many readers each shared read answered."""
        return [count for name, count in self.asked if name == changes_since.__name__]


@pytest.fixture
async def runtime(address: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Watched]:
    """A process whose sweep runs only when the test says so."""
    monkeypatch.setattr(live, "SWEEP", 3_600.0)
    made = Watched(address)
    await made.start()
    yield made
    await made.stop()


async def signed_in(runtime: Runtime, who: Who) -> Who:
    """The same person with a live session."""
    token = await runtime.perform(sign_in, None, SignIn(who.person, "192.0.2.1"))
    session = await runtime.ask(session_of, token, "192.0.2.1")
    assert session
    return session.who


async def told(listener: Listener) -> list[int]:
    """The numbers of the changes that this socket gets next."""
    with anyio.fail_after(10):
        await listener.wake.wait()
    listener.wake.clear()
    answers, listener.answers = listener.answers, []
    return [change.number for answer in answers for change in answer.changes]


def elsewhere(address: str, action: Callable[..., Any], who: Who | None, what: Any) -> Any:
    """Another process carries this out and rings nobody."""
    with closing_engine(writing_engine(address)) as engine:
        lane, work = Lane(engine, Keys(RING), Policy()), Work(action, who, what)
        lane.carry_out([work], lambda *_: None)
        lane.close()
    return work.result


async def test_a_socket_that_joins_gets_what_lies_beyond_its_cursor(runtime: Watched, template: Template) -> None:
    ben, dana = template.cast["ben"], template.cast["dana"]
    await runtime.perform(send_messages, ben, to_people(dana))
    late, current = Listener(dana, 0), Listener(dana, 1)
    runtime.live.join(late)
    runtime.live.join(current)
    assert await told(late) == [1]
    assert (late.cursor, current.cursor, current.answers) == (1, 1, [])


async def test_everybody_concerned_is_told_at_once_and_nobody_else(runtime: Watched, template: Template) -> None:
    ben, dana, eli = (Listener(template.cast[name], 0) for name in ("ben", "dana", "eli"))
    for listener in (ben, dana, eli):
        runtime.live.join(listener)
    await runtime.perform(send_messages, ben.who, to_people(dana.who))
    assert await told(dana) == await told(ben) == [1]
    assert (eli.answers, eli.cursor) == ([], 0)


async def test_sockets_that_are_rung_together_are_answered_by_one_read(runtime: Watched, template: Template) -> None:
    ben, dana = template.cast["ben"], template.cast["dana"]
    listeners = [Listener(who, 0) for who in (ben, ben, dana, dana, dana)]
    for listener in listeners:
        runtime.live.join(listener)
    await runtime.perform(send_messages, ben, to_people(dana))
    assert [await told(listener) for listener in listeners] == [[1]] * 5
    assert runtime.reads[-1] == 5


async def test_on_sqlite_what_was_written_is_read_by_who_wrote_it(runtime: Watched, template: Template) -> None:
    ben, dana = (Listener(template.cast[name], 0) for name in ("ben", "dana"))
    for listener in (ben, dana):
        runtime.live.join(listener)
    for number in (1, 2):
        with anyio.fail_after(10):
            while runtime.live.busy or runtime.live._rung:
                await anyio.lowlevel.checkpoint()
        await runtime.perform(send_messages, ben.who, to_people(dana.who))
        assert await told(dana) == await told(ben) == [number]
    assert runtime.by_writer == (2 if template.kind == "sqlite" else 0)


async def test_who_has_much_to_catch_up_with_does_not_keep_the_writer(runtime: Watched, template: Template) -> None:
    ben, dana = template.cast["ben"], template.cast["dana"]
    await runtime.perform(send_messages, ben, to_people(dana))
    late, there = Listener(dana, 0), Listener(dana, 1)
    for listener in (late, there):
        runtime.live.join(listener)  # they look for what they lack in a moment
    runtime._writer._delivered = False
    runtime.live.ring([dana.person])
    assert await told(late) == [1]
    assert (runtime.by_writer, runtime.reads) == (0, [2])


async def test_while_the_writer_is_busy_others_read(runtime: Watched, address: str, template: Template) -> None:
    dana, held, released = Listener(template.cast["dana"], 0), threading.Event(), threading.Event()

    def hold(tx: Transaction, what: Any) -> None:
        held.set()
        assert released.wait(10)

    runtime.live.join(dana)
    elsewhere(address, send_messages, template.cast["ben"], to_people(dana.who))
    busy = asyncio.create_task(runtime.perform(hold, None, None))
    try:
        assert await asyncio.to_thread(held.wait, 10)
        runtime._writer._delivered = False
        runtime.live.ring([dana.who.person])
        assert await told(dana) == [1]
    finally:
        released.set()
    await busy
    assert runtime.by_writer == 0


async def test_a_storm_is_answered_in_parts(runtime: Watched, template: Template, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "TOGETHER", 2)
    ben, dana = template.cast["ben"], template.cast["dana"]
    await runtime.perform(send_messages, ben, to_people(dana))
    listeners = [Listener(who, 0) for who in (ben, ben, dana, dana, dana)]
    for listener in listeners:
        runtime.live.join(listener)
    assert [await told(listener) for listener in listeners] == [[1]] * 5
    assert runtime.reads == [2, 2, 1]


async def test_what_one_page_does_not_hold_comes_with_the_next(
    runtime: Watched, template: Template, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "PAGE", 2)
    ben, dana = template.cast["ben"], template.cast["dana"]
    for n in range(5):
        await runtime.perform(send_messages, ben, to_people(dana, subject=f"Thread {n}"))
    got: list[int] = []
    listener = Listener(dana, 0)
    runtime.live.join(listener)
    while len(got) < 5:
        got += await told(listener)
    assert (got, listener.cursor) == ([1, 2, 3, 4, 5], 5)


async def test_who_has_left_is_told_nothing(runtime: Watched, template: Template) -> None:
    ben, dana = template.cast["ben"], template.cast["dana"]
    gone, there = Listener(dana, 0), Listener(dana, 0)
    for listener in (gone, there):
        runtime.live.join(listener)
    runtime.live.leave(gone)
    await runtime.perform(send_messages, ben, to_people(dana))
    assert await told(there) == [1]
    assert gone.answers == []


async def test_the_first_and_the_last_socket_of_a_person_are_told_apart(runtime: Watched, template: Template) -> None:
    dana, ben, heard = template.cast["dana"], template.cast["ben"], []
    runtime.live.on_first = lambda person: heard.append(("first", person))
    runtime.live.on_last = lambda person: heard.append(("last", person))
    one, two, other = Listener(dana, 0), Listener(dana, 0), Listener(ben, 0)
    for listener in (one, two, other):
        runtime.live.join(listener)
    assert sorted(runtime.live.people) == sorted([dana.person, ben.person])
    assert len(runtime.live.listeners) == 3
    for listener in (one, two, two):
        runtime.live.leave(listener)
    assert heard == [("first", dana.person), ("first", ben.person), ("last", dana.person)]
    assert runtime.live.people == [ben.person]


# The sweep


async def test_the_sweep_finds_what_no_bell_told(runtime: Watched, address: str, template: Template) -> None:
    dana = await signed_in(runtime, template.cast["dana"])
    listener = Listener(dana, 0)
    runtime.live.join(listener)
    elsewhere(address, send_messages, template.cast["ben"], to_people(dana))
    assert listener.answers == []
    await runtime.live.sweep()
    assert await told(listener) == [1]
    runtime.asked.clear()
    await runtime.live.sweep()
    assert runtime.asked == [("sweep", 1)]


async def test_a_sweep_asks_once_for_all_and_nothing_for_none(runtime: Watched, template: Template) -> None:
    await runtime.live.sweep()
    assert runtime.asked == []
    for name in ("ben", "dana", "dana"):
        runtime.live.join(Listener(await signed_in(runtime, template.cast[name]), 0))
    await runtime.live.sweep()
    assert ("sweep", 3) in runtime.asked


async def test_a_session_that_was_ended_elsewhere_closes_its_sockets_only(
    runtime: Watched, address: str, template: Template
) -> None:
    dana, again = await signed_in(runtime, template.cast["dana"]), await signed_in(runtime, template.cast["dana"])
    ended, other, unknown = Listener(dana, 0), Listener(again, 0), Listener(dataclasses.replace(dana, session=987_654), 0)
    nobody = Listener(template.cast["ben"], 0)
    for listener in (ended, other, unknown, nobody):
        runtime.live.join(listener)
    elsewhere(address, sign_out, dana, None)
    await runtime.live.sweep()
    assert [one.ended for one in (ended, other, unknown, nobody)] == ["signed_out", "", "revoked", "revoked"]
    assert ended.wake.is_set()


async def test_a_session_of_somebody_else_is_none(runtime: Watched, template: Template) -> None:
    dana = await signed_in(runtime, template.cast["dana"])
    thief = Listener(dataclasses.replace(template.cast["eli"], session=dana.session), 0)
    runtime.live.join(thief)
    await runtime.live.sweep()
    assert thief.ended == "revoked"


async def test_a_session_runs_out(runtime: Watched, template: Template) -> None:
    ben = Listener(await signed_in(runtime, template.cast["ben"]), 0)
    runtime.live.join(ben)
    with clock.frozen(clock.now() + 12 * clock.HOUR + clock.MINUTE):
        await runtime.live.sweep()
    assert ben.ended == "expired"


async def test_an_idle_session_locks_and_is_still_told_that_something_came(
    runtime: Watched, address: str, template: Template
) -> None:
    dana = Listener(await signed_in(runtime, template.cast["dana"]), 0)
    runtime.live.join(dana)
    elsewhere(address, send_messages, template.cast["ben"], to_people(dana.who))
    with clock.frozen(clock.now() + 16 * clock.MINUTE):
        await runtime.live.sweep()
        await runtime.live.sweep()
        assert (dana.locked, dana.ended) == (True, "")
        with anyio.fail_after(10):
            while not dana.answers:
                dana.wake.clear()
                await dana.wake.wait()
    assert dana.cursor == 1


async def test_deactivated_staff_are_out_within_a_sweep(runtime: Watched, address: str, template: Template) -> None:
    ben = Listener(await signed_in(runtime, template.cast["ben"]), 0)
    dana = Listener(await signed_in(runtime, template.cast["dana"]), 0)
    for listener in (ben, dana):
        runtime.live.join(listener)

    def deactivate(tx: Transaction, what: Any) -> None:
        tx.connection.execute(update(table(Person)).values(active=False))

    elsewhere(address, deactivate, None, None)
    await runtime.live.sweep()
    assert (ben.ended, dana.ended) == ("revoked", "")  # an inactive client still reads


async def test_a_session_can_be_closed_at_once(runtime: Watched, template: Template) -> None:
    dana = await signed_in(runtime, template.cast["dana"])
    mine, other = Listener(dana, 0), Listener(dataclasses.replace(dana, session=1_000), 0)
    for listener in (mine, other):
        runtime.live.join(listener)
    runtime.live.end_session(dana.session or 0, "signed_out")
    runtime.live.end_session(dana.session or 0, "revoked")
    assert (mine.ended, other.ended) == ("signed_out", "")


# What fails is healed


@pytest.mark.filterwarnings("default")
async def test_a_shared_read_that_fails_is_made_up_for_by_the_sweep(
    runtime: Watched, template: Template, caplog: pytest.LogCaptureFixture
) -> None:
    listener = Listener(await signed_in(runtime, template.cast["dana"]), 0)
    await runtime.perform(send_messages, template.cast["ben"], to_people(listener.who))
    runtime.failures.append(ConnectionError("gone"))
    runtime.live.join(listener)
    with anyio.fail_after(10):
        while runtime.failures:
            await anyio.lowlevel.checkpoint()
    assert listener.answers == []
    await runtime.live.sweep()
    assert await told(listener) == [1]
    assert "A shared read failed; the sweep will ring again." in caplog.text


@pytest.mark.filterwarnings("default")
async def test_what_is_damaged_for_one_reader_keeps_nothing_from_the_others(
    runtime: Watched, template: Template, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    cast = template.cast

    @functools.wraps(changes_since)
    def unless_dana(reading: Reading, readers: list[Reader]) -> list[Answer]:
        if cast["dana"] in [one.who for one in readers]:
            raise Unreadable("Something of hers is damaged.")
        return changes_since(reading, readers)

    monkeypatch.setattr(live, "changes_since", unless_dana)
    for author, reader in (("ben", "dana"), ("cleo", "fay")):
        await runtime.perform(send_messages, cast[author], to_people(cast[reader]))
    damaged, sound = Listener(cast["dana"], 0), Listener(cast["fay"], 0)
    runtime.live.join(damaged)
    runtime.live.join(sound)
    assert await told(sound) == [1]
    assert damaged.answers == []
    assert runtime.reads[0] == 2, "they were read together at first"
    assert "A shared read failed" in caplog.text
    runtime.failures += [Unavailable()]
    runtime.live.look(sound)
    with anyio.fail_after(10):
        while "The database cannot be asked; the sweep will ring again." not in caplog.text:
            await anyio.lowlevel.checkpoint()


@pytest.mark.filterwarnings("default")
async def test_the_sweep_comes_by_itself_and_again_after_one_that_failed(
    address: str, template: Template, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(live, "SWEEP", 0.001)
    runtime = Watched(address)
    listener = Listener(template.cast["dana"], 0)
    runtime.failures.append(ConnectionError("gone"))
    runtime.live.join(listener)
    runtime.live._rung.clear()
    await runtime.start()
    with anyio.fail_after(10):
        await listener.wake.wait()
    await runtime.stop()
    assert listener.ended == "revoked"
    assert "A sweep failed" in caplog.text


def test_a_socket_is_woken_for_what_it_must_send_only() -> None:
    listener = Listener(Who(1, 1, "client"), 0)
    listener.deliver(Answer(5, 0))
    assert (listener.cursor, listener.answers, listener.wake.is_set()) == (5, [], False)
    reset = Answer(3, 0, reset=True)
    listener.deliver(reset)
    assert (listener.cursor, listener.answers, listener.wake.is_set()) == (3, [reset], True)
    listener.lock()
    listener.wake.clear()
    listener.lock()
    assert not listener.wake.is_set()
