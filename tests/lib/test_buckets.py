"""Sealed files in a bucket: as in a folder, on a real server that speaks S3; and what is said when it does not answer."""

from __future__ import annotations

import runpy
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from obstore.store import MemoryStore, S3Store

from chat.lib import buckets
from chat.lib.blobs import RECORD, WHOLE, Damaged, Unreachable
from chat.lib.buckets import PIECE, Bucket, Place
from tests.services.daemon import free_port
from tests.services.s3 import BucketServer


def at(address: str) -> Bucket:
    """A bucket whose server asks nobody who they are."""
    return Bucket.at(Place.of(address), "key", "secret")


@pytest.fixture
def place(bucket_server: BucketServer) -> str:
    """The address of a bucket of the test's own."""
    return bucket_server.bucket()


@pytest.mark.parametrize("size", [0, 1, RECORD - 1, RECORD, RECORD + 1, 3 * RECORD, PIECE // WHOLE * RECORD, PIECE + 1])
def test_what_was_put_comes_back_to_the_byte(bucket_server: BucketServer, place: str, size: int) -> None:
    bucket = at(place)
    data = bytes(number % 251 for number in range(size))
    name, key = bucket.put(data)
    assert b"".join(bucket.get(name, key)) == data
    assert list(bucket.names()) == [name]
    (path,) = bucket_server.lies(place)
    assert path.name == f"{name}.sealed"
    assert size < 64 or data[:64] not in path.read_bytes()


@pytest.mark.parametrize("harm", ["flip", "cut", "cut a record", "append", "swap", "remove"])
def test_whatever_is_done_to_a_file_is_found(bucket_server: BucketServer, place: str, harm: str) -> None:
    bucket = at(place)
    name, key = bucket.put(b"a" * RECORD + b"b" * RECORD)
    (path,) = bucket_server.lies(place)
    data = path.read_bytes()
    changed = {
        "flip": data[:10] + bytes([data[10] ^ 1]) + data[11:],
        "cut": data[:-1],
        "cut a record": data[:WHOLE],
        "append": data + b"x",
        "swap": data[WHOLE:] + data[:WHOLE],
    }
    if harm == "remove":
        path.unlink()
    else:
        path.write_bytes(changed[harm])
    with pytest.raises(Damaged):
        list(bucket.get(name, key))


def test_a_deleted_file_is_gone_and_deleting_it_again_is_nothing(bucket_server: BucketServer, place: str) -> None:
    bucket = at(place)
    name, key = bucket.put(b"gone")
    kept, _ = bucket.put(b"kept")
    bucket.delete(name)
    bucket.delete(name)
    assert list(bucket.names()) == [kept]
    assert [path.stem for path in bucket_server.lies(place)] == [kept]
    with pytest.raises(Damaged):
        list(bucket.get(name, key))


def test_another_folder_of_the_bucket_is_another_place() -> None:
    store = MemoryStore()
    here, there = Bucket(store, "here"), Bucket(store, "there")
    name, key = here.put(b"plan")
    Bucket(store).put(b"of nobody")
    assert (list(here.names()), list(there.names())) == ([name], [])
    with pytest.raises(Damaged):
        list(there.get(name, key))


def test_all_of_many_files_are_named() -> None:
    bucket = Bucket(MemoryStore(), "here")
    assert bucket.empty()
    names = {bucket.put(b"")[0] for _ in range(1_100)}
    assert set(bucket.names()) == names
    assert not bucket.empty()


def _take(bucket: Bucket, files: list[tuple[str, Path]]) -> None:
    with bucket.filling() as put:
        for name, source in files:
            put(name, source)


def test_what_is_taken_from_a_backup_is_there_or_none_of_it(tmp_path: Path) -> None:
    whole, bucket = Bucket(MemoryStore()), Bucket(MemoryStore())
    name, key = whole.put(b"of hers")
    (tmp_path / "file").write_bytes(b"".join(whole.read(name)))
    with pytest.raises(FileNotFoundError):
        _take(bucket, [(name, tmp_path / "file"), ("other", tmp_path / "missing")])
    assert list(bucket.names()) == []
    _take(bucket, [(name, tmp_path / "file")])
    assert b"".join(bucket.get(name, key)) == b"of hers"


class Stubborn(Bucket):
    """Does not let go of one file."""

    def delete(self, name: str) -> None:
        """As a bucket that is away for a moment."""
        if name == "first":
            raise Unreachable("away for a moment")
        super().delete(name)


def test_one_file_that_cannot_be_taken_back_keeps_neither_another_nor_the_reason(tmp_path: Path) -> None:
    bucket = Stubborn(MemoryStore())
    (tmp_path / "file").write_bytes(b"sealed")
    with pytest.raises(FileNotFoundError):
        _take(bucket, [("first", tmp_path / "file"), ("second", tmp_path / "file"), ("other", tmp_path / "missing")])
    assert list(bucket.names()) == ["first"]


def test_a_probe_leaves_nothing_behind(bucket_server: BucketServer, place: str) -> None:
    at(place).probe()
    assert bucket_server.lies(place) == []


WORDS: dict[str, Callable[[Bucket], object]] = {
    "put": lambda bucket: bucket.put(b"a file"),
    "get": lambda bucket: list(bucket.get("ab", b"k" * 32)),
    "delete": lambda bucket: bucket.delete("ab"),
    "names": lambda bucket: list(bucket.names()),
    "probe": lambda bucket: bucket.probe(),
}


@pytest.mark.parametrize("word", WORDS)
def test_a_server_that_is_away_says_nothing_of_a_file(word: str) -> None:
    with pytest.raises(Unreachable, match="does not do what it is asked") as caught:
        WORDS[word](at(f"s3://box?endpoint=http://127.0.0.1:{free_port()}"))
    assert "127.0.0.1" not in str(caught.value)


@pytest.mark.parametrize("word", ["put", "names", "probe"])
def test_a_bucket_that_is_not_there_is_no_file_that_is_not_there(bucket_server: BucketServer, word: str) -> None:
    with pytest.raises(Unreachable):
        WORDS[word](at(bucket_server.address("nobody-s")))


@pytest.fixture
def refusing() -> Iterator[int]:
    """A server that knows nobody: 403 to everything."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            while True:
                try:
                    line, _ = listening.accept()
                except OSError:
                    return
                with line:
                    line.recv(65_536)
                    line.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listening.getsockname()[1]


@pytest.mark.parametrize("word", WORDS)
def test_a_server_that_refuses_us_says_nothing_of_a_file(refusing: int, word: str) -> None:
    with pytest.raises(Unreachable, match="does not do what it is asked"):
        WORDS[word](at(f"s3://box?endpoint=http://127.0.0.1:{refusing}"))


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("s3://box", Place("box", "", "", "us-east-1")),
        ("s3://box/a/b/?region=eu-central-1", Place("box", "a/b", "", "eu-central-1")),
        ("s3://box?endpoint=https://s3.example.org", Place("box", "", "https://s3.example.org", "us-east-1")),
    ],
)
def test_a_place_is_read_from_its_address(address: str, place: Place) -> None:
    assert Place.of(address) == place


@pytest.mark.parametrize(
    "address",
    ["box", "s3:///folder", "https://s3.example.org/box", "s3://key:secret@box", "s3://box?endpont=https://x.org", "s3://box#x",
     "s3://box?endpoint=ftp://x.org", "s3://box?endpoint=https://", "s3://box?region"],
)  # fmt: skip
def test_what_names_no_bucket_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Place.of(address)


def test_without_a_key_the_machines_role_is_asked_for() -> None:
    place = Place.of("s3://box?region=eu-central-1")
    known, role = (Bucket.at(place, key, "secret" if key else "")._store for key in ("key", ""))
    assert isinstance(known, S3Store)
    assert isinstance(role, S3Store)
    assert (known.config["access_key_id"], role.config.get("access_key_id")) == ("key", None)


def test_without_the_extra_there_is_no_bucket(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "obstore", None)
    assert runpy.run_path(buckets.__file__)["S3"] is False
