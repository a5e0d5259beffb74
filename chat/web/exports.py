"""Taking one's messages along: clients and contacts all that they see, staff what they wrote with one client."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Message, Receive, Scope, Send

from chat.actions.views import Exported, note_own_export
from chat.errors import NotFound
from chat.lib.sentences import Sentence
from chat.models.people import STAFF
from chat.printing import PrintFailed
from chat.printing.bundles import Bundle, Source
from chat.printing.times import moment
from chat.queries.attachments import Fetch, fetch
from chat.queries.exports import STEP, exportable, exported_messages
from chat.queries.prints import PrintedConversation, PrintedStep, Printout, printout
from chat.transaction import Who
from chat.web.answers import DoorError
from chat.web.desk import Desk, signed_in, unscoped
from chat.web.prints import in_their_words, no_pdf, on_paper, titled, unless_hung_up

AT_ONCE = 8  # exports a process; their PDFs stand in line with what others print
STALLED = 60.0  # seconds after which somebody who takes nothing is hung up on
_ONE = Sentence("Your messages are being exported already. Please wait until that is done, or cancel it there.")
_BUSY = Sentence("Other people are exporting at the moment. Please try again in a minute.")
HEADS = 50


async def export_own(request: Request) -> Response:
    """GET /api/export: a ZIP with all that a client or contact sees, as PDF and files; on record before it leaves."""
    desk, who = await unscoped(request)
    if who.role in STAFF:
        raise NotFound
    return await unless_hung_up(request, _begun(request, desk, who, None))


async def export_client(request: Request) -> Response:
    """GET /api/clients/{id}/export: the same of the conversations with a client that a member of staff takes part in."""
    desk, who = await unscoped(request)
    client = desk.wire.ids.inner("person", request.path_params["id"])
    if client is None:
        raise NotFound
    return await unless_hung_up(request, _begun(request, desk, who, client))


async def _begun(request: Request, desk: Desk, who: Who, client: int | None) -> Response:
    talks = await _on_record(desk, who, client)
    if not talks:
        raise DoorError(409, "conflict", "There are no messages to export yet.")
    head = await desk.runtime.ask(printout, [], who=who)
    pieces = _pieces(request, desk, who, head, talks)
    try:
        # The first PDF is made before anything is answered: what goes wrong until then is told as a sentence.
        first = await anext(pieces)
    except PrintFailed as failure:
        raise no_pdf(failure) from failure
    today = moment(head["now"], head["time_zone"]).date().isoformat()
    headers = {"Content-Disposition": f'attachment; filename="messages-{today}.zip"'}
    return _Stream(_from(first, pieces), media_type="application/zip", headers=headers)


async def _on_record(desk: Desk, who: Who, client: int | None) -> list[int]:
    """All conversations that are to be exported, each noted in the audit trail."""
    found: list[int] = []
    after = 0
    while page := await desk.runtime.ask(exportable, client, after, who=who):
        found += await desk.runtime.perform(note_own_export, who, Exported(tuple(page)))
        after = page[-1][0]
        if len(page) < STEP:
            break
    return found


async def _pieces(request: Request, desk: Desk, who: Who, head: Printout, talks: list[int]) -> AsyncIterator[bytes]:
    if who.person in desk.exporting:
        raise DoorError(409, "conflict", _ONE)
    if len(desk.exporting) >= AT_ONCE:
        raise DoorError(503, "unavailable", _BUSY, retry_after=30)
    desk.exporting.add(who.person)
    try:
        source = _source(request, desk, who, talks)
        bundle = Bundle(desk.printer, desk.blobs, on_paper(head), source, desk.wire.ids.outer)
        async for piece in bundle.pieces():
            yield piece
    finally:
        desk.exporting.discard(who.person)


async def _heads(request: Request, desk: Desk, who: Who, talks: list[int]) -> AsyncIterator[PrintedConversation]:
    for start in range(0, len(talks), HEADS):
        await signed_in(request, locked_too=True)  # a long export ends with its session
        page = await desk.runtime.ask(printout, talks[start : start + HEADS], who=who)
        for head in page["conversations"]:
            yield titled(head)


def _source(request: Request, desk: Desk, who: Who, talks: list[int]) -> Source:
    """What the asker sees, asked anew at each step: what is taken away meanwhile stays out."""

    async def messages(talk: PrintedConversation, after: int) -> PrintedStep:
        step = await desk.runtime.ask(exported_messages, talk["id"], after, talk["newest"], who=who)
        return replace(step, messages=in_their_words(step.messages))

    async def file(number: int) -> Fetch | None:
        return await desk.runtime.ask(fetch, number, who=who)

    return Source(_heads(request, desk, who, talks), messages, file)


class _Stream(StreamingResponse):
    """An answer that waits for nobody who has stopped to take it: others want to export, too."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it, piece by piece."""

        async def timely(message: Message) -> None:
            async with asyncio.timeout(STALLED):
                await send(message)

        with contextlib.suppress(TimeoutError):
            await super().__call__(scope, receive, timely)


async def _from(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for piece in rest:
        yield piece
