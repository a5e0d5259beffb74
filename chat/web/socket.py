"""The socket: one loop takes commands, one after the other; one sends what changed. The feed is state: see `queries.changes`."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from chat.lib import clock, json, metrics
from chat.queries.changes import Answer, Change, hello
from chat.queries.mass_messages import Progress
from chat.queries.sessions import SignedIn
from chat.runtime import Listener
from chat.web.answers import LOCKED, DoorError, error_view, refusal
from chat.web.commands import carry_out
from chat.web.desk import Desk, desk_of, parsed, signed_in
from chat.web.languages import speaker
from chat.web.pace import PENALTY
from chat.web.transport import WRITE

log = logging.getLogger(__name__)

PROTOCOL = "quietroom.v1"
FAULTS = 20  # malformed frames that a connection may send
ENDED, TOO_MANY, UNSUPPORTED = 4401, 1008, 1003


async def socket(websocket: WebSocket) -> None:
    """GET /ws"""
    desk = desk_of(websocket)
    try:
        session = await signed_in(websocket, locked_too=True)
    except DoorError:
        await websocket.close(ENDED)
        return
    if PROTOCOL not in websocket.scope.get("subprotocols", ()):
        await websocket.close(TOO_MANY)
        return
    try:
        with desk.paces.connection(session.who.session or 0):
            await _connected(websocket, desk, session)
    except DoorError as error:
        await _refuse(websocket, error)


async def _refuse(websocket: WebSocket, error: DoorError) -> None:
    if "websocket.http.response" in websocket.scope.get("extensions", {}):
        await websocket.send_denial_response(refusal(error))
    else:
        await websocket.close(TOO_MANY)


async def _connected(websocket: WebSocket, desk: Desk, session: SignedIn) -> None:
    epoch, change, unread = await desk.runtime.ask(hello, who=session.who)
    listener = Listener(session.who, change, locked=session.locks_at <= clock.now())
    await websocket.accept(PROTOCOL)
    line = Line(websocket, desk, listener, epoch)
    await line.send({"hello": f"{epoch}.{change}", "version": desk.version} | ({} if session.who.scope else {"unread": unread}))
    since = websocket.query_params.get("since")
    if since is not None:
        await line.resume(since, change)
    await line.serve()


class Line:
    """One open socket."""

    def __init__(self, websocket: WebSocket, desk: Desk, listener: Listener, epoch: str) -> None:
        self.websocket, self.desk, self.listener, self.epoch = websocket, desk, listener, epoch
        self.faults = 0
        # What the feed brings is written by whoever brings it, not in this connection's own context.
        self._say = speaker()
        self.told = False  # that the session is locked
        self._sending = False  # a frame waits for the other side: what comes meanwhile waits behind it
        self._write: Callable[[Sequence[bytes]], bool] = websocket.scope.get("extensions", {}).get(WRITE, lambda _: False)
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
                tasks.create_task(self._in(out))
        except* (WebSocketDisconnect, RuntimeError, OSError) as errors:
            log.debug("A socket closed: %s", [type(error).__name__ for error in errors.exceptions])
        finally:
            live.leave(self.listener)
            if self.websocket.application_state == WebSocketState.CONNECTED:
                with contextlib.suppress(RuntimeError, OSError, WebSocketDisconnect):
                    await self.websocket.close(TOO_MANY)

    async def send(self, frame: dict[str, Any]) -> None:
        """Send a frame. It waits while the other side takes nothing; `transport` ends that after a while."""
        await self._send(json.encode(frame, self._say))

    async def _send(self, text: bytes) -> None:
        if not self._write((text,)):
            await self.websocket.send({"type": "websocket.send", "text": text.decode()})

    def _take(self, answer: Answer) -> bool:
        """Write an answer of the feed at once, without waking `_out`, if nothing is before it."""
        if self._sending or self.listener.locked or self.listener.ended:
            return False
        try:
            return self._write(self._frames(answer))
        except Exception:
            return False  # `_out` meets it again, and ends this socket alone

    async def _in(self, out: asyncio.Task[None]) -> None:
        try:
            while True:
                message = await self.websocket.receive()
                if message["type"] == "websocket.disconnect":
                    return
                text = message.get("text")
                if text is None:
                    await self.websocket.close(UNSUPPORTED)
                    return
                await self._command(text)
                if self.faults > FAULTS:
                    await self.websocket.close(TOO_MANY)
                    return
        finally:
            out.cancel()

    async def _command(self, text: str) -> None:
        key: str | None = None
        try:
            fields = parsed(text)
            given = fields.get("key")
            key = given if isinstance(given, str) and len(given) <= 64 else None
            name = fields.pop("do", None)
            self.desk.paces.commands.take(self.listener.who.session or 0)
            if self.listener.locked:
                raise DoorError(*LOCKED)
            if not isinstance(name, str) or key is None:
                raise DoorError(400, "invalid", "A command has a name (“do”) and a key, both strings.")
            result = await carry_out(self.desk, self.listener.who, name, fields)
        except Exception as error:
            status, view = error_view(error)
            if status == 500:
                metrics.FAULTS.inc()
                log.exception("A command failed.")
            self.faults += key is None
            await self.send({"refused": key, "error": view})
            if status == 429:
                # Nothing is read meanwhile: who does not wait fills only the network's own buffers.
                await asyncio.sleep(PENALTY)
        else:
            await self.send({"done": key, "result": result})

    async def _out(self) -> None:
        while True:
            await self.listener.wake.wait()
            self.listener.wake.clear()
            self._sending = True
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
