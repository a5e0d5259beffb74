"""The process that makes PDFs: one for all, ended when nobody waits, and never the server's own trouble."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from chat.printing import Printer, PrintFailed, pool
from tests.printing.paper import conversation, message, pages, printout

pytestmark = pytest.mark.anyio


@pytest.fixture
async def printer() -> AsyncIterator[Printer]:
    """A printer that leaves no process behind."""
    made = Printer()
    yield made
    await made.close()


async def steps(*bodies: str) -> AsyncIterator[dict[str, Any]]:
    """One conversation, a message at a time."""
    yield {"begin": conversation()}
    for seq, body in enumerate(bodies, 1):
        yield {"add": [message(body, seq)]}


async def stuck(started: asyncio.Event) -> AsyncIterator[dict[str, Any]]:
    """A conversation that never comes to its end."""
    yield {"begin": conversation()}
    started.set()
    await asyncio.Event().wait()


def alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def environment(process: int | None) -> bytes:
    return Path(f"/proc/{process}/environ").read_bytes()


async def test_one_process_makes_one_document_after_the_other(printer: Printer) -> None:
    first = await printer.conversations(printout(), steps("canary one"))
    process = printer.process_id
    second, third = await asyncio.gather(
        printer.conversations(printout(), steps("canary two")), printer.conversations(printout(), steps("canary three"))
    )
    assert printer.process_id == process
    for pdf, word in ((first, "one"), (second, "two"), (third, "three")):
        assert "canary " + word in pages(pdf)[0]
        assert pages(pdf)[0].count("canary") == 1


async def test_the_process_steps_back_and_gets_none_of_our_secrets(printer: Printer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUIETROOM_KEYS", "secret")
    await printer.conversations(printout(), steps("Hello"))
    assert b"secret" not in environment(printer.process_id)
    assert os.getpriority(os.PRIO_PROCESS, printer.process_id or 0) > os.getpriority(os.PRIO_PROCESS, 0)


async def test_a_dropped_conversation_leaves_no_page(printer: Printer) -> None:
    async def told() -> AsyncIterator[dict[str, Any]]:
        async for step in steps("kept"):
            yield step
        async for step in steps("taken away"):
            yield step
        yield {"drop": True}

    found = pages(await printer.conversations(printout(), told()))
    assert len(found) == 1
    assert "kept" in found[0]


async def test_who_stops_waiting_ends_the_process(printer: Printer) -> None:
    started = asyncio.Event()
    work = asyncio.create_task(printer.conversations(printout(), stuck(started)))
    await started.wait()
    process = printer.process_id
    assert process is not None
    work.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await work
    assert not alive(process)
    assert "again" in pages(await printer.conversations(printout(), steps("again")))[0]


async def test_a_killed_process_is_a_sentence_and_the_next_document_gets_another(printer: Printer) -> None:
    started = asyncio.Event()
    work = asyncio.create_task(printer.conversations(printout(), killed(printer, started)))
    with pytest.raises(PrintFailed, match="Nothing was marked as read"):
        await work
    assert "again" in pages(await printer.conversations(printout(), steps("again")))[0]


async def killed(printer: Printer, started: asyncio.Event) -> AsyncIterator[dict[str, Any]]:
    """The process is gone in the middle."""
    yield {"begin": conversation()}
    started.set()
    assert printer.process_id is not None
    os.kill(printer.process_id, signal.SIGKILL)
    for seq in range(1, 200):
        yield {"add": [message("x" * 10_000, seq)]}


async def test_what_takes_too_long_is_given_up() -> None:
    hasty = Printer(patience=0.0)
    with pytest.raises(PrintFailed, match="select fewer"):
        await hasty.conversations(printout(), stuck(asyncio.Event()))
    assert hasty.process_id is None


async def test_what_cannot_be_printed_is_a_sentence(printer: Printer) -> None:
    async def broken() -> AsyncIterator[dict[str, Any]]:
        yield {"begin": {"nonsense": 1}}
        yield {"add": [message("Hello")]}

    with pytest.raises(PrintFailed, match="could not be made"):
        await printer.conversations(printout(), broken())


async def test_a_document_without_measure_ends_only_its_process(printer: Printer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "LARGEST", 1_000)
    with pytest.raises(PrintFailed, match="too much for one PDF"):
        await printer.conversations(printout(), steps("Hello"))


async def test_a_long_line_of_documents_is_refused_at_once(printer: Printer) -> None:
    started = asyncio.Event()
    works = [asyncio.create_task(printer.conversations(printout(), stuck(started))) for _ in range(pool.WAITING)]
    await started.wait()
    with pytest.raises(PrintFailed, match="Other PDFs"):
        await printer.conversations(printout(), steps("Hello"))
    for work in works:
        work.cancel()
    await asyncio.gather(*works, return_exceptions=True)


async def test_closing_ends_the_process(printer: Printer) -> None:
    pdf = await printer.conversations(printout(), steps("Hello"))
    process = printer.process_id or 0
    await printer.close()
    assert not alive(process)
    assert pdf.startswith(b"%PDF")
