"""Everything sealed, looked through a page at a time: whether it opens where it stands, and which files it has the keys to."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import select, tuple_
from sqlmodel import SQLModel

from chat.lib.crypto import Unreadable
from chat.models import Attachment, Away, ContactLogEntry, Conversation, Draft, Enclosure, MassMessage, Message, Totp
from chat.models.columns import table
from chat.transaction import Reading

PAGE = 200


class Shelf(NamedTuple):
    """A table with sealed columns. `names` are the columns that, in this order, make a value's place behind its own name."""

    model: type[SQLModel]
    key: tuple[str, ...]
    names: tuple[str, ...]
    columns: tuple[str, ...]


class File(NamedTuple):
    """A stored file and its key, as a row has them."""

    place: str
    storage: str
    key: bytes


class Found(NamedTuple):
    """A page: how many values were tried, what does not open (place and reason), the files, and where the next page begins."""

    tried: int
    bad: list[tuple[str, str]]
    files: list[File]
    last: tuple[Any, ...] | None


SHELVES = (
    Shelf(Conversation, ("id",), ("id",), ("subject",)),
    Shelf(Message, ("conversation_id", "seq"), ("conversation_id", "seq"), ("body",)),
    Shelf(Enclosure, ("conversation_id", "seq", "place"), ("conversation_id", "seq", "place"), ("details",)),
    Shelf(Attachment, ("id",), ("id",), ("details",)),
    Shelf(Draft, ("person_id", "place"), ("person_id", "place"), ("subject", "body")),
    Shelf(ContactLogEntry, ("id",), ("client_id", "mark"), ("content",)),
    Shelf(MassMessage, ("id",), ("sender_id", "key"), ("subject", "body", "files")),
    Shelf(Away, ("id",), ("person_id", "id"), ("text",)),
    Shelf(Totp, ("person_id",), ("person_id",), ("secret",)),
)
FILES = table(Attachment)


def look(reading: Reading, shelf: Shelf, after: tuple[Any, ...] | None = None, limit: int = PAGE) -> Found:
    """The next rows of a table in the order of its key."""
    here = table(shelf.model)
    key = [here.c[name] for name in shelf.key]
    wanted = [*key, *(here.c[name] for name in shelf.names), *(here.c[name] for name in shelf.columns)]
    asked = select(*wanted).order_by(*key).limit(limit)
    rows = reading.connection.execute(asked if after is None else asked.where(tuple_(*key) > after)).fetchall()
    bad: list[tuple[str, str]] = []
    opened: dict[tuple[Any, ...], str] = {}
    tried = 0
    for row in rows:
        for place, sealed in _values(shelf, row):
            tried += 1
            try:
                opened[tuple(row[: len(key)])] = reading.open(place, bytes(sealed))
            except Unreadable as error:
                bad.append((place, str(error)))
    last = tuple(rows[-1][: len(key)]) if len(rows) == limit else None
    return Found(tried, bad, _files(reading, shelf, opened), last)


def _values(shelf: Shelf, row: Any) -> Iterator[tuple[str, bytes]]:
    where = ":".join(str(value) for value in row[len(shelf.key) : len(shelf.key) + len(shelf.names)])
    for name, sealed in zip(shelf.columns, row[len(shelf.key) + len(shelf.names) :], strict=True):
        if sealed:  # empty: it was erased
            yield f"{table(shelf.model).name}.{name}:{where}", sealed


def file_names(reading: Reading) -> set[str]:
    """The stored names of all files and small pictures that have a row, whatever it holds."""
    return {name for row in reading.connection.execute(select(FILES.c.storage, FILES.c.thumbnail)) for name in row if name}


def _files(reading: Reading, shelf: Shelf, opened: dict[tuple[Any, ...], str]) -> list[File]:
    if shelf.model not in (Enclosure, Attachment) or not opened:
        return []
    here = table(shelf.model)
    key = [here.c[name] for name in shelf.key]
    number = here.c.id if shelf.model is Attachment else here.c.attachment_id
    asked = select(*key, FILES.c.storage, FILES.c.thumbnail)
    joined = asked if shelf.model is Attachment else asked.join_from(here, FILES, FILES.c.id == number)
    found = []
    for row in reading.connection.execute(joined.where(tuple_(*key).in_(list(opened)))):
        where, (storage, thumbnail) = tuple(row[: len(key)]), row[len(key) :]
        details = json.loads(opened[where])
        place = f"{here.name}:{':'.join(map(str, where))}"
        found.append(File(place, storage, base64.b64decode(details["key"])))
        found += [File(place, thumbnail, base64.b64decode(details["thumbnail_key"]))] if thumbnail else []
    return found
