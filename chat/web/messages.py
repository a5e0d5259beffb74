"""Messages: sending, reading marks, and the pages of an opened conversation."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from chat.actions import marks, messages, watches
from chat.actions.copies import DropCc, drop_cc
from chat.actions.views import View, note_view
from chat.errors import Invalid, NotFound
from chat.lib.sentences import Sentence
from chat.models.people import STAFF, Role
from chat.queries import conversations, drafts
from chat.web.answers import DoorError, Json
from chat.web.command import Command
from chat.web.desk import desk_of, signed_in
from chat.web.inputs import AttachmentId, ConversationId, Input, Key, Line, PersonId, Seq
from chat.web.wire import Wire


class SendMessageInput(Input):
    """Into a conversation, or to people."""

    key: Key
    conversation: ConversationId | None = None
    to: Annotated[list[PersonId], Field(min_length=1, max_length=50)] | None = None
    subject: Line | None = None
    body: str
    expects: list[PersonId] | None = None
    cc: Annotated[list[PersonId], Field(max_length=20)] = Field(default_factory=list)
    attachments: Annotated[list[AttachmentId], Field(max_length=50)] = Field(default_factory=list)
    copy_to_contact_log: bool = False
    unread_after: Annotated[int, Field(ge=1, le=30)] | None = None


class MarkReadInput(Input):
    """The messages through `seq` were on screen."""

    conversation: ConversationId
    seq: Seq


def _send(given: SendMessageInput) -> messages.SendMessage:
    if (given.conversation is None) == (given.to is None):
        raise Invalid("A message goes into a conversation or to people: name one of the two.", field="to")
    if given.conversation is not None and given.subject:
        raise Invalid("Only a new conversation takes a subject.", field="subject")
    expects = None if given.expects is None else frozenset(given.expects)
    to = tuple(dict.fromkeys(given.to or ()))
    return messages.SendMessage(
        given.key,
        given.body,
        given.conversation,
        to,
        given.subject or None,
        expects,
        cc=tuple(dict.fromkeys(given.cc)),
        attachments=tuple(given.attachments),
        copy_to_contact_log=given.copy_to_contact_log,
        unread_after=given.unread_after,
    )


def _mark(given: MarkReadInput) -> marks.MarkRead:
    return marks.MarkRead(given.conversation, given.seq)


def _sent(wire: Wire, result: dict[str, int]) -> dict[str, Any]:
    return {"conversation": wire.conversation_id(result["conversation"]), "seq": result["seq"]}


class DropCcInput(Input):
    """A thread of the asking client's, and one of their contacts."""

    conversation: ConversationId
    contact: PersonId


class StopWatchInput(Input):
    """One of the asker's own messages."""

    conversation: ConversationId
    seq: Seq


COMMANDS = (
    Command(
        "drop_cc",
        DropCcInput,
        "Let a contact see no later message of a thread.",
        action=drop_cc,
        build=lambda given: DropCc(given.conversation, given.contact),
        may=frozenset({Role.CLIENT}),
    ),
    Command(
        "send_message",
        SendMessageInput,
        "Send a message into a conversation, or to people.",
        action=messages.send_messages,
        build=_send,
        view=_sent,
        quick_link=True,
        letter=True,
    ),
    Command(
        "stop_watch",
        StopWatchInput,
        "Be told no more if a message of one's own stays unread, or let go of having been told.",
        action=watches.stop_watch,
        build=lambda given: watches.Watched(given.conversation, given.seq),
        may=STAFF,
    ),
    Command(
        "mark_read",
        MarkReadInput,
        "The messages through this seq were on screen.",
        action=marks.mark_read,
        build=_mark,
        quick_link=True,
    ),
)


async def message_list(request: Request) -> Response:
    """GET /api/conversations/{id}/messages?before=&after=; the view is on record before the content leaves."""
    desk, who = desk_of(request), (await signed_in(request)).who
    number = desk.wire.ids.inner("conversation", request.path_params["id"])
    before, after = _seq(request, "before"), _seq(request, "after")
    found = await desk.runtime.ask(conversations.messages_page, number, before=before, after=after, who=who) if number else None
    if found is None or number is None:
        raise NotFound
    draft = await desk.runtime.ask(drafts.draft_in, number, who=who)
    if found.messages:
        await desk.runtime.perform(note_view, who, View(number, found.conversation["newest"]))
    return Json(
        {
            "conversation": desk.wire.conversation(found.conversation),
            "messages": [desk.wire.message(message) for message in found.messages],
            "reads": [mark | {"person": desk.wire.person(mark["person"])} for mark in found.reads],
            "next": found.next,
            "draft": {"body": draft[0], "saved_at": draft[1]} if draft else None,
        }
    )


def _seq(request: Request, name: str) -> int | None:
    text = request.query_params.get(name)
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 15):
        raise DoorError(400, "invalid", Sentence("“{name}” is the number of a message.", name=name))
    return int(text)
