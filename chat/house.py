"""From settings to what a process works with: keys, engines, runtime.

The keys come from the environment, from a file, or are made at the first start of the embedded default. A line or entry is
`name=base64`. `id` is the key of the ids on the wire and is never rotated; every other name is a key-encryption key, the
last of which writes.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import os
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import text

from chat.lib.blobs import Blobs, Storage
from chat.lib.buckets import S3, Bucket, Place
from chat.lib.clock import DAY, MINUTE, SECOND
from chat.lib.crypto import KeyRing, begins
from chat.lib.database import reading_engine, writing_engine
from chat.lib.ids import Ids
from chat.lib.ledger import Ledger
from chat.lib.signing import derived
from chat.lib.webpush import Vapid
from chat.runtime import Runtime
from chat.runtime.lane import Lane
from chat.settings import Settings, Unsafe
from chat.transaction import Keys, Policy

LENGTH = 32


@dataclass(frozen=True)
class Vault:
    """What the keys make possible: sealing, and ids for the outside."""

    ring: KeyRing
    ids: Ids
    secret: bytes  # from which keys for signing are derived


def setup_token(vault: Vault) -> str:
    """The word in the one-time set-up address of an empty installation."""
    return derived(vault.secret, "setup").hex()[:32]


def mark(vault: Vault) -> str:
    """What tells this installation's `id` key from another; it opens nothing."""
    return derived(vault.secret, "installation").hex()[:32]


def audit_key(vault: Vault) -> bytes:
    """What the chain of the audit trail is made under. From the key that is never rotated: old links stay checkable."""
    return derived(vault.secret, "audit")


def blobs(settings: Settings) -> Storage:
    """Where files are kept: in a bucket if the settings name one, else in the data folder."""
    if not settings.files:
        return Blobs(settings.data / "files")
    if not S3:
        raise Unsafe("QUIETROOM_FILES names a bucket, and the extra `s3` is not installed (pip install 'quietroom[s3]').")
    return Bucket.at(Place.of(settings.files), settings.files_key.get_secret_value(), settings.files_secret.get_secret_value())


def ledger(settings: Settings, vault: Vault) -> Ledger:
    """Where deletions are written down outside the machine; only if the settings name it."""
    return Ledger(Path(settings.ledger), derived(vault.secret, "ledger"))


def vapid(settings: Settings, vault: Vault) -> Vapid:
    """This installation as push services know it."""
    return Vapid(vault.secret, settings.base_url if settings.secure else "mailto:nobody@localhost")


def policy(settings: Settings) -> Policy:
    """The settings that the rules need."""
    return Policy(
        body_length=settings.body_length,
        attachments=settings.attachments_per_message,
        alert_delay=settings.alert_delay * SECOND,
        staff_alert_delay=settings.staff_alert_delay * SECOND,
        alert_fold=settings.alert_fold * SECOND,
        quick_link=settings.quick_link_minutes * MINUTE,
        quick_link_sessions=settings.quick_link_sessions,
        texts=bool(settings.sms_url) or settings.texts_to_outbox,
        push_hosts=settings.push_services,
        ledger=bool(settings.ledger),
    )


def runtime(settings: Settings, vault: Vault) -> Runtime:
    """A process's runtime over the configured database."""
    return Runtime(writing_engine(settings.database), reading_engine(settings.database), Keys(vault.ring), policy(settings))


def lane(settings: Settings, vault: Vault) -> Lane:
    """Transactions without an event loop, for the command line."""
    return Lane(writing_engine(settings.database), Keys(vault.ring), policy(settings))


def make_keys(*names: str) -> str:
    """New keys of these names as the lines of a ring; without any, a whole ring."""
    lines = (f"{name}={base64.b64encode(secrets.token_bytes(LENGTH)).decode()}\n" for name in names or ("id", "first"))
    return "".join(lines)


def days_from(first: int, count: int, apart: int) -> list[str]:
    """Names of keys that take turns: so many days from this instant on, each so many days after the one before."""
    return [datetime.fromtimestamp((first + at * apart * DAY) / SECOND, UTC).strftime("%Y-%m-%d") for at in range(count)]


def open_vault(settings: Settings) -> Vault:
    """The keys of this installation; Unsafe, with a sentence, if they are missing or damaged."""
    text = settings.keys.get_secret_value().replace(";", "\n") or _file(settings)
    keys: dict[str, bytes] = {}
    for line in text.split():
        name, _, word = line.partition("=")
        keys[name] = _key(name, word)
    secret = keys.pop("id", None)
    if secret is None or not keys:
        raise Unsafe("The key ring needs an `id` key and at least one other (quietroom keys make).")
    return Vault(KeyRing(keys), Ids(secret), secret)


def _key(name: str, word: str) -> bytes:
    try:
        key = base64.b64decode(word, validate=True)
    except binascii.Error as error:
        raise Unsafe(f"The key `{name}` is not base64.") from error
    if len(key) != LENGTH:
        raise Unsafe(f"The key `{name}` has {len(key)} bytes and needs {LENGTH}.")
    try:
        begins(name)
    except ValueError as error:
        raise Unsafe(f"The key `{name}` is named by a day that there is not.") from error
    return key


def _file(settings: Settings) -> str:
    path = Path(settings.keys_file) if settings.keys_file else settings.data / "keys"
    if path.exists():
        return path.read_text()
    if settings.production or settings.keys_file:
        raise Unsafe(f"The key file {path} does not exist. Make one with `quietroom keys make`, and keep a copy of it apart.")
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}-{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(make_keys())
    # Linked when it is whole: of two that start at once, one makes the file and the other reads all of it.
    with contextlib.suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()
    return path.read_text()


def drop_keys(settings: Settings, names: Collection[str]) -> None:
    """Take these off the file of the ring; Unsafe if there is none. What the file was is overwritten."""
    path = Path(settings.keys_file) if settings.keys_file else settings.data / "keys"
    if settings.keys.get_secret_value() or not path.exists():
        raise Unsafe("The ring is not in a file that can be changed here. Take the keys off QUIETROOM_KEYS by hand.")
    old, was = path.read_text(), path.stat()
    kept = [line for line in old.split() if line.partition("=")[0] not in names]
    draft = path.with_name(f".{path.name}-{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            os.fchown(file.fileno(), was.st_uid, was.st_gid)
            os.fchmod(file.fileno(), was.st_mode & 0o777)
            file.write("".join(f"{line}\n" for line in kept))
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    with path.open("r+") as file:
        draft.rename(path)
        file.write("0" * len(old))
        file.flush()
        os.fsync(file.fileno())


def refuse_demo(settings: Settings) -> None:
    """Production never serves a database that holds the demo practice: everybody knows its passwords."""
    if not settings.production:
        return
    engine = reading_engine(settings.database)
    with engine.connect() as connection:
        demo = connection.execute(text("SELECT 1 FROM installation WHERE demo")).first()
    engine.dispose()
    if demo:
        raise Unsafe("This database holds the demo practice, whose passwords everybody knows. Start with an empty one.")
