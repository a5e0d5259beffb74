"""Pages of listings as the wire has them: rows, and an opaque cursor to the next."""

from __future__ import annotations

from typing import Any

from chat.errors import Invalid
from chat.lib import pages
from chat.lib.ids import Ids
from chat.queries.views import ConversationView
from chat.web.wire import Wire


def folder_page(wire: Wire, found: tuple[list[ConversationView], tuple[int, int] | None]) -> dict[str, Any]:
    """A page of conversations."""
    rows, after = found
    following = pages.cursor(after[0], wire.conversation_id(after[1])) if after else None
    return {"conversations": [wire.conversation(row) for row in rows], "next": following}


def folder_cursor(ids: Ids, text: object) -> tuple[int, int] | None:
    """(time, conversation) of a cursor that `folder_page` made; Invalid for any other."""
    if text is None:
        return None
    parsed = pages.parse(text) if isinstance(text, str) else None
    number = ids.inner("conversation", parsed[1]) if parsed else None
    if parsed is None or number is None:
        raise Invalid("This page of the list does not exist. Please load the list again.", field="before")
    return parsed[0], number
