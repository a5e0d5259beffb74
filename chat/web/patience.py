"""How long and how large a request may be on its way in. The library waits for ever, and takes headers of any size."""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD = 10.0  # seconds for the request line and all headers, from the connection or their first byte on
HEAD_BYTES = 32 * 1024
GRACE, RATE = 20.0, 2_048  # a body may take so many seconds, and one more for each so many bytes that came
_CLOSE = "HTTP/1.1 {}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"


class Timely(HttpToolsProtocol):
    """uvicorn's protocol with an end: who sends a request byte by byte holds a connection for seconds, not for ever."""

    _timer: asyncio.TimerHandle | None = None
    _size = 0
    _since = 0.0
    _headed = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Somebody is there, and should say what they want."""
        super().connection_made(transport)  # type: ignore[arg-type]
        self._expect(HEAD, headed=False)

    def on_message_begin(self) -> None:
        """The first byte of a request, also of a later one on the same connection."""
        super().on_message_begin()
        self._expect(HEAD, headed=False)

    def on_headers_complete(self) -> None:
        """From here on the body counts."""
        super().on_headers_complete()
        self._expect(GRACE, headed=True)

    def on_body(self, body: bytes) -> None:
        """Each piece buys time for the next."""
        super().on_body(body)
        self._size += len(body)

    def on_message_complete(self) -> None:
        """All of it is here; the answer takes its own time."""
        super().on_message_complete()
        self._stop()

    def handle_websocket_upgrade(self) -> None:
        """A socket has its own heartbeat."""
        self._stop()
        super().handle_websocket_upgrade()
        self.parser = None  # type: ignore[assignment]  # it holds this protocol, as this one does it

    def data_received(self, data: bytes) -> None:
        """Count what comes before the body."""
        super().data_received(data)
        if self._headed or self.transport.is_closing():
            return
        # After it was read: a request that begins with these bytes begins to count at 0.
        self._size += len(data)
        if self._size > HEAD_BYTES:
            self._refuse("431 Request Header Fields Too Large")

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is expected any more."""
        self._stop()
        super().connection_lost(exc)

    def _expect(self, seconds: float, *, headed: bool) -> None:
        self._stop()
        self._headed, self._since, self._size = headed, self.loop.time(), 0
        self._timer = self.loop.call_later(seconds, self._look)

    def _look(self) -> None:
        if self.transport.is_closing():
            return
        left = self._since + GRACE + self._size / RATE - self.loop.time()
        if not self._headed:
            self._refuse("408 Request Timeout")
        elif left > 0 or self.flow.read_paused:
            # While the application does not read, the other side cannot send.
            self._timer = self.loop.call_later(max(left, 1.0), self._look)
        else:
            self.transport.abort()

    def _refuse(self, status: str) -> None:
        self._stop()
        self.transport.write(_CLOSE.format(status).encode())
        self.transport.close()

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
