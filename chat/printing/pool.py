"""PDFs are made one at a time, in a process of their own that other work does not feel, and that can be ended at any moment."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from chat.lib.sentences import Sentence
from chat.printing.frames import DONE, HEAD, STEP, TOO_LARGE, frame

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE = 60.0  # seconds for one document
WAITING = 8  # documents in line, the one being made included
LARGEST = 256 << 20  # bytes of a PDF
_BUSY = Sentence("Other PDFs are being made at the moment. Please try again in a minute.")

Steps = AsyncIterator[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of document, and what a person is told where there is none."""

    name: str
    large: str
    failed: str


_CONVERSATIONS = _Kind(
    "conversations",
    Sentence("This is too much for one PDF. Please select fewer conversations."),
    Sentence("The PDF could not be made. Nothing was marked as read; please try again."),
)
_CONTACT_LOG = _Kind(
    "contact_log",
    Sentence("This contact log is too long for one PDF. Its CSV has no such limit."),
    Sentence("The PDF could not be made. Please try again."),
)


class PrintFailed(Exception):
    """No PDF was made; the message says what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Printer:
    """The one printing process of a server process, started when it is first needed."""

    def __init__(self, patience: float = PATIENCE) -> None:
        self._patience = patience
        self._turn = asyncio.Lock()
        self._line = 0
        self._process: asyncio.subprocess.Process | None = None

    @property
    def process_id(self) -> int | None:
        """The printing process, while there is one."""
        return self._process.pid if self._process and self._process.returncode is None else None

    async def conversations(self, printout: Mapping[str, Any], steps: Steps) -> bytes:
        """The PDF of the `steps`: {"begin": conversation}, {"add": messages}, {"drop": true}. PrintFailed says why there is none.

        Whoever stops waiting ends the work: the process is killed, and the next document gets a new one.
        """
        return await self._document(_CONVERSATIONS, printout, steps)

    async def contact_log(self, head: Mapping[str, Any], steps: Steps) -> bytes:
        """The PDF of a contact log; `steps`: {"add": entries}."""
        return await self._document(_CONTACT_LOG, head, steps)

    async def _document(self, kind: _Kind, head: Mapping[str, Any], steps: Steps) -> bytes:
        if self._line >= WAITING:
            raise PrintFailed(_BUSY)
        self._line += 1
        try:
            async with self._turn:
                return await self._made(kind, head, steps)
        finally:
            self._line -= 1

    async def close(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is not None and process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    async def _made(self, kind: _Kind, head: Mapping[str, Any], steps: Steps) -> bytes:
        try:
            async with asyncio.timeout(self._patience):
                return await self._talk(kind, head, steps)
        except TimeoutError as error:
            await self.close()
            raise PrintFailed(kind.large) from error
        except (ConnectionError, asyncio.IncompleteReadError) as error:
            await self.close()
            raise PrintFailed(kind.failed) from error
        except BaseException:
            await self.close()
            raise

    async def _talk(self, kind: _Kind, head: Mapping[str, Any], steps: Steps) -> bytes:
        process = await self._started()
        source, sink = process.stdout, process.stdin
        assert source is not None and sink is not None  # noqa: S101, PT018  both are pipes
        await _say(sink, {kind.name: head})
        async for step in steps:
            await _say(sink, step)
        await _say(sink, {"finish": True})
        mark, length = HEAD.unpack(await source.readexactly(HEAD.size))
        if mark != DONE or length > LARGEST:
            raise PrintFailed(kind.large if mark in {TOO_LARGE, DONE} else kind.failed)
        return await source.readexactly(length)

    async def _started(self) -> asyncio.subprocess.Process:
        if self._process is None or self._process.returncode is not None:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "chat.printing"),
                cwd=ROOT,
                env=_environment(),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                start_new_session=True,
            )
        return self._process


async def _say(sink: asyncio.StreamWriter, step: Mapping[str, Any]) -> None:
    sink.write(frame(STEP, orjson.dumps(step)))
    await sink.drain()


def _environment() -> dict[str, str]:
    """Nothing of ours, the keys least of all; only what an interpreter needs to find itself."""
    kept = ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT", "TZDIR", "PYTHONHOME")
    return {name: os.environ[name] for name in kept if name in os.environ} | {"PYTHONPATH": str(ROOT)}
