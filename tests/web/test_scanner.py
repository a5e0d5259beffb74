"""Uploads are shown to clamd first: a server of our own speaks its protocol as clamd(8) has it."""

import asyncio
import contextlib
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from unittest.mock import patch

import pytest

from chat.settings import Settings
from chat.web import scanner
from tests.web.doors import Doors, Practice, open_doors
from tests.web.test_attachments import PDF

# The industry's harmless test virus, in two parts so that no scanner takes this file for one.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
BAD = PDF + EICAR


class Clamd:
    """Finds EICAR. `mood`: what it does instead of answering; `most`: its StreamMaxLength."""

    def __init__(self, mood: bytes | str = "", most: int = 26_214_400) -> None:
        self.mood, self.most, self.seen, self.chunks = mood, most, b"", [0]
        self.asked = asyncio.Event()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            writer.write(await self._answer(reader))
            await writer.drain()
        writer.close()

    async def _answer(self, reader: asyncio.StreamReader) -> bytes:
        if await reader.readuntil(b"\0") != b"zINSTREAM\0":
            return b"UNKNOWN COMMAND\0"
        self.seen, self.chunks = b"", []
        while length := struct.unpack("!L", await reader.readexactly(4))[0]:
            self.chunks.append(length)
            self.seen += await reader.readexactly(length)
            if len(self.seen) > self.most:
                return b"INSTREAM size limit exceeded. ERROR\0"
        self.asked.set()
        if self.mood == "stall":
            await reader.read()  # until the other side gives up
        if isinstance(self.mood, bytes):
            return self.mood
        return b"stream: Eicar-Test-Signature FOUND\0" if EICAR in self.seen else b"stream: OK\0"


@asynccontextmanager
async def listening(clamd: Clamd, socket: Path | None = None) -> AsyncIterator[str]:
    """A scanner's address."""
    server = await (
        asyncio.start_unix_server(clamd.serve, socket) if socket else asyncio.start_server(clamd.serve, "127.0.0.1", 0)
    )
    async with server:
        yield str(socket) if socket else f"127.0.0.1:{server.sockets[0].getsockname()[1]}"


def stored(doors: Doors) -> list[Path]:
    return [path for path in (doors.practice.folder / "files").rglob("*") if path.is_file()]


async def put(doors: Doors, data: bytes) -> tuple[int, dict[str, object]]:
    answer = await doors.ask(doors.practice.cookies["dana"], "PUT", "/api/attachments", data, X_Filename="plan.pdf")
    return answer.status_code, answer.json()


@pytest.mark.parametrize("kind", ["tcp", "unix"])
async def test_a_clean_upload_is_seen_whole_and_goes_on(practice: Practice, tmp_path: Path, kind: str) -> None:
    clamd, data = Clamd(), PDF + bytes(3 * scanner.CHUNK)
    socket = tmp_path / "clamd" if kind == "unix" else None
    async with listening(clamd, socket) as address, open_doors(practice, tmp_path / "house", clamd=address) as doors:
        status, found = await put(doors, data)
        assert (status, found["size"]) == (200, len(data))
        again = await doors.get(doors.practice.cookies["dana"], f"/api/attachments/{found['id']}")
        assert again.content == clamd.seen == data
        assert max(clamd.chunks) == scanner.CHUNK


async def test_an_infected_upload_is_quarantined_sealed_and_on_record(practice: Practice, tmp_path: Path) -> None:
    clamd = Clamd()
    async with listening(clamd) as address, open_doors(practice, tmp_path / "house", clamd=address) as doors:
        before = set(stored(doors))
        status, found = await put(doors, BAD)
        assert status == 415
        error = found["error"]
        assert isinstance(error, dict)
        assert error["code"] == "infected"
        assert str(error["message"]).startswith("The virus scanner found something harmful in this file.")
        (kept,) = set(stored(doors)) - before
        assert EICAR not in kept.read_bytes()
        with doors.database() as connection:
            ((number, sent, storage),) = connection.execute("SELECT id, sent, storage FROM attachment WHERE threat IS NOT NULL")
            ((details, outcome),) = connection.execute("SELECT details, outcome FROM audit_entry WHERE action = 'quarantine'")
        assert (sent, storage, outcome) == (0, kept.stem, "refused")
        assert details == "Eicar-Test-Signature, application/pdf"
        outer = doors.desk.wire.ids.outer("attachment", number)
        for who in ("dana", "ben", "ada"):
            for address_of_it in (f"/api/attachments/{outer}", f"/api/attachments/{outer}/small"):
                assert (await doors.get(doors.practice.cookies[who], address_of_it)).status_code == 404


@pytest.mark.parametrize(
    "mood",
    [b"", b"stream: OK", b"\0", b"PONG\0", b"stream: FOUND\0", b"stream: OK FOUND?\0", b"x" * 9_000, b"COMMAND READ TIMED OUT\0",
     b"stream: \xff\xfe ERROR\0"],
)  # fmt: skip
async def test_whatever_is_no_verdict_refuses_the_upload_and_keeps_nothing(
    practice: Practice, tmp_path: Path, mood: bytes
) -> None:
    async with listening(Clamd(mood)) as address, open_doors(practice, tmp_path / "house", clamd=address) as doors:
        before, files = doors.dump(), stored(doors)
        status, found = await put(doors, PDF)
        assert status == 503
        assert "try again" in str(found["error"])
        assert (doors.dump(), stored(doors)) == (before, files)


async def test_a_scanner_that_is_away_refuses_too(practice: Practice, tmp_path: Path) -> None:
    async with listening(Clamd()) as address:
        pass
    async with open_doors(practice, tmp_path / "house", clamd=address) as doors:
        assert (await put(doors, PDF))[0] == 503


async def test_a_scanner_that_stalls_is_given_up_and_nothing_is_kept(practice: Practice, tmp_path: Path) -> None:
    clamd = Clamd("stall")
    async with listening(clamd) as address, open_doors(practice, tmp_path / "house", clamd=address) as doors:
        before, files = doors.dump(), stored(doors)
        with patch.object(scanner, "PATIENCE", 0.2):
            assert (await put(doors, PDF))[0] == 503
        assert clamd.asked.is_set(), "the premise: it was given the file"
        assert (doors.dump(), stored(doors)) == (before, files)


async def test_a_file_too_long_for_the_scanner_is_not_let_through(practice: Practice, tmp_path: Path) -> None:
    async with listening(Clamd(most=100_000)) as address, open_doors(practice, tmp_path / "house", clamd=address) as doors:
        files = stored(doors)
        assert (await put(doors, PDF + bytes(2_000_000)))[0] == 503
        assert stored(doors) == files


@pytest.mark.parametrize("address", ["clamd", "host:", ":3310", "host:0", "host:70000", "clamd.ctl"])
def test_an_address_that_is_none_is_refused_at_the_start(address: str) -> None:
    with pytest.raises(ValueError, match="3310, or /run"):
        Settings(clamd=address)
