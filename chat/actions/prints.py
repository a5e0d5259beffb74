"""What a print leaves behind: it is on record, and what it holds is read."""

from __future__ import annotations

from dataclasses import dataclass

from chat.actions.marks import MarkRead, mark_read
from chat.errors import Conflict
from chat.queries.prints import printable
from chat.transaction import Asked, Transaction


@dataclass(frozen=True, slots=True)
class Printed:
    """A PDF exists that holds these conversations, each with its messages through a seq (0: none)."""

    conversations: tuple[tuple[int, int], ...]


def note_print(tx: Transaction, what: Printed) -> dict[str, int]:
    """Mark what was printed as read and put each conversation on record; before the PDF leaves.

    Conflict if one of them is no longer the asker's to see: then nothing is marked, and the PDF must not be handed out.
    """
    mark_read(tx, [Asked(tx.me, MarkRead(conversation, seq)) for conversation, seq in what.conversations])
    # Asked under the locks that the marks took: who lost a conversation a moment ago does not get the PDF any more.
    found = printable(tx, [conversation for conversation, _ in what.conversations])
    if len(found) < len(what.conversations):
        raise Conflict("One of these conversations changed hands while it was printed. Please print again.")
    for conversation, seq in what.conversations:
        tx.audit("print", client_id=found[conversation][1], conversation_id=conversation, seq=seq)
    return {}
