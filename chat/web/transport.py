"""How a socket's bytes leave: who does not take them is cut off, whatever the operating system would still hold for them."""

from __future__ import annotations

import asyncio

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

SLOW = 10.0  # seconds for which the other side may take nothing


class Impatient(WebSocketsSansIOProtocol):
    """uvicorn's protocol, which would wait for a slow reader even to say goodbye. After SLOW seconds the connection is cut."""

    _end: asyncio.TimerHandle | None = None

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
