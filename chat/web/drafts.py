"""Drafts."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from chat.actions import drafts
from chat.queries import drafts as questions
from chat.queries.people import named_people
from chat.web.answers import Json
from chat.web.command import Command
from chat.web.desk import desk_of, signed_in
from chat.web.inputs import ConversationId, Input, Line, PersonId


class SaveDraftInput(Input):
    """What was begun, and where."""

    conversation: ConversationId | None = None
    to: Annotated[list[PersonId], Field(max_length=50)] | None = None
    everyone: bool = False
    subject: Line | None = None
    body: str


def _draft(given: SaveDraftInput) -> drafts.SaveDraft:
    return drafts.SaveDraft(given.body, given.conversation, tuple(given.to or ()), given.subject, given.everyone)


COMMANDS = (
    Command(
        "save_draft",
        SaveDraftInput,
        "Keep what was begun; no text and no subject deletes it.",
        action=drafts.save_draft,
        build=_draft,
        quick_link=True,
    ),
)


async def draft_list(request: Request) -> Response:
    """GET /api/drafts"""
    desk, who = desk_of(request), (await signed_in(request)).who
    found = await desk.runtime.ask(questions.drafts, who=who)
    to = {person for draft in found for person in draft["to"]}
    named = await desk.runtime.ask(named_people, to, who=who)
    return Json({"drafts": [desk.wire.draft(draft, named) for draft in found]})
