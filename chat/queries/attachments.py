"""Files as those may have them who see a message that carries them."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypedDict

from sqlalchemy import BigInteger, Executable, and_, or_, select

from chat import access
from chat.lib.crypto import key_of
from chat.lib.sentences import Sentence
from chat.lib.sql import Sets, Statement, parameter
from chat.models import Attachment, Enclosure
from chat.models.columns import table
from chat.models.conversations import SPANS
from chat.queries.damage import FILE, opened_or
from chat.transaction import Reading

_FILES, _ENCLOSURES = table(Attachment), table(Enclosure)


class FileView(TypedDict):
    """A file of a message. `id` is of this message alone, `size` in bytes; `picture`: there is a small picture of it."""

    id: int
    name: str
    media_type: str
    size: int
    picture: bool


@dataclass(frozen=True, slots=True)
class Fetch:
    """What the storage needs to hand a file out, and on whose record that goes."""

    storage: str
    key: bytes
    name: str
    media_type: str
    size: int
    conversation: int | None
    client: int | None
    seq: int | None


def _enclosed(sets: Sets) -> Executable:
    wanted = sets.relation("wanted", conversation=BigInteger(), seq=BigInteger())
    here = and_(_ENCLOSURES.c.conversation_id == wanted.c.conversation, _ENCLOSURES.c.seq == wanted.c.seq)
    own = (_ENCLOSURES.c[name] for name in ("conversation_id", "seq", "place", "details", "outer_id"))
    columns = (*own, _FILES.c.media_type)
    joined = wanted.join(_ENCLOSURES, here).join(_FILES, _FILES.c.id == _ENCLOSURES.c.attachment_id)
    order = (_ENCLOSURES.c.conversation_id, _ENCLOSURES.c.seq, _ENCLOSURES.c.place)
    return select(*columns, _FILES.c.size, _FILES.c.thumbnail).select_from(joined).order_by(*order)


def _holders(_: Sets) -> Executable:
    """The messages that carry a file and that this person may see by a span of theirs."""
    seen = and_(SPANS.c.from_seq <= _ENCLOSURES.c.seq, or_(SPANS.c.to_seq.is_(None), SPANS.c.to_seq >= _ENCLOSURES.c.seq))
    mine = and_(
        SPANS.c.conversation_id == _ENCLOSURES.c.conversation_id,
        SPANS.c.person_id == parameter("person"),
        SPANS.c.hidden.is_(False),
    )
    columns = (
        *(_ENCLOSURES.c[name] for name in ("conversation_id", "seq", "place", "details")),
        _FILES.c.storage,
        _FILES.c.thumbnail,
    )
    joined = _ENCLOSURES.join(SPANS, and_(mine, seen)).join(_FILES, _FILES.c.id == _ENCLOSURES.c.attachment_id)
    return (
        select(*columns, _FILES.c.media_type, _FILES.c.size).select_from(joined).where(_ENCLOSURES.c.outer_id == parameter("id"))
    )


def _own(_: Sets) -> Executable:
    unsent = and_(_FILES.c.sent.is_(False), _FILES.c.threat.is_(None))
    mine = and_(_FILES.c.id == parameter("id"), _FILES.c.uploader_id == parameter("person"), unsent)
    return select(_FILES.c.details, _FILES.c.storage, _FILES.c.thumbnail, _FILES.c.media_type, _FILES.c.size).where(mine)


def _named(_: Sets) -> Executable:
    here = (_ENCLOSURES.c[name] for name in ("conversation_id", "seq", "place", "details"))
    joined = _ENCLOSURES.join(_FILES, _FILES.c.id == _ENCLOSURES.c.attachment_id)
    columns = (*here, _FILES.c.storage, _FILES.c.thumbnail, _FILES.c.media_type, _FILES.c.size)
    return select(*columns).select_from(joined).where(_ENCLOSURES.c.outer_id == parameter("id"))


ENCLOSED, HOLDERS, OWN, NAMED = (Statement(build) for build in (_enclosed, _holders, _own, _named))


def files_of(
    reading: Reading, messages: Sequence[tuple[int, int]], *, damaged: bool = False
) -> dict[tuple[int, int], list[FileView]]:
    """The files of these messages, given as (conversation, seq); one statement. The caller has checked who may see them.

    `damaged`: a sentence stands in place of a name that does not open. The file itself does not open either.
    """
    found: dict[tuple[int, int], list[FileView]] = {}
    rows = reading.rows(ENCLOSED, wanted=list(messages)) if messages else []
    reading.load_keys({key_of(row[3]) for row in rows})
    for talk, seq, at, details, number, media, size, thumbnail in rows:
        place = f"enclosure.details:{talk}:{seq}:{at}"
        text = opened_or(reading, place, details, FILE) if damaged else reading.open(place, details)
        name = text if isinstance(text, Sentence) else json.loads(text)["name"]
        view: FileView = {"id": number, "name": name, "media_type": media, "size": size, "picture": thumbnail is not None}
        found.setdefault((talk, seq), []).append(view)
    return found


def fetch(reading: Reading, number: int, *, small: bool = False) -> Fetch | None:
    """A file of a message, by its number there, for who may read that message; None otherwise."""
    me = reading.me
    rows = reading.rows(HOLDERS, id=number, person=me.person)
    visible = access.conversations(reading, me, {row[0] for row in rows})
    for talk, seq, at, details, storage, thumbnail, media, size in rows:
        if talk in visible:
            opened = reading.open(f"enclosure.details:{talk}:{seq}:{at}", details)
            return _fetch(opened, (storage, thumbnail, media, size), (talk, visible[talk][1], seq), small=small)
    return None


def fetch_for_house(reading: Reading, number: int) -> Fetch | None:
    """A file of a message, by its number there, for the operator's hands; None if there is none."""
    for talk, seq, at, details, *file in reading.rows(NAMED, id=number):
        opened = reading.open(f"enclosure.details:{talk}:{seq}:{at}", details)
        return _fetch(opened, (file[0], file[1], file[2], file[3]), (talk, None, seq), small=False)
    return None


def fetch_upload(reading: Reading, number: int, *, small: bool = False) -> Fetch | None:
    """An upload, for its uploader while it is unsent; None otherwise. A quick link's session has only its small picture."""
    if reading.me.scope is not None and not small:
        return None
    for details, storage, thumbnail, media, size in reading.rows(OWN, id=number, person=reading.me.person):
        opened = reading.open(f"attachment.details:{number}", details)
        return _fetch(opened, (storage, thumbnail, media, size), (None, None, None), small=small)
    return None


def _fetch(
    opened: str, file: tuple[str, str | None, str, int], where: tuple[int | None, int | None, int | None], *, small: bool
) -> Fetch | None:
    details = json.loads(opened)
    storage, thumbnail, media, size = file
    if not small:
        return Fetch(storage, base64.b64decode(details["key"]), details["name"], media, size, where[0], where[1], where[2])
    if thumbnail is None:
        return None
    return Fetch(
        thumbnail, base64.b64decode(details["thumbnail_key"]), details["name"], "image/jpeg", 0, where[0], where[1], where[2]
    )
