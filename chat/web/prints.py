"""Print: selected conversations as one PDF."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from typing import Annotated, Any

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from chat.actions.prints import Printed, note_print
from chat.errors import NotFound
from chat.lib.sentences import Sentence
from chat.printing import PrintFailed
from chat.printing.times import moment
from chat.queries.mass_messages import mass_conversations
from chat.queries.prints import PrintedConversation, PrintedMessage, Printout, printed_messages, printout
from chat.transaction import Who
from chat.web.answers import DoorError
from chat.web.desk import Desk, fields_of, unscoped
from chat.web.inputs import Input, parse
from chat.web.languages import language, say
from chat.web.mailboxes import SELECTION


class PrintInput(Input):
    """Some conversations; a mass message's id stands for those of its conversations without a reply. Ids that name nothing of
    one's own are left out, whatever they are."""

    conversations: Annotated[list[str], Field(min_length=1, max_length=SELECTION)]


async def print_conversations(request: Request) -> Response:
    """POST /api/print: the PDF of `X-Printed` conversations, without `X-Left-Out` of the selection."""
    desk, who = await unscoped(request)
    given: PrintInput = parse(PrintInput, await fields_of(request), desk.wire.ids)
    wanted = list(dict.fromkeys(given.conversations))
    return await unless_hung_up(request, _printed(desk, who, wanted))


async def unless_hung_up(request: Request, making: Coroutine[Any, Any, Response]) -> Response:
    """The answer that is being made; whoever hangs up ends the work. The request's body was read."""
    work = asyncio.create_task(making)
    gone = asyncio.create_task(_hung_up(request))
    try:
        await asyncio.wait({work, gone}, return_when=asyncio.FIRST_COMPLETED)
        if not work.done():
            return Response(status_code=499)  # nobody hears it
        return work.result()
    finally:
        for task in (work, gone):
            task.cancel()
        await asyncio.gather(work, gone, return_exceptions=True)


def no_pdf(failure: PrintFailed) -> DoorError:
    """How it is told that no PDF was made."""
    return DoorError(503, "unavailable", failure.message, retry_after=5)


async def _hung_up(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def _printed(desk: Desk, who: Who, wanted: list[str]) -> Response:
    named = await _named(desk, who, wanted)
    head = await desk.runtime.ask(printout, [talk for talks in named for talk in talks], who=who)
    if not head["conversations"]:
        raise NotFound
    through: dict[int, int] = {}
    try:
        document = await desk.printer.conversations(on_paper(head), _steps(desk, who, head["conversations"], through))
    except PrintFailed as failure:
        raise no_pdf(failure) from failure
    if not through:
        raise NotFound
    await desk.runtime.perform(note_print, who, Printed(tuple(through.items())))
    return _answer(document, head, len(through), sum(through.keys().isdisjoint(talks) for talks in named))


async def _named(desk: Desk, who: Who, wanted: list[str]) -> list[list[int]]:
    """For each word of the selection the conversations that it stands for."""
    talks = {word: desk.wire.ids.inner("conversation", word) for word in wanted}
    others = {word: desk.wire.ids.inner("mass_message", word) for word, number in talks.items() if number is None}
    masses = [number for number in others.values() if number is not None]
    sent = await desk.runtime.ask(mass_conversations, masses, who=who) if masses else {}
    return [sent.get(others[word] or 0, []) if number is None else [number] for word, number in talks.items()]


async def _steps(
    desk: Desk, who: Who, talks: list[PrintedConversation], through: dict[int, int]
) -> AsyncIterator[dict[str, Any]]:
    """What the printing process is told; `through` is filled with what the PDF will hold. No reading outlives a step."""
    for talk in talks:
        number, last = talk["id"], 0
        after: int | None = 0
        yield {"begin": titled(talk)}
        while after is not None:
            try:
                step = await desk.runtime.ask(printed_messages, number, after, talk["newest"], who=who)
            except NotFound:
                yield {"drop": True}  # taken away meanwhile
                break
            if step.messages:
                last = step.messages[-1]["seq"]
                yield {"add": in_their_words(step.messages)}
            after = step.next
        else:
            through[number] = last


def in_their_words(messages: list[PrintedMessage]) -> list[PrintedMessage]:
    """A line that nobody wrote is said in the reader's language."""
    return [{**one, "body": say(one["body"])} if isinstance(one["body"], Sentence) else one for one in messages]


def titled(talk: PrintedConversation) -> PrintedConversation:
    """The same for a subject that cannot be read."""
    subject = talk["subject"]
    return {**talk, "subject": say(subject)} if isinstance(subject, Sentence) else talk


def on_paper(head: Printout) -> Printout:
    """What stands on every page, in the reader's language."""
    return {**head, "conversations": [], "language": language()}


def _answer(document: bytes, head: Printout, printed: int, left_out: int) -> Response:
    today = moment(head["now"], head["time_zone"]).date().isoformat()
    headers = {"Content-Disposition": f'attachment; filename="messages-{today}.pdf"', "X-Left-Out": str(left_out)}
    headers["X-Printed"] = str(printed)
    return Response(document, media_type="application/pdf", headers=headers)
