"""Sealed files: durable, unreadable without their key, and whole or not at all."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from chat.lib.blobs import RECORD, WHOLE, Blobs, Damaged


def only(folder: Path) -> Path:
    """The one file that lies there."""
    (path,) = (path for path in folder.rglob("*") if path.is_file())
    return path


@pytest.mark.parametrize("size", [0, 1, RECORD - 1, RECORD, RECORD + 1, 3 * RECORD])
def test_what_was_put_comes_back_to_the_byte(tmp_path: Path, size: int) -> None:
    blobs = Blobs(tmp_path)
    data = bytes(number % 251 for number in range(size))
    name, key = blobs.put(data)
    assert b"".join(blobs.get(name, key)) == data
    assert list(blobs.names()) == [name]
    assert size < 64 or data[:64] not in only(tmp_path).read_bytes()


def test_another_key_opens_nothing(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path)
    name, _ = blobs.put(b"plan")
    _, other = blobs.put(b"else")
    with pytest.raises(Damaged):
        list(blobs.get(name, other))


@pytest.mark.parametrize("harm", ["flip", "cut", "cut a record", "append", "swap", "remove"])
def test_whatever_is_done_to_a_file_is_found(tmp_path: Path, harm: str) -> None:
    blobs = Blobs(tmp_path)
    name, key = blobs.put(b"a" * RECORD + b"b" * RECORD)
    path = only(tmp_path)
    data, whole = path.read_bytes(), RECORD + 16
    changed = {
        "flip": data[:10] + bytes([data[10] ^ 1]) + data[11:],
        "cut": data[:-1],
        "cut a record": data[:whole],
        "append": data + b"x",
        "swap": data[whole:] + data[:whole],
    }
    if harm == "remove":
        path.unlink()
    else:
        path.write_bytes(changed[harm])
    with pytest.raises(Damaged):
        list(blobs.get(name, key))


def test_a_deleted_file_is_gone_and_deleting_it_again_is_nothing(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path)
    name, key = blobs.put(b"gone")
    blobs.delete(name)
    blobs.delete(name)
    assert list(blobs.names()) == []
    with pytest.raises(Damaged):
        list(blobs.get(name, key))


def test_what_is_taken_from_a_backup_takes_the_folder_s_place_at_the_end(tmp_path: Path) -> None:
    whole, blobs = Blobs(tmp_path / "whole"), Blobs(tmp_path / "files")
    name, key = whole.put(b"of hers" * RECORD)
    (tmp_path / "files.restoring").mkdir()
    (tmp_path / "files.restoring" / "left").write_bytes(b"by one that was cut off")
    assert blobs.empty()
    blobs.folder.mkdir()
    assert blobs.empty()
    with blobs.filling() as put:
        put(name, only(whole.folder))
        assert list(blobs.names()) == []
    assert b"".join(blobs.get(name, key)) == b"of hers" * RECORD
    assert {path.name for path in tmp_path.iterdir()} == {"whole", "files"}
    assert not blobs.empty()


def test_where_no_folder_was_yet_one_is_filled(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path / "files")
    with blobs.filling():
        pass
    assert blobs.folder.is_dir()


def test_half_a_file_is_not_left_behind_on_a_disk_that_is_full(tmp_path: Path) -> None:
    def records() -> Iterator[bytes]:
        yield b"x" * WHOLE
        raise OSError(28, "No space left on device")

    blobs = Blobs(tmp_path)
    with pytest.raises(OSError, match="No space"):
        blobs.write("abcdef", records())
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    blobs.write("abcdef", [b"x"])
    assert list(blobs.names()) == ["abcdef"]
