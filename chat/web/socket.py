"""One open socket: commands in, one after the other, and what changed out. The feed is state: see `queries.changes`."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable
from contextvars import copy_context
from functools import partial
from operator import itemgetter
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from chat.lib import json, metrics
from chat.lib.waiting import Flag, Queue
from chat.queries.changes import Answer, Change
from chat.queries.mass_messages import Progress
from chat.runtime import Listener
from chat.web.answers import LOCKED, DoorError, error_view
from chat.web.command import Command
from chat.web.commands import answered, count, prepared
from chat.web.desk import Desk, parsed
from chat.web.languages import speaker
from chat.web.pace import PENALTY
from chat.web.transport import SHORT_WAY, ShortWay

log = logging.getLogger(__name__)

TOGETHER = 0.02  # seconds for which an answer may wait for the change that it made, while many are served
FAULTS = 20  # malformed frames that a connection may send
ENDED, TOO_MANY, UNSUPPORTED = 4401, 1008, 1003


class Line:
    """One open socket.

    A command is begun where its frame is read and answered where its result is told, without a task in between: that is the
    way of every message. They are carried out one after the other, and meanwhile nothing more is read.
    """

    def __init__(self, websocket: WebSocket, desk: Desk, listener: Listener, epoch: str) -> None:
        self.websocket, self.desk, self.listener, self.epoch = websocket, desk, listener, epoch
        self.faults = 0
        # What the feed brings is written by whoever brings it, not in this connection's own context.
        self._say = speaker()
        self._context = copy_context()
        self.told = False  # that the session is locked
        self._heard: Queue[str] = Queue()  # commands that wait for the one before them
        self._late: list[bytes] = []  # answers that could not be written at once: few, for no command is begun meanwhile
        self._held: list[bytes] = []  # answers that may leave together with the change that they made
        self._flushing: asyncio.TimerHandle | None = None
        self._busy = False  # a command is under way, or about to begin
        self._free = Flag()  # neither that, nor one that waits
        self._free.set()
        self._asking: asyncio.Task[None] | None = None
        self._sending = False  # a frame waits for the other side: what comes meanwhile waits behind it
        self._code = 0  # to close with
        self._short: ShortWay | None = websocket.scope.get("extensions", {}).get(SHORT_WAY)
        listener.take = self._take

    async def resume(self, since: str, change: int) -> None:
        """Begin where the device left off, or tell it to start anew: its cursor is of another database or of no use."""
        epoch, _, number = since.rpartition(".")
        if epoch == self.epoch and number.isascii() and number.isdigit() and int(number[:18]) <= change:
            self.listener.cursor = int(number[:18])
        else:
            await self.send({"reset": True})

    async def serve(self) -> None:
        """Until one of the two loops ends."""
        live = self.desk.runtime.live
        live.join(self.listener)
        self.listener.wake.set()
        try:
            async with asyncio.TaskGroup() as tasks:
                out = tasks.create_task(self._out())
                # After it nobody is answered any more, and `_in` may be waiting for an answer.
                out.add_done_callback(lambda _: self._free.set())
                tasks.create_task(self._in(out))
        except* (WebSocketDisconnect, RuntimeError, OSError) as errors:
            log.debug("A socket closed: %s", [type(error).__name__ for error in errors.exceptions])
        finally:
            live.leave(self.listener)
            if self._asking is not None:
                self._asking.cancel()
            if self.websocket.application_state == WebSocketState.CONNECTED:
                with contextlib.suppress(RuntimeError, OSError, WebSocketDisconnect):
                    await self.websocket.close(TOO_MANY)

    async def send(self, frame: dict[str, Any]) -> None:
        """Send a frame. It waits while the other side takes nothing; `transport` ends that after a while."""
        await self._send(json.encode(frame, self._say))

    async def _send(self, text: bytes) -> None:
        if self._short is None or not self._short.write((text,)):
            await self.websocket.send({"type": "websocket.send", "text": text.decode()})

    def _take(self, answer: Answer) -> bool:
        """Write an answer of the feed at once, without waking `_out`, if nothing is before it."""
        if self.listener.locked or self.listener.ended:
            return False
        try:
            return self._write(self._frames(answer))
        except Exception:
            return False  # `_out` meets it again, and ends this socket alone

    def _write(self, texts: list[bytes]) -> bool:
        """Write at once, after what was held; False, and nothing written, if anything has to wait."""
        if self._short is None or self._sending or self._late or not self._short.write(self._held + texts):
            return False
        self._held.clear()
        return True

    async def _in(self, out: asyncio.Task[None]) -> None:
        """What the short way does not bring: the first frames, those in parts, and the end."""
        if self._short is not None:
            self._short.listen(self._hear)
        try:
            while True:
                message = await self.websocket.receive()
                if message["type"] == "websocket.disconnect":
                    return
                text = message.get("text")
                if text is None:
                    await self.websocket.close(UNSUPPORTED)
                    return
                self._hear(text)
                await self._free.wait()
        finally:
            out.cancel()

    def _hear(self, text: str) -> None:
        if self._free.is_set():
            self._context.run(self._begin, text)
        else:
            self._heard.put_nowait(text)
            if self._short is not None:
                self._short.hold()

    def _begin(self, text: str) -> None:
        if self.listener.ended or self._code:
            return  # what was sent to a session that ended is sent to nobody
        self._busy = True
        self._free.clear()
        key, name = None, ""
        try:
            fields = parsed(text)
            given, called = fields.get("key"), fields.pop("do", None)
            key = given if isinstance(given, str) and len(given) <= 64 else None
            self.desk.paces.commands.take(self.listener.who.session or 0)
            if self.listener.locked:
                raise DoorError(*LOCKED)
            if not isinstance(called, str) or key is None:
                raise DoorError(400, "invalid", "A command has a name (“do”) and a key, both strings.")
            name = called
            command, what = prepared(self.desk, self.listener.who, name, fields)
            settle = partial(self._settle, key, command)
            if command.action is not None:
                self.desk.runtime.submit(command.action, self.listener.who, what, settle)
            else:
                self._asking = asyncio.get_running_loop().create_task(self._ask(command, what, settle))
        except Exception as error:
            self._refuse(key, name, error)

    async def _ask(self, command: Command, what: Any, settle: Callable[[Any], None]) -> None:
        try:
            result = await answered(self.desk, self.listener.who, command, what)
        except Exception as error:
            result = error
        settle(result)

    def _settle(self, key: str, command: Command, result: Any) -> None:
        try:
            if isinstance(result, Exception):
                raise result
            if self.listener.locked and command.action is None:
                raise DoorError(*LOCKED)  # it locked meanwhile: content has left the page, and no more of it comes
            frame: dict[str, Any] = {"done": key, "result": command.view(self.desk.wire, result)}
        except Exception as error:
            self._context.run(self._refuse, key, command.name, error)
        else:
            count(command.name)
            self._answer(frame)
            self._done()

    def _refuse(self, key: str | None, name: str, error: Exception) -> None:
        status, view = error_view(error)
        if name:
            count(name, error)
        if status == 500:
            metrics.FAULTS.inc()
            log.error("A command failed.", exc_info=error)
        self.faults += key is None
        if self.faults > FAULTS:
            self._code = TOO_MANY
            self.listener.wake.set()
        self._answer({"refused": key, "error": view})
        if status == 429:
            # Nothing is read meanwhile: who does not wait fills only the network's own buffers.
            asyncio.get_running_loop().call_later(PENALTY, self._done)
        else:
            self._done()

    def _answer(self, frame: dict[str, Any]) -> None:
        text = json.encode(frame, self._say)
        if self.desk.runtime.live.busy and not (self._short is None or self._sending or self._late):
            # The change that it made is read in a moment: one packet for both, and a system call less for each message.
            self._held.append(text)
            self._flushing = self._flushing or asyncio.get_running_loop().call_later(TOGETHER, self._flush)
        elif not self._write([text]):
            self._put_off(text)

    def _flush(self) -> None:
        self._flushing = None
        if self._held and not self._write([]):
            self._put_off()

    def _put_off(self, *texts: bytes) -> None:
        """Leave it to `_out`."""
        self._late.extend((*self._held, *texts))
        self._held.clear()
        self.listener.wake.set()

    def _done(self) -> None:
        self._busy = False
        self._next()

    def _next(self) -> None:
        """Begin the next command; while the other side does not take its answers, none is begun."""
        if self._busy or self._late or self._sending:
            return  # whoever ends that comes back here
        if not self._heard.empty():
            # Not at once: whoever sends many frames in one go does not hold the loop.
            self._busy = True
            asyncio.get_running_loop().call_soon(self._context.run, self._begin, self._heard.get_nowait())
            return
        self._free.set()
        if self._short is not None:
            self._short.go_on()

    async def _out(self) -> None:
        while True:
            await self.listener.wake.wait()
            self.listener.wake.clear()
            self._sending = True
            self._late.extend(self._held)  # one of them is empty
            self._held.clear()
            while self._late:
                await self._send(self._late.pop(0))
            if self._code:
                await self.websocket.close(self._code)
                return
            answers, self.listener.answers = self.listener.answers, []
            if self.listener.locked and not self.told:
                self.told = True
                await self.send({"locked": True})
            for answer in answers:
                for text in self._frames(answer):
                    await self._send(text)
            if self.listener.ended:
                await self.send({"ended": self.listener.ended})
                await self.websocket.close(ENDED)
                return
            self._sending = False
            self._next()

    def _frames(self, answer: Answer) -> list[bytes]:
        if self.listener.locked:
            # Content has left the page; title, dot and badge still count.
            return [json.encode({"unread": answer.unread})]
        frames = [(change.number, self._frame(change, answer.unread)) for change in answer.changes]
        frames += [(one.number, self._progress(one)) for one in answer.progress]
        if answer.clients:
            frames.append((answer.clients, {"clients": True, "cursor": f"{self.epoch}.{answer.clients}"}))
        reset = [json.encode({"reset": True})] if answer.reset else []
        return reset + [json.encode(frame, self._say) for _, frame in sorted(frames, key=itemgetter(0))]

    def _progress(self, one: Progress) -> dict[str, Any]:
        number = self.desk.wire.ids.outer("mass_message", one.id)
        frame: dict[str, Any] = {"progress": one.key, "done": one.done, "of": one.of, "mass_message": number}
        return frame | {"state": one.state, "cursor": f"{self.epoch}.{one.number}"}

    def _frame(self, change: Change, unread: int) -> dict[str, Any]:
        wire = self.desk.wire
        frame: dict[str, Any] = {"change": change.number, "cursor": f"{self.epoch}.{change.number}"}
        if self.listener.who.scope is None:
            frame["unread"] = unread
        frame["conversation"] = wire.conversation(change.conversation)
        frame["messages"] = [wire.message(message) for message in change.messages]
        return frame
