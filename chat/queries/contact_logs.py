"""A client's contact log, for those who look after the client."""

from __future__ import annotations

import json
from typing import Any, NotRequired, TypedDict

from sqlalchemy import Executable, and_, select

from chat import access
from chat.access import PEOPLE
from chat.lib.crypto import key_of
from chat.lib.sql import Sets, Statement, parameter
from chat.models import ContactLogEntry
from chat.models.columns import table
from chat.queries.damage import ENTRY, opened_or_none
from chat.queries.people import me
from chat.transaction import Reading

_ENTRIES = table(ContactLogEntry)
PAGE = 50
_LAST = 1 << 61


class EntryView(TypedDict):
    """One entry, verbatim. `recipients` and `files` are names."""

    id: int
    at: int
    author: str
    by_hand: bool
    subject: str | None
    body: str
    recipients: list[str]
    files: list[str]


class LogHead(TypedDict):
    """What stands on every page of an export: whose log, and who took it along when."""

    practice: str
    time_zone: str
    exported_by: str
    now: int
    client: str
    born: str | None
    language: NotRequired[str]  # of the paper; the door adds it


def _page(_: Sets) -> Executable:
    columns = (_ENTRIES.c.id, _ENTRIES.c.at, PEOPLE.c.name, _ENTRIES.c.by_hand, _ENTRIES.c.mark, _ENTRIES.c.content)
    mine = and_(_ENTRIES.c.client_id == parameter("client"), _ENTRIES.c.id < parameter("before"))
    joined = select(*columns).join(PEOPLE, PEOPLE.c.id == _ENTRIES.c.author_id).where(mine)
    return joined.order_by(_ENTRIES.c.id.desc()).limit(parameter("limit"))


ENTRIES = Statement(_page)
CLIENT = Statement(lambda _: select(PEOPLE.c.name, PEOPLE.c.born).where(PEOPLE.c.id == parameter("client")))


def contact_log(
    reading: Reading, client: int, before: int | None = None, limit: int = PAGE
) -> tuple[list[EntryView], int | None]:
    """A page of the log, the newest entry first, and the id before which the next begins; NotFound for everybody else."""
    access.client(reading, reading.me, client)
    return entries(reading, client, before, limit)


def entries(reading: Reading, client: int, before: int | None, limit: int) -> tuple[list[EntryView], int | None]:
    """The same for whoever has been found to be allowed to."""
    rows = reading.rows(ENTRIES, client=client, before=before or _LAST, limit=limit + 1)
    reading.load_keys({key_of(row[5]) for row in rows})
    views = [_view(reading, client, row) for row in rows[:limit]]
    return views, views[-1]["id"] if len(rows) > limit else None


def log_head(reading: Reading, client: int) -> LogHead:
    """The head of an export; NotFound for whoever does not look after the client."""
    access.client(reading, reading.me, client)
    name, born = reading.rows(CLIENT, client=client)[0]
    mine = me(reading)
    return {
        "practice": mine["organization"]["name"], "time_zone": mine["organization"]["time_zone"],
        "exported_by": mine["name"], "now": reading.now, "client": name, "born": born,
    }  # fmt: skip


def _view(reading: Reading, client: int, row: Any) -> EntryView:
    number, at, author, by_hand, mark, sealed = row
    text = opened_or_none(reading, f"contact_log_entry.content:{client}:{mark}", sealed)
    content: Any = {"subject": None, "body": ENTRY, "recipients": [], "files": []} if text is None else json.loads(text)
    return {
        "id": number, "at": at, "author": author, "by_hand": bool(by_hand), "subject": content["subject"],
        "body": content["body"], "recipients": content["recipients"], "files": content["files"],
    }  # fmt: skip
