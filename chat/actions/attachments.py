"""Files: an upload belongs to its uploader until it is sent; each message that carries it holds the keys to it."""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Executable, and_, delete, exists, func, insert, null, or_, select, update

from chat.errors import Invalid, NotFound, Refused
from chat.lib.clock import DAY
from chat.lib.crypto import key_of
from chat.lib.sentences import Sentence
from chat.lib.sql import Changes, Rows, Sets, Statement, parameter
from chat.models import Attachment, Enclosure, Organization
from chat.models.columns import table
from chat.transaction import Transaction

_FILES, _ENCLOSURES, _ORGANIZATIONS = table(Attachment), table(Enclosure), table(Organization)
UNSENT = DAY
QUARANTINE = 30 * DAY
STEP = 50
_COLUMNS = (
    "organization_id",
    "uploader_id",
    "media_type",
    "size",
    "digest",
    "storage",
    "thumbnail",
    "data_key_id",
    "threat",
    "sent",
    "created_at",
)


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that lies sealed in storage: its names there and the keys to them, in the clear for as long as this lives."""

    name: str
    media_type: str
    size: int
    digest: bytes
    storage: str
    key: bytes
    thumbnail: str | None = None
    thumbnail_key: bytes | None = None
    threat: str | None = None


@dataclass(frozen=True, slots=True)
class Upload:
    """An unsent file of the author's, as a send needs it."""

    id: int
    name: str
    details: str


@dataclass(frozen=True, slots=True)
class Swept:
    """A file that was given up, with the names under which it lies in storage."""

    id: int
    names: tuple[str, ...]


def _insert(_: Sets) -> Executable:
    return insert(_FILES).values({name: parameter(name, _FILES.c[name].type) for name in _COLUMNS}).returning(_FILES.c.id)


def _unsent(sets: Sets) -> Executable:
    mine = and_(sets.has(_FILES.c.id, "ids"), _FILES.c.sent.is_(False), _FILES.c.threat.is_(None))
    rows = select(_FILES.c.id, _FILES.c.uploader_id, _FILES.c.details, _FILES.c.data_key_id).where(mine).order_by(_FILES.c.id)
    # Locked: one that is being swept at this moment is waited for, and is not there any more.
    return rows.with_for_update(key_share=True)


def _allowed(_: Sets) -> Executable:
    return select(_ORGANIZATIONS.c.attachments_allowed).where(_ORGANIZATIONS.c.id == parameter("organization"))


def _left(_: Sets) -> Executable:
    held = exists().where(_ENCLOSURES.c.attachment_id == _FILES.c.id)
    harmless, infected = _FILES.c.threat.is_(None), _FILES.c.threat.is_not(None)
    old = or_(and_(harmless, _FILES.c.created_at < parameter("before")), and_(infected, _FILES.c.created_at < parameter("kept")))
    late = and_(_FILES.c.sent.is_(False), old)
    gone = and_(_FILES.c.sent, ~held, _FILES.c.data_key_id.is_(None))  # a running mass message has given it its own
    columns = (_FILES.c.id, _FILES.c.storage, _FILES.c.thumbnail, _FILES.c.data_key_id)
    # One that is being sent at this moment is left alone.
    return select(*columns).where(or_(late, gone)).limit(parameter("limit")).with_for_update(key_share=True, skip_locked=True)


def _of_key(_: Sets) -> Executable:
    return select(func.count()).select_from(_FILES).where(_FILES.c.data_key_id == parameter("key"), _FILES.c.sent)


INSERT, UNSENT_FILES, ALLOWED, LEFT, CLAIMED = (Statement(build) for build in (_insert, _unsent, _allowed, _left, _of_key))
SET_DETAILS = Changes(_FILES, ("id",), ("details",))
SET_SENT = Changes(_FILES, ("id",), ("sent", "details", "data_key_id"))
INSERT_ENCLOSURES = Rows(_ENCLOSURES, ("conversation_id", "seq", "place", "attachment_id", "outer_id", "details"))
DELETE_FILES = Statement(lambda sets: delete(_FILES).where(sets.has(_FILES.c.id, "ids")))
RELEASE = Statement(
    lambda _: (
        update(_FILES)
        .values(data_key_id=null())
        .where(_FILES.c.data_key_id == parameter("key", _FILES.c.data_key_id.type), _FILES.c.sent)
    )
)
DISCARD = Statement(
    lambda _: (
        update(_FILES)
        .values(created_at=parameter("long_ago"))
        .where(_FILES.c.id == parameter("id"), _FILES.c.uploader_id == parameter("person"))
        .where(_FILES.c.sent.is_(False), _FILES.c.threat.is_(None))
        .returning(_FILES.c.id)
    )
)


def add_attachment(tx: Transaction, what: StoredFile) -> dict[str, int]:
    """Record an upload of the asker's, out of reach if it has a `threat`; Refused where the practice does not allow files."""
    if not tx.rows(ALLOWED, organization=tx.me.organization)[0][0]:
        raise Refused("This practice does not send or receive files here. Write it as text, or ask the practice for another way.")
    key = tx.make_keys(["attachment"])[0]
    stored = {name: getattr(what, name) for name in ("media_type", "size", "digest", "storage", "thumbnail", "threat")}
    own = {
        "organization_id": tx.me.organization,
        "uploader_id": tx.me.person,
        "data_key_id": key,
        "sent": False,
        "created_at": tx.now,
    }
    number: int = tx.rows(INSERT, **stored, **own)[0][0]
    tx.write(SET_DETAILS, [(number, tx.seal(key, upload_place(number), _details(what)))])
    if what.threat is None:
        tx.audit("upload", details=what.media_type)
    else:
        tx.audit("quarantine", outcome="refused", details=f"{what.threat}, {what.media_type}")
    return {"id": number}


def discard_attachment(tx: Transaction, number: int) -> dict[str, int]:
    """Give up an unsent upload of the asker's; the next sweep removes it."""
    if not tx.rows(DISCARD, id=number, person=tx.me.person, long_ago=0):
        raise NotFound
    return {}


def own_uploads(tx: Transaction, wanted: Collection[int]) -> dict[int, tuple[int, Upload]]:
    """Unsent files by id, with their uploader; one statement for a whole batch of sends."""
    rows = tx.rows(UNSENT_FILES, ids=list(wanted)) if wanted else []
    tx.load_keys({row[3] for row in rows})
    found = {}
    for number, uploader, details, _ in rows:
        text = tx.data_key(key_of(details)).open(upload_place(number), details)
        found[number] = (uploader, Upload(number, json.loads(text)["name"], text))
    return found


def enclose(tx: Transaction, enclosed: Sequence[tuple[int, int, int | None, Sequence[Upload]]]) -> None:
    """Let messages, given as (conversation, seq, its data key, files), carry their files; the uploads' own keys are destroyed."""
    rows = [
        (talk, seq, at, file.id, secrets.randbits(62), tx.seal(key, enclosure_place(talk, seq, at), file.details))
        for talk, seq, key, files in enclosed
        for at, file in enumerate(files)
    ]
    if not rows:
        return
    tx.write(INSERT_ENCLOSURES, rows)
    _settle(tx, {row[3] for row in rows}, None)


def claim(tx: Transaction, files: Sequence[Upload], key: int) -> None:
    """Let the mass message with the data key `key` have these uploads before any message does: they stay until `release`."""
    _settle(tx, {file.id for file in files}, key)
    if files and tx.rows(CLAIMED, key=key)[0][0] < len(files):  # swept since they were read
        raise Invalid("A file is not there any more. Attach it again.", field="attachments")


def release(tx: Transaction, key: int) -> None:
    """The mass message with this data key is done: its files go with the last message that holds them, if one does."""
    tx.rows(RELEASE, key=key)


def _settle(tx: Transaction, ids: Collection[int], key: int | None) -> None:
    """They are no longer their uploader's; those that were sent or claimed before stay as they are."""
    unsent = tx.rows(UNSENT_FILES, ids=sorted(ids)) if ids else []
    tx.write(SET_SENT, [(row[0], True, None, key) for row in unsent])
    tx.destroy_keys(row[3] for row in unsent if row[3])


def sweep_attachments(tx: Transaction, _what: None = None) -> list[Swept]:
    """Give up files unsent for a day, quarantined for 30, or held by no message any more; the answer: what storage may delete.

    From then on nobody reaches them, and no message can have them. Their rows stay until `forget_attachments`: they say what
    is still to be deleted, whatever happens in between.
    """
    rows = tx.rows(LEFT, before=tx.now - UNSENT, kept=tx.now - QUARANTINE, limit=STEP)
    tx.write(SET_SENT, [(row[0], True, None, None) for row in rows if row[3]])
    tx.destroy_keys(row[3] for row in rows if row[3])
    return [Swept(row[0], tuple(name for name in row[1:3] if name)) for row in rows]


def forget_attachments(tx: Transaction, numbers: Sequence[int]) -> None:
    """The bytes of these files are gone from storage; the last that is known of them goes, too."""
    tx.rows(DELETE_FILES, ids=list(numbers))


def upload_place(number: int) -> str:
    """Where an upload's name and keys are sealed to."""
    return f"attachment.details:{number}"


def enclosure_place(conversation: int, seq: int, at: int) -> str:
    """Where an enclosed file's name and keys are sealed to."""
    return f"enclosure.details:{conversation}:{seq}:{at}"


def check_count(files: Sequence[int], most: int) -> None:
    """Refuse too many files, and the same one twice."""
    if len(files) > most:
        raise Invalid(Sentence("A message carries up to {most} files.", most=most), field="attachments")
    if len(set(files)) < len(files):
        raise Invalid("The same file is attached twice. Remove one of the two.", field="attachments")


def _details(what: StoredFile) -> str:
    packed: dict[str, Any] = {"name": what.name, "key": base64.b64encode(what.key).decode()}
    if what.thumbnail_key is not None:
        packed["thumbnail_key"] = base64.b64encode(what.thumbnail_key).decode()
    return json.dumps(packed)
