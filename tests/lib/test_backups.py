"""What is in a backup is proven before anything is done with it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from chat.lib.backups import (
    DATABASE,
    MANIFEST,
    Manifest,
    Unusable,
    checksum,
    copy_files,
    read_manifest,
    stored,
    verify,
    write_manifest,
)
from chat.lib.blobs import Blobs

KEY = b"k" * 32


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A whole backup of a database and one file."""
    Blobs(tmp_path / "blobs").put(b"A file")
    (tmp_path / "blobs" / "ab").mkdir(exist_ok=True)
    (tmp_path / "blobs" / "ab" / "half.part").write_bytes(b"not whole yet")
    here = tmp_path / "backup"
    here.mkdir()
    (here / DATABASE).write_bytes(b"rows")
    checksums = {DATABASE: checksum(here / DATABASE)} | copy_files(Blobs(tmp_path / "blobs"), here / "files")
    write_manifest(here, Manifest("1", "0001", "sqlite", ["first"], 7, checksums), KEY)
    return here


def test_a_backup_is_read_as_it_was_written_and_holds_finished_files_only(folder: Path) -> None:
    found = read_manifest(folder, KEY)
    verify(folder, found)
    assert (found.keys, found.made_at, len(list(stored(found)))) == (["first"], 7, 1)
    assert not list(folder.rglob("*.part"))


def test_a_file_that_is_deleted_meanwhile_is_left_out(tmp_path: Path) -> None:
    class Late(Blobs):
        def names(self) -> Iterator[str]:
            yield from [*super().names(), "ab" * 16]

    blobs = Late(tmp_path / "blobs")
    name, _ = blobs.put(b"A file")
    assert list(copy_files(blobs, tmp_path / "backup")) == [f"files/{name[:2]}/{name}.sealed"]
    assert [path.stem for path in (tmp_path / "backup").rglob("*") if path.is_file()] == [name]


def test_another_key_or_another_word_is_noticed(folder: Path) -> None:
    with pytest.raises(Unusable, match="another key ring"):
        read_manifest(folder, b"x" * 32)
    said = json.loads((folder / MANIFEST).read_text())
    changes: list[dict[str, object]] = [{"made_at": 8}, {"format": 2}, {"checksums": {}}]
    for change in changes:
        (folder / MANIFEST).write_text(json.dumps(said | {"backup": said["backup"] | change}))
        with pytest.raises(Unusable, match="was altered"):
            read_manifest(folder, KEY)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"backup": 1, "seal": 2}', '{"backup": {}, "seal": ""}'])
def test_what_is_no_manifest_is_said(folder: Path, text: str) -> None:
    (folder / MANIFEST).write_text(text)
    with pytest.raises(Unusable, match="is not a whole backup"):
        read_manifest(folder, KEY)


def test_a_backup_in_another_form_is_refused_though_it_is_ours(folder: Path) -> None:
    (folder / MANIFEST).unlink()
    write_manifest(folder, Manifest("1", "0001", "sqlite", [], 7, format=2), KEY)
    with pytest.raises(Unusable, match="another version"):
        read_manifest(folder, KEY)


def test_the_first_file_that_differs_or_is_missing_is_named(folder: Path) -> None:
    found = read_manifest(folder, KEY)
    (folder / DATABASE).write_bytes(b"rowz")
    with pytest.raises(Unusable, match="database is not as it was written"):
        verify(folder, found)
    (folder / DATABASE).unlink()
    with pytest.raises(Unusable, match="database is missing"):
        verify(folder, found)
