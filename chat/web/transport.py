"""How a socket's bytes leave: who does not take them is cut off, whatever the operating system would still hold for them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from struct import pack
from typing import Any, cast

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import CloseCode
from websockets.http11 import Request
from websockets.protocol import OPEN

SLOW = 10.0  # seconds for which the other side may take nothing
GOODBYE = 2.0  # seconds for which a server that stops waits for the other side's goodbye
WRITE = "quietroom.write"  # the name of `Impatient.write_texts` among the scope's extensions
_TEXT = 0x81  # a whole text frame
_SMALL, _LARGE = 126, 65_536  # bytes from which the length takes two bytes more, and eight


class Impatient(WebSocketsSansIOProtocol):
    """uvicorn's protocol, which would wait for a slow reader even to say goodbye. After SLOW seconds the connection is cut."""

    _end: asyncio.TimerHandle | None = None

    def handle_connect(self, event: Request) -> None:
        """Let the application write without a detour."""
        super().handle_connect(event)
        if not self.close_sent:
            extensions = cast(dict[str, Any], self.scope["extensions"])
            extensions[WRITE] = self.write_texts

    def write_texts(self, texts: Sequence[bytes]) -> bool:
        """Write text frames at once. False, and nothing written, where they must wait or the connection ends: `send` them then.

        A message makes three frames, and the way through ASGI costs as much as making and encoding them.
        """
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
        """Nobody is there to wait for."""
        self._stop()
        super().connection_lost(exc)

    def _stop(self) -> None:
        if self._end is not None:
            self._end.cancel()
            self._end = None
