"""A socket's bytes: the short way in and out for whole text frames, and an end for who takes nothing.

Each message is one frame in and three out, and through ASGI (a queue, a task that wakes, two system calls to pause and go on
reading) a frame costs more than what it carries. uvicorn's protocol keeps everything else: handshake, pings, fragments, closing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from struct import pack, unpack_from
from typing import Any, Protocol, cast

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import CloseCode
from websockets.http11 import Request
from websockets.protocol import OPEN

from chat.lib.waiting import Flag, Queue

try:
    from websockets.speedups import apply_mask
except ImportError:  # where there is no wheel for the machine
    from websockets.utils import apply_mask

SLOW = 10.0  # seconds for which the other side may take nothing
SHORT_WAY = "quietroom.short_way"  # the name of a `ShortWay` among the scope's extensions
GOODBYE = 2.0  # seconds for which a server that stops waits for the other side's goodbye
_TEXT = 0x81  # a whole text frame
_MASKED = 0x80
_SMALL, _LARGE = 126, 65_536  # bytes from which the length takes two bytes more, and eight


class ShortWay(Protocol):
    """Text frames in and out without a detour. Who does not take it up gets and sends every frame as ASGI has it."""

    def listen(self, hear: Callable[[str], None]) -> None:
        """From now on give text frames to `hear` as they come; what cannot come so is still received as ASGI has it."""

    def hold(self) -> None:
        """Read nothing more until `go_on`."""

    def go_on(self) -> None:
        """Read again."""

    def write(self, texts: Sequence[bytes]) -> bool:
        """Write at once. False, and nothing written, where they must wait or the connection ends: then `send` them."""
        ...


class Impatient(WebSocketsSansIOProtocol):
    """uvicorn's protocol with a `ShortWay`, and less patience: it would wait for a slow reader even to say goodbye."""

    _end: asyncio.TimerHandle | None = None
    _hear: Callable[[str], None] | None = None
    _whole = False  # the long way took nothing since it was seen that nothing is half read

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        # Only what these two are asked for here is asked for there.
        self.queue, self.writable = Queue(), Flag()  # type: ignore[assignment]
        self.writable.set()
        self._extensions: dict[str, Any] = {}

    def handle_connect(self, event: Request) -> None:
        """Offer the application the short way."""
        super().handle_connect(event)
        if not self.close_sent:
            self._extensions = cast(dict[str, Any], self.scope["extensions"])
            self._extensions[SHORT_WAY] = self

    def listen(self, hear: Callable[[str], None]) -> None:
        """As `ShortWay` has it. The handshake is over: what it was made of would stay as long as the connection, in vain."""
        self._hear = hear
        # websockets' parser keeps the request itself.
        self.request.headers.clear()
        self.request = self.response = None  # type: ignore[assignment]
        cast(list[Any], self.scope["headers"]).clear()

    def hold(self) -> None:
        """As `ShortWay` has it."""
        if not self.read_paused:
            self.read_paused = True
            self.transport.pause_reading()

    def go_on(self) -> None:
        """As `ShortWay` has it."""
        if self.read_paused and self.queue.empty() and not self.transport.is_closing():
            self.read_paused = False
            self.transport.resume_reading()

    def data_received(self, data: bytes) -> None:
        """Whole text frames, as nearly all are, go to who listens; from the first other one on, all take the long way."""
        at = 0
        while self._hear is not None and at < len(data) and self._between():
            text, at = whole_text(data, self.config.ws_max_size, at)
            if text is None:
                break
            self._hear(text)
        if at < len(data):
            self._whole = False
            super().data_received(data[at:] if at else data)

    def _between(self) -> bool:
        """Whether nothing is half read, nothing waits before it, and the connection is open."""
        if not self._whole:  # looking for it costs as much as the rest of a frame
            self._whole = at_frame(self.conn.parser) and self.conn.current_size is None
        return self._whole and self.queue.empty() and not (self.close_sent or self.disconnected) and self.conn.state is OPEN

    def write(self, texts: Sequence[bytes]) -> bool:
        """As `ShortWay` has it."""
        if not self.writable.is_set() or self.close_sent or self.disconnected or self.conn.state is not OPEN:
            return False
        frames: list[bytes] = []
        for text in texts:
            size = len(text)
            if size >= _LARGE:
                return False
            frames += (pack("!BB", _TEXT, size) if size < _SMALL else pack("!BBH", _TEXT, _SMALL, size), text)
        self.transport.write(b"".join(frames))
        return True

    def shutdown(self) -> None:
        """Say that the server restarts, and hear the other side out.

        A connection that is closed while bytes arrive is reset by the operating system, and the reset overtakes the goodbye.
        """
        if self.close_sent or not self.handshake_complete:
            super().shutdown()
            return
        if self.conn.state is not OPEN:
            return  # It is being closed, and only what was written before has not left yet.
        self.stop_keepalive()
        self.queue.put_nowait({"type": "websocket.disconnect", "code": CloseCode.SERVICE_RESTART})
        self.conn.send_close(CloseCode.SERVICE_RESTART)
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent, self.read_paused = True, False
        self.transport.resume_reading()
        self.close_timer = self.loop.call_later(GOODBYE, self.transport.close)

    def pause_writing(self) -> None:
        """The other side takes nothing: the time begins."""
        super().pause_writing()
        self._end = self.loop.call_later(SLOW, self.transport.abort)

    def resume_writing(self) -> None:
        """It was taken after all."""
        self._stop()
        super().resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nobody is there to wait for. What holds itself is taken apart: Python would look for such garbage late."""
        self._stop()
        super().connection_lost(exc)
        self._hear = None
        self._extensions.pop(SHORT_WAY, None)
        self.conn.parser.close()

    def _stop(self) -> None:
        if self._end is not None:
            self._end.cancel()
            self._end = None


def at_frame(parser: Any) -> bool:
    """Whether websockets' parser waits for the first byte of a frame (in `at_eof`), and not for the rest of one."""
    while parser.gi_yieldfrom is not None:
        parser = parser.gi_yieldfrom
    return bool(parser.__name__ == "at_eof")


def whole_text(data: bytes, most: int, at: int = 0) -> tuple[str | None, int]:
    """The text of the masked frame that stands in `data` at a place, and where it ends; None, and that place again, for any
    other frame or a part. What follows is not copied: a packet may hold tens of thousands of frames."""
    if len(data) < at + 6 or data[at] != _TEXT or not data[at + 1] & _MASKED:
        return None, at
    size, start = data[at + 1] & ~_MASKED, at + 6
    if size == _SMALL and len(data) >= at + 8:
        (size,), start = unpack_from("!H", data, at + 2), at + 8
    elif size >= _SMALL:
        return None, at
    end = start + size
    if len(data) < end or size > most:
        return None, at
    try:
        return apply_mask(data[start:end], data[start - 4 : start]).decode(), end
    except UnicodeDecodeError:
        return None, at
