"""One's own mailbox: trash, Inbox, unread."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from chat.actions import deletions, mailboxes, marks
from chat.web.command import Command
from chat.web.inputs import ConversationId, Input

SELECTION = 1_000


class SelectionInput(Input):
    """Some conversations of one's own mailbox."""

    conversations: Annotated[list[ConversationId], Field(min_length=1, max_length=SELECTION)]


def selection(given: SelectionInput) -> mailboxes.Selection:
    """Each once, in the order given."""
    return mailboxes.Selection(tuple(dict.fromkeys(given.conversations)))


COMMANDS = (
    Command(
        "mark_unread",
        SelectionInput,
        "Let conversations look unread again, to oneself only.",
        action=marks.mark_unread,
        build=lambda given: marks.MarkUnread(tuple(dict.fromkeys(given.conversations))),
    ),
    Command(
        "move_to_trash",
        SelectionInput,
        "Put conversations into one's own trash.",
        action=mailboxes.move_to_trash,
        build=selection,
    ),
    Command(
        "undo_trash",
        SelectionInput,
        "Take conversations out of the trash again: each stands where it stood before.",
        action=mailboxes.undo_trash,
        build=selection,
    ),
    Command(
        "move_to_inbox",
        SelectionInput,
        "Bring conversations back into the Inbox.",
        action=mailboxes.move_to_inbox,
        build=selection,
    ),
    Command(
        "delete_permanently",
        SelectionInput,
        "Delete conversations from one's own trash for good.",
        action=deletions.delete_permanently,
        build=selection,
    ),
)
