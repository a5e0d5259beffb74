"""Bundles: everything once, a PDF's worth at a time, and nothing left running when nobody waits for it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from chat.errors import NotFound
from chat.lib.blobs import Blobs
from chat.printing import Printer, bundles
from chat.printing.bundles import Bundle, Source
from chat.queries.attachments import Fetch
from chat.queries.prints import PrintedFile, PrintedStep
from tests.people import NOON
from tests.printing.paper import conversation, message, pages, printout

pytestmark = pytest.mark.anyio


@pytest.fixture
async def printer() -> AsyncIterator[Printer]:
    """A printing process of the test's own."""
    found = Printer()
    yield found
    await found.close()


def outer(kind: str, number: int) -> str:
    """An id for the outside."""
    return f"{kind}-{number}"


class House:
    """Conversations in memory, a step at a time, with files in a real folder."""

    def __init__(self, folder: Path, *talks: list[str], step: int = 2) -> None:
        self.blobs, self.talks, self.step = Blobs(folder), list(talks), step
        self.files: dict[int, Fetch] = {}
        self.enclosed: dict[tuple[int, int], list[PrintedFile]] = {}
        self.taken: set[int] = set()

    def enclose(self, talk: int, seq: int, name: str, data: bytes) -> str:
        """A file of a message; the answer is its name in storage."""
        number = len(self.files) + 1
        storage, key = self.blobs.put(data)
        self.files[number] = Fetch(storage, key, name, "text/plain", len(data), None, None, None)
        self.enclosed.setdefault((talk, seq), []).append(PrintedFile(number, name, NOON))
        return storage

    def source(self) -> Source:
        """As the doors have one."""

        async def talks() -> AsyncIterator[Any]:
            for number in range(len(self.talks)):
                yield conversation(f"Talk {number}") | {"id": number, "newest": len(self.talks[number])}

        async def messages(talk: Any, after: int) -> PrintedStep:
            if talk["id"] in self.taken:
                raise NotFound
            bodies = self.talks[talk["id"]]
            seqs = range(after + 1, min(after + self.step, len(bodies)) + 1)
            files = [file for seq in seqs for file in self.enclosed.get((talk["id"], seq), [])]
            last = seqs[-1] if seqs and seqs[-1] < len(bodies) else None
            return PrintedStep([message(bodies[seq - 1], seq) for seq in seqs], last, files)  # type: ignore[misc]

        async def file(number: int) -> Fetch | None:
            return self.files.get(number)

        return Source(talks(), messages, file)

    async def bundle(self, printer: Printer, more: Any = None, **head: Any) -> zipfile.ZipFile:
        """The ZIP, whole."""
        made = Bundle(printer, self.blobs, printout() | head, self.source(), outer)
        found = zipfile.ZipFile(io.BytesIO(b"".join([piece async for piece in made.pieces(more)])))
        assert found.testzip() is None
        return found


def cut(blobs: Blobs, name: str) -> None:
    """Lose the end of a stored file."""
    path = blobs.folder / name[:2] / f"{name}.sealed"
    path.write_bytes(path.read_bytes()[:-100])


async def test_every_message_is_there_once_and_every_file(printer: Printer, tmp_path: Path) -> None:
    house = House(tmp_path, ["alpha", "beta", "gamma"], ["delta"])
    house.enclose(0, 3, "letter.txt", b"Dear all")
    house.enclose(1, 1, "letter.txt", b"Yours")
    found = await house.bundle(printer)
    assert found.namelist() == ["messages-1.pdf", "files/2026-03-04 letter.txt", "files/2026-03-04 letter (2).txt"]
    text = "".join(pages(found.read("messages-1.pdf")))
    assert [text.count(word) for word in ("alpha", "beta", "gamma", "delta")] == [1, 1, 1, 1]
    assert found.read("files/2026-03-04 letter.txt") == b"Dear all"


async def test_more_than_one_pdf_holds_is_several_and_a_long_conversation_goes_on_in_the_next(
    printer: Printer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundles, "ROOM", 2)
    house = House(tmp_path, ["one", "two", "three"], ["four"])
    found = await house.bundle(printer)
    texts = ["".join(pages(found.read(name))) for name in found.namelist()]
    assert found.namelist() == ["messages-1.pdf", "messages-2.pdf"]
    assert [[word in text for word in ("one", "two", "three", "four")] for text in texts] == [
        [True, True, False, False],
        [False, False, True, True],
    ]


async def test_long_messages_count_as_several(printer: Printer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundles, "ROOM", 3)
    monkeypatch.setattr(bundles, "LONG", 10)
    house = House(tmp_path, ["x" * 30, "short"], step=1)
    assert (await house.bundle(printer)).namelist() == ["messages-1.pdf", "messages-2.pdf"]


async def test_what_is_taken_away_meanwhile_stays_out(printer: Printer, tmp_path: Path) -> None:
    house = House(tmp_path, ["mine"], ["taken"])
    house.enclose(0, 1, "gone.txt", b"x")
    house.taken.add(1)
    house.files.clear()
    found = await house.bundle(printer)
    assert found.namelist() == ["messages-1.pdf"]
    assert "taken" not in "".join(pages(found.read("messages-1.pdf")))


async def test_if_all_is_taken_away_there_is_no_empty_pdf(printer: Printer, tmp_path: Path) -> None:
    house = House(tmp_path, ["taken"])
    house.taken.add(0)
    assert (await house.bundle(printer)).namelist() == []


async def test_a_damaged_file_is_named_and_the_rest_is_whole(printer: Printer, tmp_path: Path) -> None:
    house = House(tmp_path, ["one"])
    name = house.enclose(0, 1, "scan.pdf", b"y" * 200_000)
    house.enclose(0, 1, "fine.txt", b"fine")
    cut(house.blobs, name)
    found = await house.bundle(printer)
    assert found.namelist()[1:] == ["files/2026-03-04 scan.pdf.damaged.txt", "files/2026-03-04 fine.txt"]
    assert b"damaged in storage" in found.read(found.namelist()[1])
    spanish = await house.bundle(printer, language="es")
    assert "Este archivo está dañado en el almacenamiento" in spanish.read(found.namelist()[1]).decode()


async def test_what_else_belongs_to_it_comes_last(printer: Printer, tmp_path: Path) -> None:
    async def more() -> AsyncIterator[tuple[str, bytes]]:
        yield "contact-log.pdf", b"%PDF"

    found = await House(tmp_path, ["one"]).bundle(printer, more())
    assert found.namelist() == ["messages-1.pdf", "contact-log.pdf"]
    assert found.read("contact-log.pdf") == b"%PDF"


async def test_whoever_stops_taking_it_ends_the_work(printer: Printer, tmp_path: Path) -> None:
    house = House(tmp_path, ["one"])
    house.enclose(0, 1, "large.txt", b"z" * 500_000)
    pieces = Bundle(printer, house.blobs, printout(), house.source(), outer).pieces()
    await anext(pieces)
    await pieces.aclose()  # type: ignore[attr-defined]
    with pytest.raises(StopAsyncIteration):
        await anext(pieces)
