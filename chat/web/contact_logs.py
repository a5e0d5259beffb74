"""The contact log: reading, writing by hand, and taking it along as CSV or PDF. For staff alone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from chat.actions import contact_logs
from chat.actions.views import Export, note_export
from chat.errors import Invalid, NotFound
from chat.lib.sentences import Sentence
from chat.lib.spreadsheets import BYTE_ORDER, lines, time_of
from chat.models.people import STAFF
from chat.printing import PrintFailed
from chat.queries.contact_logs import EntryView, contact_log, log_head
from chat.transaction import Who
from chat.web.answers import Json
from chat.web.command import Command
from chat.web.desk import Desk, desk_of, unscoped
from chat.web.inputs import Input, Key, Line, PersonId
from chat.web.languages import language, say
from chat.web.prints import no_pdf, unless_hung_up

EXPORTED = 500


class EntryInput(Input):
    """A note by hand."""

    key: Key
    client: PersonId
    subject: Annotated[Line, Field(max_length=200)] | None = None
    body: str


COMMANDS = (
    Command(
        "add_contact_log_entry",
        EntryInput,
        "Add to a client's contact log by hand; entries are never edited.",
        action=contact_logs.add_contact_log_entry,
        build=lambda given: contact_logs.NewEntry(given.key, given.client, given.body, given.subject),
        may=STAFF,
    ),
)


async def contact_log_view(request: Request) -> Response:
    """GET /api/clients/{id}/contact_log?before="""
    desk, who = await unscoped(request)
    client, before = _client(request), request.query_params.get("before")
    number = desk.wire.ids.inner("contact_log_entry", before) if before else None
    if before and number is None:
        raise Invalid("This page of the log does not exist. Please load the log again.", field="before")
    rows, following = await desk.runtime.ask(contact_log, client, number, who=who)
    await desk.runtime.perform(note_export, who, Export("view_contact_log", client))
    outer = desk.wire.ids.outer
    entries = [row | {"id": outer("contact_log_entry", row["id"])} for row in rows]
    return Json({"contact_log": entries, "next": outer("contact_log_entry", following) if following else None})


async def contact_log_csv(request: Request) -> Response:
    """GET /api/clients/{id}/contact_log.csv: the whole log, safe to open in a spreadsheet."""
    desk, who = await unscoped(request)
    client = _client(request)
    rows = [row async for page in _pages(desk, who, client) for row in page]
    await desk.runtime.perform(note_export, who, Export("export_contact_log", client, "CSV"))
    headers = {"Content-Disposition": 'attachment; filename="contact-log.csv"'}
    return Response(_as_csv(rows), media_type="text/csv; charset=utf-8", headers=headers)


async def contact_log_pdf(request: Request) -> Response:
    """GET /api/clients/{id}/contact_log.pdf: the whole log, for paper. Whoever hangs up ends the work."""
    desk, who = await unscoped(request)
    return await unless_hung_up(request, _printed(desk, who, _client(request)))


async def _printed(desk: Desk, who: Who, client: int) -> Response:
    head = await desk.runtime.ask(log_head, client, who=who)
    try:
        document = await desk.printer.contact_log({**head, "language": language()}, _steps(desk, who, client))
    except PrintFailed as failure:
        raise no_pdf(failure) from failure
    await desk.runtime.perform(note_export, who, Export("export_contact_log", client, "PDF"))
    headers = {"Content-Disposition": 'attachment; filename="contact-log.pdf"'}
    return Response(document, media_type="application/pdf", headers=headers)


async def _steps(desk: Desk, who: Who, client: int) -> AsyncIterator[dict[str, Any]]:
    async for rows in _pages(desk, who, client):
        yield {"add": rows}


async def _pages(desk: Desk, who: Who, client: int) -> AsyncIterator[list[EntryView]]:
    """The whole log in steps: no reading outlives one. What is added meanwhile is newer than the first and stays out."""
    before: int | None = None
    while True:
        rows, before = await desk.runtime.ask(contact_log, client, before, EXPORTED, who=who)
        yield rows
        if before is None:
            return


HEAD = (
    Sentence("Time (UTC)"),
    Sentence("Author"),
    Sentence("Subject"),
    Sentence("Text"),
    Sentence("Recipients"),
    Sentence("Files"),
    Sentence("By hand"),
)


def _as_csv(rows: list[EntryView]) -> bytes:
    yes, no = say(Sentence("yes")), say(Sentence("no"))
    table = [tuple(map(say, HEAD))]
    for row in rows:
        at = time_of(row["at"])
        names = ("; ".join(row["recipients"]), "; ".join(row["files"]))
        table.append((at, row["author"], row["subject"] or "", row["body"], *names, yes if row["by_hand"] else no))
    return (BYTE_ORDER + lines(table)).encode()


def _client(request: Request) -> int:
    number = desk_of(request).wire.ids.inner("person", request.path_params["id"])
    if number is None:
        raise NotFound
    return number
