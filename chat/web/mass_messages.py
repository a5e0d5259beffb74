"""Mass messages: preview, send, cancel, and their state. For staff alone."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from chat.actions import mass_messages, mass_trash
from chat.errors import Invalid, NotFound
from chat.models.people import STAFF
from chat.queries import mass_messages as questions
from chat.transaction import Reading
from chat.web.answers import Json
from chat.web.command import Command
from chat.web.desk import unscoped
from chat.web.inputs import AttachmentId, Input, Key, Line, MassMessageId, PersonId
from chat.web.wire import Wire

Clients = Annotated[list[PersonId], Field(max_length=10_000)]


class PreviewInput(Input):
    """Whom a mass message would go to."""

    to: Clients | None = None
    everyone: bool = False


class SendMassInput(PreviewInput):
    """A mass message; `confirm` is the number of clients, typed, where there are more than 25."""

    key: Key
    subject: Line
    body: str
    confirm: int | None = None
    attachments: Annotated[list[AttachmentId], Field(default_factory=list, max_length=50)]
    copy_to_contact_log: bool = False


class MassInput(Input):
    """One of one's own mass messages."""

    mass_message: MassMessageId


class FindMassInput(Input):
    """Sent or the trash, and words of a client's name."""

    folder: Annotated[str, Field(pattern="^(sent|trash)$")]
    search: Annotated[Line, Field(max_length=200)] = ""
    before: MassMessageId | None = None


def _picked(given: PreviewInput) -> tuple[int, ...]:
    if (given.to is None) == (not given.everyone):
        raise Invalid("Name the clients, or choose everyone.", field="to")
    to = tuple(given.to or ())
    if len(set(to)) < len(to):
        raise Invalid("A client stands in the list twice.", field="to")
    return to


def _preview(given: PreviewInput) -> mass_messages.SendMass:
    return mass_messages.SendMass("", "", "", _picked(given), given.everyone)


def _send(given: SendMassInput) -> mass_messages.SendMass:
    files = tuple(given.attachments)
    whom = (_picked(given), given.everyone, given.confirm)
    return mass_messages.SendMass(given.key, given.subject, given.body, *whom, files, given.copy_to_contact_log)


def _previewed(wire: Wire, found: list[mass_messages.Recipient]) -> dict[str, Any]:
    skipped = [{"id": wire.person(one.client), "name": one.name, "reason": one.reason} for one in found if one.reason]
    return {"of": len(found) - len(skipped), "skipped": skipped, "confirm": len(found) - len(skipped) > mass_messages.UNCONFIRMED}


def _accepted(wire: Wire, result: dict[str, Any]) -> dict[str, Any]:
    return result | {"mass_message": wire.ids.outer("mass_message", result["mass_message"])}


def _page(wire: Wire, found: questions.Page) -> dict[str, Any]:
    rows, following = found
    outer = wire.ids.outer
    views = [row | {"id": outer("mass_message", row["id"])} for row in rows]
    return {"mass_messages": views, "next": outer("mass_message", following) if following else None}


def _find(reading: Reading, search: str, before: int | None, folder: str) -> questions.Page:
    return questions.find_mass_messages(reading, search, before, trashed=folder == "trash")


COMMANDS = (
    Command(
        "find_mass_messages",
        FindMassInput,
        "One's own mass messages in Sent or in the trash, filtered by the names of the clients they went to.",
        question=_find,
        build=lambda given: (given.search, given.before, given.folder),
        view=_page,
        may=STAFF,
    ),
    Command(
        "preview_mass_message",
        PreviewInput,
        "How many clients a mass message would go to, and who is skipped and why.",
        question=mass_messages.recipients,
        build=_preview,
        view=_previewed,
        may=STAFF,
    ),
    Command(
        "send_mass_message",
        SendMassInput,
        "Write to several clients, each in a conversation of their own.",
        action=mass_messages.send_mass_message,
        build=_send,
        view=_accepted,
        may=STAFF,
        letter=True,
    ),
    Command(
        "cancel_mass_message",
        MassInput,
        "Cancel the rest of a mass message.",
        action=mass_messages.cancel_mass_message,
        build=lambda given: given.mass_message,
        may=STAFF,
    ),
    Command(
        "trash_mass_message",
        MassInput,
        "Put a mass message into one's own trash, with one's side of all its conversations without a reply.",
        action=mass_trash.trash_mass_message,
        build=lambda given: given.mass_message,
        may=STAFF,
    ),
    Command(
        "restore_mass_message",
        MassInput,
        "Bring a mass message back into Sent.",
        action=mass_trash.restore_mass_message,
        build=lambda given: given.mass_message,
        may=STAFF,
    ),
    Command(
        "delete_mass_message",
        MassInput,
        "Delete a mass message from one's own trash for good.",
        action=mass_trash.delete_mass_message,
        build=lambda given: given.mass_message,
        may=STAFF,
    ),
)


async def mass_list(request: Request) -> Response:
    """GET /api/mass_messages?folder=&before=: the asker's own, in Sent or in the trash."""
    desk, who = await unscoped(request)
    before = request.query_params.get("before")
    number = desk.wire.ids.inner("mass_message", before) if before else None
    folder = request.query_params.get("folder", "sent")
    if folder not in {"sent", "trash"}:
        raise Invalid("Mass messages are in Sent or in the trash.", field="folder")
    found = await desk.runtime.ask(questions.mass_messages, number, trashed=folder == "trash", who=who)
    return Json(_page(desk.wire, found))


async def mass_recipients(request: Request) -> Response:
    """GET /api/mass_messages/{id}/recipients?after=: the state per client."""
    desk, who = await unscoped(request)
    wire = desk.wire
    number = wire.ids.inner("mass_message", request.path_params["id"])
    after = request.query_params.get("after")
    begin = wire.ids.inner("person", after) if after else 0
    if number is None or begin is None:
        raise NotFound
    rows, following = await desk.runtime.ask(questions.mass_recipients, number, begin, who=who)
    views = [
        row
        | {
            "id": wire.person(row["id"]),
            "conversation": wire.conversation_id(row["conversation"]) if row["conversation"] else None,
        }
        for row in rows
    ]
    return Json({"recipients": views, "next": wire.person(following) if following else None})
