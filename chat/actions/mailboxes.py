"""Folders of one person's own mailbox: to the trash and back. Nobody else sees anything of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from chat.actions.batch import Batch, Part
from chat.actions.marks import MarkRead, sees
from chat.errors import NotFound
from chat.transaction import Asked, Transaction


@dataclass(frozen=True, slots=True)
class Selection:
    """Some conversations of the asker's own mailbox."""

    conversations: tuple[int, ...]


def move_to_trash(tx: Transaction, what: Selection) -> dict[str, int]:
    """Put conversations into the asker's trash, where their 15 days begin; those already there keep their day."""

    def trash(part: Part) -> bool:
        if part.trashed_at is not None:
            return False
        part.trashed_at = tx.now
        return True

    return _each(tx, what, "move_to_trash", trash)


def undo_trash(tx: Transaction, what: Selection) -> dict[str, int]:
    """Take conversations out of the trash as if they had never been there: each stands again where it stood."""

    def undo(part: Part) -> bool:
        if part.trashed_at is None:
            return False
        part.trashed_at = None
        return True

    # To the audit trail it is the same step.
    return _each(tx, what, "move_to_inbox", undo)


def move_to_inbox(tx: Transaction, what: Selection) -> dict[str, int]:
    """Bring conversations back; they always stand in the Inbox then, also those in which nobody else has written."""

    def restore(part: Part) -> bool:
        if part.trashed_at is None and part.received_at is not None:
            return False
        part.trashed_at = None
        part.received_at = part.received_at or part.sent_at or tx.now
        return True

    return _each(tx, what, "move_to_inbox", restore)


def own_parts(batch: Batch) -> list[Part]:
    """The asker's own side of the locked conversations, as far as they may see them now."""
    me = batch.tx.me
    return [part for part in batch.parts.values() if part.person == me.person and sees(batch, part, Asked(me, MarkRead(0, 0)))]


def _each(tx: Transaction, what: Selection, name: str, change: Callable[[Part], bool]) -> dict[str, int]:
    """Act on those of the selection that are the asker's; ids of others act on nothing and tell nothing."""
    batch = Batch(tx, conversations=what.conversations)
    mine = own_parts(batch)
    if not mine:
        raise NotFound
    for part in mine:
        counted = part.counts
        if change(part):
            batch.change(part, counted=counted)
            tx.audit(name, client_id=batch.talks[part.conversation].client, conversation_id=part.conversation)
    batch.save()
    return {}
