"""Sending through many sockets and noting when each message was acknowledged and when the other person had it."""

import asyncio
import contextlib
import math
import random
import time
from collections.abc import AsyncIterator, Callable, Sequence

from tests.bench.client import Json, Person, Socket, close_all, open_all
from tests.bench.figures import Latency, Schedule
from tests.bench.targets import Target

BODY_CHARACTERS = 400
WORDS = "I slept better this week and wrote down what we said about mornings; the walk before breakfast helps more now. "
TEXT = (WORDS * 4)[: BODY_CHARACTERS - 21]


class Ends:
    """Open sockets of both people of each conversation, and the conversation that each of them writes to."""

    def __init__(self, sockets: Sequence[Socket], conversations: Sequence[str]) -> None:
        self.sockets = list(sockets)
        self.conversations = list(conversations)


@contextlib.asynccontextmanager
async def opened(target: Target) -> AsyncIterator[Ends]:
    """One socket for each person of the target, closed afterwards."""
    people: list[Person] = target.people()
    sockets = await open_all(people)
    try:
        yield Ends(sockets, [pair.conversation for pair in target.pairs] * 2)
    finally:
        await close_all(sockets)


class Load:
    """One measurement's messages. Times are seconds of `time.perf_counter`; nan means "not yet" or never.

    Each message is numbered; the number stands in the key and at the beginning of the body, behind a word that tells this
    measurement from earlier ones, so that frames that repeat older messages are recognized.
    """

    def __init__(self, ends: Ends) -> None:
        self._ends = ends
        self.mark = f"{random.getrandbits(32):08x}"
        self._sender: list[int] = []
        self._place = {socket: place for place, socket in enumerate(ends.sockets)}
        self.sent: list[float] = []
        self.acknowledged: list[float] = []
        self.delivered: list[float] = []
        self.refusals: list[Json] = []
        self.on_finished: Callable[[int], object] = lambda place: None
        """Called with the place of the sender as soon as a message is both acknowledged and delivered, or refused."""
        for socket in ends.sockets:
            socket.on_frame = self._frame

    def send(self, place: int, meant: float | None = None) -> int:
        """Send the next message through the socket at this place and give its number; `meant` is when it should have left."""
        number = len(self.sent)
        self.sent.append(time.perf_counter() if meant is None else meant)
        self.acknowledged.append(math.nan)
        self.delivered.append(math.nan)
        self._sender.append(place)
        self._ends.sockets[place].send(
            f'{{"do":"send_message","key":"{self.mark}-0000-4000-8000-{number:012x}",'
            f'"conversation":"{self._ends.conversations[place]}","body":"{self.mark}{number:012x} {TEXT}"}}'.encode()
        )
        return number

    def in_flight(self) -> int:
        """How many messages are not yet refused or both acknowledged and delivered."""
        return sum(math.isinf(end) for end in self._ends_at()) - len(self.refusals)

    def finished(self, since: float, until: float) -> list[int]:
        """The numbers of the messages that were complete between two moments."""
        return [number for number, end in enumerate(self._ends_at()) if since <= end < until]

    def _ends_at(self) -> list[float]:
        pairs = zip(self.acknowledged, self.delivered, strict=True)
        return [math.inf if math.isnan(first) or math.isnan(second) else max(first, second) for first, second in pairs]

    def delivery(self, numbers: Sequence[int]) -> Latency:
        """From send to the other person's frame."""
        return Latency.of(self.delivered[number] - self.sent[number] for number in numbers)

    def acknowledgement(self, numbers: Sequence[int]) -> Latency:
        """From send to the sender's `done`."""
        return Latency.of(self.acknowledged[number] - self.sent[number] for number in numbers)

    async def drain(self, patience: float = 10.0, *, strict: bool = True) -> None:
        """Wait until nothing is in flight, at most `patience` seconds; where `strict`, a refusal raises."""
        for _ in range(round(patience / 0.02)):
            if (self.refusals and strict) or not self.in_flight():
                break
            await asyncio.sleep(0.02)
        if self.refusals and strict:
            raise RuntimeError(f"{len(self.refusals)} of {len(self.sent)} messages were refused: {self.refusals[0]}")

    def _frame(self, socket: Socket, frame: Json) -> None:
        now = time.perf_counter()
        key = frame.get("done")
        if key is not None:
            if key.startswith(self.mark):
                number = int(key[24:], 16)
                self.acknowledged[number] = now
                self._finish(number)
            return
        for message in frame.get("messages", ()):
            body = message.get("body") or ""
            if body.startswith(self.mark):
                number = int(body[8:20], 16)
                if self._sender[number] != self._place[socket] and math.isnan(self.delivered[number]):
                    self.delivered[number] = now
                    self._finish(number)
        if "refused" in frame:
            self.refusals.append(frame)

    def _finish(self, number: int) -> None:
        if not (math.isnan(self.acknowledged[number]) or math.isnan(self.delivered[number])):
            self.on_finished(self._sender[number])


def places(ends: Ends, in_flight: int) -> list[int]:
    """The senders of a closed loop, one for each message in flight; they repeat when there are more messages than people."""
    return [number % len(ends.sockets) for number in range(in_flight)]


async def closed_loop(load: Load, ends: Ends, in_flight: int, seconds: float) -> None:
    """Keep exactly `in_flight` messages under way for so long, and return while the last of them are still under way."""
    load.on_finished = load.send
    for place in places(ends, in_flight):
        load.send(place)
    await asyncio.sleep(seconds)
    load.on_finished = lambda place: None


async def open_loop(load: Load, ends: Ends, rate: float, seconds: float) -> None:
    """Send at a fixed rate whatever comes back, round and round through all sockets.

    The event loop's timer counts whole milliseconds: at high rates a few messages leave together, up to one millisecond after
    they were meant to, and that millisecond is charged to the server like any other wait.
    """
    schedule = Schedule(rate, time.perf_counter())
    total = math.floor(rate * seconds)
    while len(load.sent) < total:
        for number in schedule.due(time.perf_counter()):
            if number < total:
                load.send(number % len(ends.sockets), schedule.intended(number))
        await asyncio.sleep(0.001)
