"""Without a mail server: each mail, and each text, becomes a file, to be looked at and clicked through."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

from chat.delivery.post import Mail
from chat.lib import clock


class Outbox:
    """A folder of .eml files, the newest last by name; one for all attempts of an alert."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextlib.asynccontextmanager
    async def counter(self) -> AsyncIterator[Outbox]:
        """The folder is always open."""
        yield self

    async def deliver(self, mail: Mail) -> None:
        """Write one file, whole or not at all."""
        await asyncio.to_thread(self._write, mail)

    async def close(self) -> None:
        """Nothing is kept open."""

    def _write(self, mail: Mail) -> None:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self._folder / f"{clock.now()}-{mail.name}.eml"
        half = path.with_suffix(".part")
        with open(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(mail.content)
        half.rename(path)


class TextOutbox(Outbox):
    """Texts in the same folder, as mails to a number."""

    async def deliver(self, mail: Mail) -> None:
        """Write one file, whole or not at all."""
        date = format_datetime(datetime.fromtimestamp(clock.now() // clock.SECOND, UTC))
        head = f"To: {mail.address}\r\nSubject: Text message\r\nDate: {date}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
        await super().deliver(replace(mail, content=head.encode() + mail.content))
