"""The process that makes PDFs: one after the other, from what comes in by its standard input, until that ends.

It is started with nothing of the parent's environment, holds no key, opens no database and writes no file.
"""

from __future__ import annotations

import contextlib
import logging
import os
import resource
import signal
import sys
from collections.abc import Callable
from typing import Any, BinaryIO, Protocol

import orjson

from chat.printing import fonts
from chat.printing.contact_logs import ContactLog
from chat.printing.conversations import Conversations
from chat.printing.frames import DONE, FAILED, TOO_LARGE, read_frame, write_frame

MEMORY = 1 << 30  # bytes that the process may take
SECONDS = 90  # for one document; the parent has less patience, this is for when it is gone
NICENESS = 10


class Document(Protocol):
    """What every kind of document does."""

    def take(self, step: dict[str, Any]) -> None:
        """One step of what it is to hold."""

    def finish(self) -> bytes:
        """The PDF."""


#: What the first frame of an order is named by.
KINDS: dict[str, Callable[[Any], Document]] = {"conversations": Conversations, "contact_log": ContactLog}


def main() -> None:
    """Make PDFs until the input ends."""
    _be_modest()
    source, sink = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    # Whatever a library prints must not come between the frames; and what it says of a text belongs into no log.
    sys.stdout = sys.stderr
    logging.disable()
    fonts.preload()
    while (order := read_frame(source)) is not None:
        signal.alarm(SECONDS)
        write_frame(sink, *_made(order, source))
        signal.alarm(0)


def _made(order: bytes, source: BinaryIO) -> tuple[bytes, bytes]:
    """The PDF with its mark, or the mark of a failure. A failed document's input is read to its end all the same."""
    document: Document | None = None
    failed = b""
    step: dict[str, Any] = orjson.loads(order)
    while "finish" not in step:
        if not failed:
            try:
                document = _take(document, step)
            except MemoryError:
                document, failed = None, TOO_LARGE
            except Exception:
                document, failed = None, FAILED
        following = read_frame(source)
        step = orjson.loads(following) if following is not None else {"finish": True}
    if failed or document is None:
        return failed or FAILED, b""
    try:
        return DONE, document.finish()
    except MemoryError:
        return TOO_LARGE, b""
    except Exception:
        return FAILED, b""


def _take(document: Document | None, step: dict[str, Any]) -> Document:
    if document is None:
        ((kind, head),) = step.items()
        return KINDS[kind](head)
    document.take(step)
    return document


def _be_modest() -> None:
    """Other work goes first, and a document without measure ends this process only."""
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    with contextlib.suppress(OSError):
        os.nice(NICENESS)


if __name__ == "__main__":
    main()
