"""The client's half of the WebSocket wire as plain functions on bytes: no input or output, and cheap enough to drive a server."""

import base64
import os
from collections.abc import Iterator

TEXT, CLOSE, PING, PONG = 0x1, 0x8, 0x9, 0xA
SUBPROTOCOL = "quietroom.v1"


def upgrade(host: str, path: str, origin: str, cookie: str) -> bytes:
    """The opening request; it offers no compression, as the product would refuse it."""
    lines = [
        f"GET {path} HTTP/1.1",
        f"Host: {host}",
        "Connection: Upgrade",
        "Upgrade: websocket",
        f"Origin: {origin}",
        f"Cookie: {cookie}",
        "Sec-WebSocket-Version: 13",
        f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}",
        f"Sec-WebSocket-Protocol: {SUBPROTOCOL}",
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def frame(payload: bytes, opcode: int = TEXT) -> bytes:
    """A masked frame whose mask is zero: the server unmasks as always, while the generator saves itself the work.

    A random mask guards proxies against scripts in browsers; on the loopback address there is neither.
    """
    size = len(payload)
    if size < 126:
        return bytes((0x80 | opcode, 0x80 | size, 0, 0, 0, 0)) + payload
    if size < 65536:
        return bytes((0x80 | opcode, 0xFE, size >> 8, size & 255, 0, 0, 0, 0)) + payload
    raise ValueError("the product closes a connection that sends more than 64 KiB in a frame")


class Frames:
    """Cuts the bytes of a server into frames."""

    __slots__ = ("_rest",)

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        """Opcode and payload of every frame that is complete with these bytes."""
        if self._rest:
            data = self._rest + data
        at, end = 0, len(data)
        while end - at >= 2:
            size, start = data[at + 1], at + 2
            if size >= 126:
                width = 2 if size == 126 else 8
                start += width
                if start > end:
                    break
                size = int.from_bytes(data[at + 2 : start], "big")
            if start + size > end:
                break
            yield data[at] & 0x0F, data[start : start + size]
            at = start + size
        self._rest = data[at:]
