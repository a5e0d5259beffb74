"""Looking for what was said in all places where it must not be: each message is a canary."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Collection, Iterable
from pathlib import Path

from sqlalchemy import select

from chat import house
from chat.lib.database import reading_engine
from chat.models import Message
from chat.models.columns import table
from chat.settings import Settings
from chat.transaction import Keys, Reading

SHORTEST = 12  # characters; a shorter text may stand anywhere by chance
NEWEST = 300
SEALED = table(Message)


def said(data: Path, keys: str = "", database: str = "") -> set[str]:
    """The newest texts in the practice, opened with its keys; on SQLite in this folder, unless there is a database."""
    settings = Settings(data=data, keys=keys, database_url=database, keys_file="")
    engine = reading_engine(settings.database)
    rows = select(SEALED.c.conversation_id, SEALED.c.seq, SEALED.c.body).where(SEALED.c.author_id.is_not(None))
    newest = rows.order_by(SEALED.c.sent_at.desc()).limit(NEWEST)
    with engine.connect() as connection:
        reading = Reading(connection, Keys(house.open_vault(settings).ring))
        texts = {reading.open(f"message.body:{talk}:{seq}", body) for talk, seq, body in connection.execute(newest).all()}
    engine.dispose()
    return {text for text in texts if len(text) >= SHORTEST}


def traces(texts: Collection[str], places: Iterable[Path]) -> list[str]:
    """Each place (a file, or a folder with all in it) that holds one of the texts; mails are read as a mail program does."""
    files = [file for place in places for file in ([place] if place.is_file() else sorted(place.rglob("*"))) if file.is_file()]
    return [f"{file.name} holds {text!r}" for file in files for text in found(texts, contents(file))]


def found(texts: Collection[str], raw: bytes) -> list[str]:
    """Those of the texts that stand in some bytes, as they are or as JSON or Python writes them."""
    return [text for text in texts if any(form in raw for form in forms(text))]


def forms(text: str) -> set[bytes]:
    """A text as programs write it."""
    return {text.encode(errors="surrogatepass"), text.encode("unicode_escape"), text.encode("utf-16-le", "surrogatepass")}


def contents(file: Path) -> bytes:
    """What is in a file; of a mail also all that its encodings hide."""
    raw = file.read_bytes()
    if file.suffix == ".eml":
        parts = email.message_from_bytes(raw, policy=email.policy.default).walk()
        raw += b"\n".join(part.get_payload(decode=True) or b"" for part in parts if not part.is_multipart())  # type: ignore[misc]
    return raw
