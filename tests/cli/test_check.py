"""`quietroom check` names what was altered, cut or is missing, and changes nothing."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from chat.actions.attachments import StoredFile, add_attachment
from chat.actions.messages import SendMessage, send_messages
from chat.cli.tools import Hands
from chat.lib.blobs import Blobs
from chat.lib.buckets import Bucket, Place
from chat.lib.database import writing_engine
from chat.models import Enclosure, Message
from chat.models.columns import table
from tests.cli.desk import Desk, desk
from tests.databases import Template, closing_engine
from tests.services.s3 import BucketServer

__all__ = ["desk"]

ID, TEST, OTHER = (f"{name}={b64encode(bytes([at]) * 32).decode()}" for at, name in enumerate(("id", "test", "id")))
BODIES = select(table(Message).c.body)


@dataclass
class Stored:
    """A message with a file, and where that lies."""

    desk: Desk
    file: Path


@pytest.fixture
def stored(desk: Desk, template: Template, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Stored:
    monkeypatch.setenv("QUIETROOM_KEYS", f"{ID};{TEST}")
    name, key = Blobs(tmp_path / "files").put(b"A file of hers" * 9_000)
    ben, dana = template.cast["ben"], template.cast["dana"]
    with Hands() as hands:
        number = hands.do(add_attachment, ben, StoredFile("a.pdf", "application/pdf", 9, b"d", name, key))["id"]
        hands.do(send_messages, ben, SendMessage(str(uuid4()), "Hello", to=(dana.person,), attachments=(number,)))
    return Stored(desk, next((tmp_path / "files").glob("*/*")))


def test_what_is_as_it_was_written_is_counted(stored: Stored) -> None:
    assert stored.desk.done("check") == "✓ 2 sealed values and 1 files are as they were written.\n"


def test_a_file_of_an_upload_that_broke_off_is_named_and_all_is_well(stored: Stored, tmp_path: Path) -> None:
    name, _ = Blobs(tmp_path / "files").put(b"never written down")
    first, last = stored.desk.done("check").splitlines()
    assert first.startswith(f"! {name} belongs to nothing")
    assert last == "✓ 2 sealed values and 1 files are as they were written."


def test_a_file_whose_row_is_damaged_does_not_belong_to_nothing(stored: Stored) -> None:
    with closing_engine(writing_engine(stored.desk.address)) as engine, engine.begin() as connection:
        connection.execute(update(table(Enclosure)).values(details=b"damaged"))
    result = stored.desk.run("check")
    assert result.output.startswith("✗ enclosure.details:")
    assert "belongs to nothing" not in result.output


@pytest.mark.parametrize("spoil", ["cut", "cut at a record", "gone", "altered"])
def test_a_file_that_is_not_whole_is_named_and_left_as_it_is(stored: Stored, spoil: str) -> None:
    whole = stored.file.read_bytes()
    left = {
        "cut": whole[:-1],
        "cut at a record": whole[: 64 * 1024 + 16],
        "altered": whole[:99] + bytes([whole[99] ^ 1]) + whole[100:],
    }
    if spoil == "gone":
        stored.file.unlink()
    else:
        stored.file.write_bytes(left[spoil])
    result = stored.desk.run("check")
    assert result.exit_code == 1
    assert f"The stored file {stored.file.stem} is not whole." in result.output
    assert result.output.startswith("✗ enclosure:")
    assert spoil == "gone" or stored.file.read_bytes() == left[spoil]


def test_files_in_a_bucket_are_read_and_one_that_is_away_says_nothing_of_them(
    stored: Stored, monkeypatch: pytest.MonkeyPatch, bucket_server: BucketServer
) -> None:
    place = bucket_server.bucket()
    for name, value in (("", place), ("_KEY", "key"), ("_SECRET", "secret")):
        monkeypatch.setenv(f"QUIETROOM_FILES{name}", value)
    assert f"The stored file {stored.file.stem} is not whole." in stored.desk.run("check").output
    with Bucket.at(Place.of(place), "key", "secret").filling() as put:
        put(stored.file.stem, stored.file)
    assert stored.desk.done("check") == "✓ 2 sealed values and 1 files are as they were written.\n"
    monkeypatch.setenv("QUIETROOM_FILES", "s3://box?endpoint=http://127.0.0.1:1")
    assert "Files: the bucket does not do what it is asked" in stored.desk.refused("check")


def test_a_row_that_was_edited_by_hand_is_named_and_left_as_it_is(stored: Stored) -> None:
    with closing_engine(writing_engine(stored.desk.address)) as engine, engine.begin() as connection:
        (body,) = connection.execute(BODIES).one()
        connection.execute(update(table(Message)).values(body=bytes(body)[:-1] + bytes([body[-1] ^ 1])))
    before = stored.desk.rows(BODIES)
    result = stored.desk.run("check")
    assert result.exit_code == 1
    assert result.output.startswith("✗ message.body:")
    assert len(result.output.splitlines()) == 1
    assert stored.desk.rows(BODIES) == before
