"""The audit trail for administrators: a page at a time, and all of it as CSV. For staff alone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from chat.actions.views import note_audit_export
from chat.errors import Invalid, NotFound
from chat.lib import pages
from chat.lib.clock import SECOND
from chat.lib.sentences import Sentence
from chat.lib.spreadsheets import BYTE_ORDER, lines, time_of
from chat.queries import audit
from chat.queries.audit import Entry, Filters, Someone
from chat.queries.audit_words import KINDS
from chat.queries.organizations import practice
from chat.transaction import Who
from chat.web.answers import Json
from chat.web.desk import Desk, unscoped
from chat.web.languages import say
from chat.web.wire import Wire

STEP = 500
HEAD = (
    Sentence("Time (UTC)"),
    Sentence("Who"),
    Sentence("What"),
    Sentence("Client"),
    Sentence("Whom"),
    Sentence("Message"),
    Sentence("Outcome"),
    Sentence("More"),
    Sentence("From"),
)


async def audit_list(request: Request) -> Response:
    """GET /api/audit?actor=&client=&kind=&from=&until=&before="""
    desk, who = await unscoped(request)
    filters = await _filters(request, desk, who)
    rows, last = await desk.runtime.ask(audit.audit, filters, _before(request, desk.wire), who=who)
    waiting = await desk.runtime.ask(audit.waiting, who=who)
    following = pages.cursor(last[0], desk.wire.ids.outer("audit_entry", last[1])) if last else None
    return Json({"audit": [_outer(desk.wire, row) for row in rows], "next": following, "waiting": waiting, "kinds": KINDS})


async def audit_csv(request: Request) -> Response:
    """GET /api/audit.csv with the same filters: all that they find, safe to open in a spreadsheet; on record before it leaves."""
    desk, who = await unscoped(request)
    filters = await _filters(request, desk, who)
    await desk.runtime.perform(note_audit_export, who, filters.client)
    headers = {"Content-Disposition": 'attachment; filename="audit.csv"'}
    return StreamingResponse(_csv(desk, who, filters), media_type="text/csv; charset=utf-8", headers=headers)


async def _csv(desk: Desk, who: Who, filters: Filters) -> AsyncIterator[str]:
    # In steps: no reading outlives one, and no length of the trail fills the memory.
    yield BYTE_ORDER + lines([tuple(map(say, HEAD))])
    before: tuple[int, int] | None = None
    while True:
        rows, before = await desk.runtime.ask(audit.audit, filters, before, STEP, who=who)
        yield lines(map(_line, rows))
        if before is None:
            return


def _line(row: Entry) -> tuple[str, ...]:
    at = time_of(row["at"])
    names = [one["name"] if one else "" for one in (row["client"], row["person"])]
    who = row["actor"]["name"] if row["actor"] else "Quietroom"
    return (at, who, say(row["what"]), *names, str(row["seq"] or ""), row["outcome"], say(row["details"]), row["address"])


async def _filters(request: Request, desk: Desk, who: Who) -> Filters:
    """What to look for; days are those of the practice's time zone. NotFound for who is no administrator, before all else."""
    zone = ZoneInfo((await desk.runtime.ask(practice, who=who))["time_zone"])
    given = request.query_params
    kind = given.get("kind") or None
    if kind is not None and kind not in KINDS:
        raise Invalid("There is no such kind of entry.", field="kind")
    since, until = (_day(given.get(name), name, zone, more) for name, more in (("from", 0), ("until", 1)))
    return Filters(_person(desk.wire, given.get("actor")), _person(desk.wire, given.get("client")), kind, since, until)


def _person(wire: Wire, word: str | None) -> int | None:
    if not word:
        return None
    number = wire.ids.inner("person", word)
    if number is None:
        raise NotFound
    return number


def _day(word: str | None, name: str, zone: ZoneInfo, more: int) -> int | None:
    if not word:
        return None
    try:
        day = date.fromisoformat(word) + timedelta(days=more)
        return int(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp()) * SECOND
    except (ValueError, OverflowError) as error:
        raise Invalid("A day looks like 2026-03-31.", field=name) from error


def _before(request: Request, wire: Wire) -> tuple[int, int] | None:
    word = request.query_params.get("before")
    if not word:
        return None
    found = pages.parse(word)
    number = wire.ids.inner("audit_entry", found[1]) if found else None
    if found is None or number is None:
        raise Invalid("This page does not exist. Please load the list again.", field="before")
    return found[0], number


def _outer(wire: Wire, row: Entry) -> dict[str, Any]:
    people = {name: _someone(wire, row[name]) for name in ("actor", "person", "client")}
    return row | people | {"id": wire.ids.outer("audit_entry", row["id"])}


def _someone(wire: Wire, one: Someone | None) -> dict[str, str] | None:
    return {"id": wire.person(one["id"]), "name": one["name"]} if one else None
