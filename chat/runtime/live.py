"""Live delivery: connections that are rung together are answered by one query; the sweep heals what no bell told."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice

from chat.lib import metrics
from chat.lib.waiting import Flag
from chat.queries.changes import Answer, Reader, changes_since
from chat.queries.sessions import Swept, sweep
from chat.runtime.lane import Unavailable
from chat.transaction import Who

log = logging.getLogger(__name__)

TOGETHER = 200  # readers a shared read, so that a storm does not hold the loop
SWEEP = 4.0


def _nobody(_: Answer) -> bool:
    return False


def _no_writer(*_: object) -> bool:
    return False


@dataclass(eq=False)
class Listener:
    """One open socket: on whose behalf, how far it has come, and what waits to be sent."""

    who: Who
    cursor: int
    locked: bool = False  # idle: only counts may be told
    answers: list[Answer] = field(default_factory=list)
    ended: str = ""
    wake: Flag = field(default_factory=Flag)
    take: Callable[[Answer], bool] = _nobody  # the socket's way to write an answer at once; False: it has to wait

    def deliver(self, answer: Answer) -> None:
        """Give an answer to the socket, or queue it behind what waits already, and move the cursor to it."""
        self.cursor = answer.cursor
        told = answer.changes or answer.progress or answer.clients or answer.reset
        if told and (self.answers or not self.take(answer)):
            self.answers.append(answer)
            self.wake.set()

    def lock(self) -> None:
        """Tell the socket that its session locked; the page gives the password and connects anew."""
        if not self.locked:
            self.locked = True
            self.wake.set()

    def end(self, reason: str) -> None:
        """Tell the socket to close."""
        self.ended = self.ended or reason
        self.wake.set()


class Live:
    """The open sockets of this process, by person."""

    def __init__(
        self, ask: Callable[..., None], ask_writer: Callable[..., bool] = _no_writer, on_quiet: Callable[[], None] = lambda: None
    ) -> None:
        self._ask = ask  # as `Feed.ask`
        self._ask_writer = ask_writer  # as `Writer.ask`
        self._on_quiet = on_quiet  # whoever was rung has been answered
        self._people: dict[int, set[Listener]] = {}
        self._rung: dict[Listener, float] = {}  # since when
        self._alone: deque[Listener] = deque()  # whose shared read failed
        self._asking = False  # a shared read is under way: who is rung meanwhile is answered by the next one
        self._started = False
        self._sweeping: asyncio.Task[None] | None = None
        self.on_first: Callable[[int], None] = lambda _: None  # a person has a first socket here
        self.on_last: Callable[[int], None] = lambda _: None  # … and no socket any more

    def start(self) -> None:
        """Begin to answer and to sweep."""
        metrics.SOCKETS.set_function(lambda: len(self.listeners))
        self._started = True
        self._sweeping = asyncio.create_task(self._sweep(), name="sweep")

    async def stop(self) -> None:
        """Stop both."""
        self._started = False
        if self._sweeping is not None:
            self._sweeping.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._sweeping

    @property
    def busy(self) -> bool:
        """Whether a shared read is under way: what is rung now is answered by the next one."""
        return self._asking

    @property
    def people(self) -> list[int]:
        """Everybody with a socket here."""
        return list(self._people)

    @property
    def listeners(self) -> list[Listener]:
        """Every socket here."""
        return [one for listeners in self._people.values() for one in listeners]

    def join(self, listener: Listener) -> None:
        """From now on this socket hears of changes; it looks once at what lies beyond its cursor."""
        mine = self._people.setdefault(listener.who.person, set())
        mine.add(listener)
        if len(mine) == 1:
            self.on_first(listener.who.person)
        self.look(listener)

    def leave(self, listener: Listener) -> None:
        """The socket is gone."""
        listener.take = _nobody
        self._rung.pop(listener, None)
        mine = self._people.get(listener.who.person, set())
        mine.discard(listener)
        if not mine and self._people.pop(listener.who.person, None) is not None:
            self.on_last(listener.who.person)

    def ring(self, people: Iterable[int]) -> None:
        """The mailboxes of these people changed."""
        now, fresh = time.monotonic(), not self._rung
        for person in people:
            for listener in self._people.get(person, ()):
                self._rung.setdefault(listener, now)
        self._read(fresh=fresh)

    def look(self, listener: Listener) -> None:
        """Let this socket look for what lies beyond its cursor, together with those who are about to."""
        self._rung.setdefault(listener, time.monotonic())
        if not self._asking and self._started:
            asyncio.get_running_loop().call_soon(self._read)

    def end_session(self, session: int, reason: str) -> None:
        """Close the sockets of a session at once; those on other processes are found by their sweep."""
        for listener in self.listeners:
            if listener.who.session == session:
                listener.end(reason)

    def _read(self, *, fresh: bool = False) -> None:
        """Ask for as many as were rung, unless somebody is being asked for already. `fresh`: only for what was written just now,
        and for nobody who has much to catch up with."""
        if self._asking or not self._started:
            return
        batch = [self._alone.popleft()] if self._alone else list(islice(self._rung, TOGETHER))
        if batch:
            self._asking = True
            since = min(self._rung.pop(listener, time.monotonic()) for listener in batch)
            asked = (partial(self._answered, batch, since), changes_since, [Reader(one.who, one.cursor) for one in batch])
            if not (fresh and self._ask_writer(*asked)):
                self._ask(*asked)

    def _answered(self, batch: list[Listener], since: float, answers: list[Answer] | Exception) -> None:
        self._asking = False
        if isinstance(answers, Exception):
            self._unanswered(batch, answers)
        else:
            metrics.FEED.observe(time.monotonic() - since)
            for listener, answer in zip(batch, answers, strict=True):
                if answer.more:
                    self._rung.setdefault(listener, time.monotonic())
                listener.deliver(answer)
        self._read()
        if not self._asking:
            self._on_quiet()

    def _unanswered(self, batch: list[Listener], error: Exception) -> None:
        if isinstance(error, Unavailable):
            log.warning("The database cannot be asked; the sweep will ring again.")
        elif len(batch) > 1:
            # One of them asks for what cannot be read, a damaged row: the others do not wait for it.
            self._alone += batch
        else:
            log.error("A shared read failed; the sweep will ring again.", exc_info=error)

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(SWEEP)
            try:
                await self.sweep()
            except Exception:
                log.exception("A sweep failed; the next one is due in %s s.", SWEEP)

    async def sweep(self) -> None:
        """Close the sockets whose session ended, and ring those whose mailbox is ahead of them; one statement for all."""
        listeners = self.listeners
        asked = {(one.who.session or 0, one.who.person) for one in listeners}
        found: dict[int, Swept] = await self._found(list(asked)) if asked else {}
        for listener in listeners:
            state = found.get(listener.who.session or 0)
            if state is not None and state.state == "locked":
                listener.lock()
            elif state is None or state.state:
                listener.end(state.state if state else "revoked")
            if state is not None and state.scope is not None:
                listener.who = replace(listener.who, scope=state.scope)
            if state is not None and state.change > listener.cursor and not listener.ended:
                self.look(listener)

    async def _found(self, asked: list[tuple[int, int]]) -> dict[int, Swept]:
        future: asyncio.Future[dict[int, Swept] | Exception] = asyncio.get_running_loop().create_future()
        self._ask(lambda found: None if future.done() else future.set_result(found), sweep, asked)
        found = await future
        if isinstance(found, Exception):
            raise found
        return found
