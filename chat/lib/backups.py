"""A backup: a folder with a dump of the database, the sealed files, and a manifest that says what belongs to it.

The manifest bears a seal made under the installation's own key, so that another installation's backup, or one that was
altered, is known before anything is done with it.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from chat.lib.blobs import Storage
from chat.lib.signing import vouched, vouched_for

MANIFEST = "manifest.json"
DATABASE = "database"
FILES = "files"
FORMAT = 1


class Unusable(Exception):
    """The folder is no backup, not a whole one, or not this installation's; the message says which."""


@dataclass(frozen=True)
class Manifest:
    """What a backup holds. `keys` are the names of the key-encryption keys that are needed to read it."""

    version: str
    migration: str
    database: str  # sqlite or postgresql
    keys: list[str]
    made_at: int
    checksums: dict[str, str] = field(default_factory=dict)  # of each file, by its place in the folder
    format: int = FORMAT


def copy(source: Iterable[bytes], target: Path) -> str:
    """Write down durably where nothing is, readable for its owner; the answer is the checksum."""
    digest = hashlib.sha256()
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as new:
        for piece in source:
            digest.update(piece)
            new.write(piece)
        new.flush()
        os.fsync(new.fileno())
    return digest.hexdigest()


def checksum(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def copy_files(source: Storage, target: Path) -> dict[str, str]:
    """Copy the finished sealed files; checksums by place. One that is deleted meanwhile is left out."""
    found: dict[str, str] = {}
    for name in sorted(source.names()):
        place = f"{name[:2]}/{name}.sealed"
        try:
            found[f"{FILES}/{place}"] = copy(source.read(name), target / place)
        except FileNotFoundError:
            (target / place).unlink(missing_ok=True)
    return found


def write_manifest(folder: Path, manifest: Manifest, key: bytes) -> None:
    """The last file of a backup."""
    with (folder / MANIFEST).open("x", encoding="utf-8") as file:
        file.write(vouched(key, "backup", asdict(manifest)))
        file.flush()
        os.fsync(file.fileno())


def read_manifest(folder: Path, key: bytes) -> Manifest:
    """The manifest of this installation's backup. Unusable if there is none, it was altered, or it is another's."""
    try:
        said = vouched_for(key, "backup", (folder / MANIFEST).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise Unusable(f"{folder} is not a whole backup: its {MANIFEST} is missing or cannot be read.") from error
    if said is None:
        raise Unusable(f"{folder} was made under another key ring, or was altered. Give the ring that belongs to it.")
    if said.get("format") != FORMAT:
        raise Unusable(f"{folder} was made by another version, whose backups this one does not know.")
    return Manifest(**said)


def verify(folder: Path, manifest: Manifest) -> None:
    """Compare every file with its checksum. Unusable at the first that is missing or differs."""
    for place, known in manifest.checksums.items():
        try:
            found = checksum(folder / place)
        except OSError as error:
            raise Unusable(f"{folder} is not whole: {place} is missing.") from error
        if found != known:
            raise Unusable(f"{folder} is not whole: {place} is not as it was written.")


def stored(manifest: Manifest) -> Iterator[str]:
    """The places of the sealed files, below the folder of files."""
    yield from (place.removeprefix(f"{FILES}/") for place in manifest.checksums if place.startswith(f"{FILES}/"))
