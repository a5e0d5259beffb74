"""How parent and printing process talk: a mark of one byte, a length, and so many bytes."""

from __future__ import annotations

import struct
from typing import BinaryIO

STEP, DONE, FAILED, TOO_LARGE = b"s", b"d", b"f", b"m"
HEAD = struct.Struct(">cQ")


def frame(mark: bytes, body: bytes) -> bytes:
    """One frame."""
    return HEAD.pack(mark, len(body)) + body


def write_frame(sink: BinaryIO, mark: bytes, body: bytes) -> None:
    """Write a frame at once."""
    sink.write(HEAD.pack(mark, len(body)))
    sink.write(body)
    sink.flush()


def read_frame(source: BinaryIO) -> bytes | None:
    """The next frame's body; None when no whole frame comes any more."""
    head = source.read(HEAD.size)
    if len(head) < HEAD.size:
        return None
    _, length = HEAD.unpack(head)
    body = source.read(length)
    return body if len(body) == length else None
