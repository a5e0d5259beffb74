"""Folders of conversations."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field
from starlette.requests import Request
from starlette.responses import Response

from chat.errors import Invalid
from chat.queries import conversations
from chat.web.answers import Json
from chat.web.command import Command
from chat.web.desk import unscoped
from chat.web.inputs import Input, Line
from chat.web.pages import folder_cursor, folder_page

FolderCursor = Annotated[tuple[int, int], BeforeValidator(lambda value, info: folder_cursor(info.context, value))]


class FolderSearchInput(Input):
    """A folder, and words of somebody's name."""

    folder: Annotated[str, Field(pattern="^(inbox|sent|trash)$")]
    search: Annotated[Line, Field(max_length=200)] = ""
    before: FolderCursor | None = None


COMMANDS = (
    Command(
        "find_conversations",
        FolderSearchInput,
        "A folder, filtered by the names of the other people.",
        question=conversations.find,
        build=lambda given: (given.folder, given.search, given.before),
        view=folder_page,
    ),
)


async def conversation_list(request: Request) -> Response:
    """GET /api/conversations?folder=&before="""
    desk, who = await unscoped(request)
    folder = request.query_params.get("folder", "inbox")
    if folder not in conversations.FOLDERS:
        raise Invalid("There are three folders: inbox, sent and trash.", field="folder")
    before = folder_cursor(desk.wire.ids, request.query_params.get("before"))
    return Json(folder_page(desk.wire, await desk.runtime.ask(conversations.conversations, folder, before, who=who)))
