"""Files: by their content, through the permission check, as downloads."""

from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote

import pytest

from chat.lib.blobs import Blobs
from chat.lib.buckets import Bucket, Place
from chat.lib.files import Recognized
from chat.web.attachments import _store
from tests.services.daemon import free_port
from tests.services.s3 import BucketServer
from tests.web.doors import Doors
from tests.web.practice import picture, upload
from tests.web.test_messages import send, talk

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


async def sent(doors: Doors, data: bytes, name: str) -> str:
    """The address of a file that Ben has sent to Dana."""
    number = await upload(doors, doors.practice.cookies["ben"], data, name)
    outer = doors.desk.wire.ids.outer("attachment", number)
    answer = await send(doors, "ben", conversation=talk(doors), attachments=[outer])
    assert answer.status_code == 200, answer.text
    seq = answer.json()["seq"]
    page = (await doors.get(doors.practice.cookies["dana"], f"/api/conversations/{talk(doors)}/messages?after={seq - 1}")).json()
    return f"/api/attachments/{page['messages'][0]['attachments'][0]['id']}"


async def test_a_file_comes_back_as_it_was_sent_and_always_as_a_download(doors: Doors) -> None:
    address = await sent(doors, PDF, "Übung 1.pdf")
    answer = await doors.get(doors.practice.cookies["dana"], address)
    assert (answer.status_code, answer.content) == (200, PDF)
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"].startswith("attachment; ")
    assert quote("Übung 1.pdf") in answer.headers["content-disposition"]
    assert "sandbox" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "name", ["a\r\nSet-Cookie: x=1.pdf", 'a"; filename="b.exe', "../../etc/passwd", "\u202efdp.exe", "", "." * 300]
)
async def test_no_name_reaches_the_headers_as_it_came(doors: Doors, name: str) -> None:
    address = await sent(doors, PDF, name)
    headers = (await doors.get(doors.practice.cookies["dana"], address)).headers
    assert "set-cookie" not in headers
    assert headers["content-disposition"].count('"') == 2
    assert "/" not in headers["content-disposition"]
    assert "exe" not in headers["content-disposition"].replace("exe.pdf", "")


@pytest.mark.parametrize(
    "data", [b"", b"<html><script>alert(1)</script>\x00", b"MZ\x90\x00", b"\x7fELF\x02", b"PK\x03\x04nonsense"]
)
async def test_what_is_not_on_the_list_is_refused_in_a_sentence_whatever_it_is_called(doors: Doors, data: bytes) -> None:
    before = doors.dump()
    answer = await doors.ask(doors.practice.cookies["ben"], "PUT", "/api/attachments", data, X_Filename="letter.pdf")
    assert answer.status_code == 415
    assert answer.json()["error"]["message"].endswith(".")
    assert doors.dump() == before


async def test_a_file_over_the_limit_is_refused(doors: Doors) -> None:
    most = doors.desk.settings.attachment_megabytes * 1024 * 1024
    answer = await doors.ask(doors.practice.cookies["ben"], "PUT", "/api/attachments", PDF.ljust(most + 1), X_Filename="big.pdf")
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too_large")


async def test_a_refused_file_leaves_nothing_in_storage(doors: Doors) -> None:
    before = set(doors.desk.blobs.names())
    with doors.database() as connection:
        connection.execute("UPDATE organization SET attachments_allowed = false")
    answer = await doors.ask(doors.practice.cookies["ben"], "PUT", "/api/attachments", picture(), X_Filename="walk.png")
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "refused")
    assert set(doors.desk.blobs.names()) == before


class Full(Blobs):
    """A disk that is full after the first file."""

    def write(self, name: str, records: Iterable[bytes]) -> None:
        """One, and no more."""
        if any(self.names()):
            raise OSError(28, "No space left on device")
        super().write(name, records)


def test_a_picture_without_room_for_its_small_one_leaves_nothing_behind(tmp_path: Path) -> None:
    disk = Full(tmp_path)
    with pytest.raises(OSError, match="No space"):
        _store(disk, Recognized(b"large", "image/png", "photo.png", b"small"))
    assert list(disk.names()) == []


async def test_a_picture_has_a_small_one_and_a_text_has_none(doors: Doors) -> None:
    address = await sent(doors, picture(), "sunset.png")
    small = await doors.get(doors.practice.cookies["dana"], f"{address}/small")
    assert (small.status_code, small.headers["content-type"].partition("/")[0]) == (200, "image")
    address = await sent(doors, b"Plain text.", "note.txt")
    assert (await doors.get(doors.practice.cookies["dana"], f"{address}/small")).status_code == 404


async def test_files_and_their_names_are_sealed_at_rest(doors: Doors) -> None:
    await sent(doors, PDF + b"% A sealed word", "Diagnosis of Dana.pdf")
    with doors.database() as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    stored = b"".join(path.read_bytes() for path in doors.practice.folder.rglob("*") if path.is_file())
    assert b"A sealed word" not in stored
    assert b"Diagnosis" not in stored


async def test_nobody_sends_a_file_of_somebody_else(doors: Doors) -> None:
    theirs = doors.desk.wire.ids.outer("attachment", doors.practice.ids["upload"])
    answer = await send(doors, "ben", conversation=talk(doors), attachments=[theirs])
    absent = await send(doors, "ben", conversation=talk(doors), attachments=[doors.desk.wire.ids.outer("attachment", 10**12)])
    assert answer.status_code == absent.status_code == 400
    assert answer.content == absent.content


async def test_files_lie_in_a_bucket_where_one_is_set_and_what_it_is_away_for_is_said(
    doors: Doors, bucket_server: BucketServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = bucket_server.bucket()
    monkeypatch.setattr(doors.desk, "blobs", Bucket.at(Place.of(place), "key", "secret"))
    address = await sent(doors, PDF, "letter.pdf")
    dana = doors.practice.cookies["dana"]
    assert (await doors.get(dana, address)).content == PDF
    (path,) = bucket_server.lies(place)
    whole = path.read_bytes()
    path.write_bytes(whole[:-1])
    assert (await doors.get(dana, address)).json()["error"]["code"] == "damaged"
    away = f"s3://box?endpoint=http://127.0.0.1:{free_port()}"
    monkeypatch.setattr(doors.desk, "blobs", Bucket.at(Place.of(away), "key", "secret"))
    before = doors.dump()
    got = await doors.get(dana, address)
    put = await doors.ask(doors.practice.cookies["ben"], "PUT", "/api/attachments", PDF, X_Filename="letter.pdf")
    for answer in (got, put):
        assert (answer.status_code, answer.json()["error"]["code"]) == (503, "unavailable")
        assert "127.0.0.1" not in answer.text
    assert doors.dump() == before
