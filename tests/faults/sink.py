"""A mail server as a process of its own, so that it can be killed; its arguments are a port and a folder.

A mail is a file before it is answered with 250; its name begins with the Message-ID.
"""

from __future__ import annotations

import signal
import sys
import threading
from email import message_from_bytes, policy
from pathlib import Path
from uuid import uuid4

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope, Session

PROGRAM = f"{__name__}:main"


class Keeper:
    """aiosmtpd's handler: one file for each mail."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def handle_DATA(self, server: object, session: Session, envelope: Envelope) -> str:
        """A whole message came."""
        content = envelope.original_content or b""
        name = message_from_bytes(content, policy=policy.default)["Message-ID"].strip("<>").partition("@")[0]
        half = self._folder / f"{uuid4()}.part"
        half.write_bytes(content)
        half.rename(self._folder / f"{name}-{uuid4()}.eml")
        return "250 Kept"


def main() -> None:
    """Serve until SIGTERM."""
    port, folder = sys.argv[1:]
    Path(folder).mkdir(exist_ok=True)
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    controller = Controller(Keeper(Path(folder)), hostname="127.0.0.1", port=int(port))
    controller.start()
    ended.wait()
    controller.stop()
