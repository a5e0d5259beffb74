"""Conversations to take along: a ZIP with PDFs of them and their files, made and sent piece by piece.

No more than one PDF's worth of messages and one file's record is held at a time, however much there is. Whoever stops
taking the pieces ends the work.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from chat.errors import NotFound
from chat.lib.archives import Archive, safe_name
from chat.lib.blobs import Damaged, Storage
from chat.lib.clock import SECOND
from chat.lib.languages import ENGLISH, said
from chat.lib.sentences import Sentence
from chat.printing.communications import Told, collection, told
from chat.printing.pool import Printer
from chat.queries.attachments import Fetch
from chat.queries.prints import PrintedConversation, PrintedFile, PrintedStep

ROOM = 2_000  # messages a PDF, or as much in long ones
LONG = 2_000  # characters that count as one message
DAMAGED = Sentence(
    "This file is damaged in storage and could not be exported. The practice's operator can restore it from a backup."
)


@dataclass(frozen=True)
class Source:
    """Where it comes from. `messages(talk, after)` may say NotFound of what was taken away meanwhile, `file` None."""

    talks: AsyncIterator[PrintedConversation]
    messages: Callable[[PrintedConversation, int], Awaitable[PrintedStep]]
    file: Callable[[int], Awaitable[Fetch | None]]


class _Course:
    """The way through all conversations, as much at a time as one PDF holds."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._talk: PrintedConversation | None = None
        self._after = 0
        self.files: list[PrintedFile] = []  # of what the last PDF holds
        self.told: list[Told] = []  # the same for other programs
        self.written = 0

    async def more(self) -> bool:
        """Whether there is a conversation to go on with."""
        if self._talk is None:
            self._talk, self._after = await anext(self._source.talks, None), 0
        return self._talk is not None

    async def steps(self) -> AsyncIterator[Mapping[str, Any]]:
        """What the printing process is told for the next PDF."""
        self.files, self.told, self.written, room = [], [], 0, ROOM
        while room > 0 and await self.more():
            yield {"begin": self._talk}
            self.written += 1
            while room > 0 and self._talk is not None:
                try:
                    step = await self._source.messages(self._talk, self._after)
                except NotFound:
                    self._talk, self.written = None, self.written - 1
                    yield {"drop": True}
                    break
                room -= sum(1 + len(message["body"]) // LONG for message in step.messages)
                self.files += step.files
                self.told += told(self._talk, step, self.told)
                self._talk, self._after = (self._talk, step.next) if step.next is not None else (None, 0)
                yield {"add": step.messages}


class Bundle:
    """One ZIP in the making."""

    def __init__(
        self, printer: Printer, blobs: Storage, head: Mapping[str, Any], source: Source, outer: Callable[[str, int], str]
    ) -> None:
        """`outer` makes an id for the outside of a kind and a number."""
        self._printer, self._blobs, self._head, self._source, self._outer = printer, blobs, head, source, outer
        self._archive = Archive()
        self._entry: Generator[bytes, None, None] | None = None  # the file that is being added

    async def pieces(self, more: AsyncIterator[tuple[str, bytes]] | None = None) -> AsyncIterator[bytes]:
        """The ZIP's bytes: the PDFs, each followed by its files, and then `more`, given as (name, content).

        PrintFailed if a PDF cannot be made: then what came so far is no whole ZIP.
        """
        try:
            async for piece in self._pieces(more):
                yield piece
        finally:
            # Where it broke off, the file that was being added comes before what holds it.
            with contextlib.suppress(ValueError):  # a thread still writes that file, and ends by itself
                if self._entry is not None:
                    self._entry.close()
                self._archive.close()

    async def _pieces(self, more: AsyncIterator[tuple[str, bytes]] | None) -> AsyncIterator[bytes]:
        course, number = _Course(self._source), 0
        while await course.more():
            document = await self._printer.conversations(self._head, course.steps())
            if course.written:
                number += 1
                async for piece in self._add(f"messages-{number}.pdf", [document], self._head["now"]):
                    yield piece
            places: dict[int, str] = {}  # where the files lie in the ZIP
            for file in course.files:
                async for piece in self._file(file, places):
                    yield piece
            if course.told:
                resources = collection(course.told, places, self._outer, self._head["now"])
                async for piece in self._add(f"messages-{number}.fhir.json", resources, self._head["now"]):
                    yield piece
        if more is not None:
            async for name, content in more:
                async for piece in self._add(name, [content], self._head["now"]):
                    yield piece
        yield self._archive.close()

    async def _file(self, file: PrintedFile, places: dict[int, str]) -> AsyncIterator[bytes]:
        found = await self._source.file(file.id)
        if found is None:
            return  # taken away meanwhile
        day = datetime.fromtimestamp(file.sent_at / SECOND, UTC).date()
        name = f"files/{day} {safe_name(file.name)}"
        # Proven before its first byte goes in: a file that breaks off in the middle looks whole from outside.
        whole = await asyncio.to_thread(_whole, self._blobs, found)
        if whole:
            content: Iterable[bytes] = self._blobs.get(found.storage, found.key)
        else:
            name, content = f"{name}.damaged.txt", [self._said(DAMAGED)]
        async for piece in self._add(name, content, file.sent_at):
            yield piece
        if whole:
            places[file.id] = self._archive.newest

    def _said(self, text: str) -> bytes:
        """A line in the language of the papers."""
        return f"{said(text, self._head.get('language', ENGLISH))}\n".encode()

    async def _add(self, name: str, content: Iterable[bytes], at: int) -> AsyncIterator[bytes]:
        self._entry = self._archive.add(name, content, at)
        while (piece := await asyncio.to_thread(next, self._entry, None)) is not None:
            if piece:
                yield piece


def _whole(blobs: Storage, found: Fetch) -> bool:
    try:
        for _ in blobs.get(found.storage, found.key):
            pass
    except Damaged:
        return False
    return True
