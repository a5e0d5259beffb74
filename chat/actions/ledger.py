"""The ledger of deletions: what stands in it waits no longer, and a restored database forgets what it says."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete

from chat.actions.batch import Batch
from chat.actions.deletions import forget
from chat.actions.mass_trash import forget_mass_message
from chat.lib.ledger import Line
from chat.lib.sql import Statement
from chat.models.deletions import CONVERSATION, MASS_MESSAGE
from chat.queries.ledger import DELETIONS
from chat.transaction import Transaction

SETTLE = Statement(lambda sets: delete(DELETIONS).where(sets.has(DELETIONS.c.id, "ids")))


def settle_deletions(tx: Transaction, ids: Sequence[int]) -> None:
    """These stand in the ledger."""
    tx.rows(SETTLE, ids=list(ids))


def delete_again(tx: Transaction, lines: Sequence[Line]) -> int:
    """Delete what was deleted after the backup was made; how many of these were not deleted in it yet.

    A conversation that has messages beyond a line's seq had them when its owner deleted the others: it was deleted before the
    backup was made, and what came later stays theirs.
    """
    said = sorted((one.item, one.person, one.through) for one in lines if one.kind == CONVERSATION)
    through = {(talk, person): last for talk, person, last in said}  # the last of several
    batch = Batch(tx, conversations={talk for talk, _ in through})
    gone = [
        part
        for place, part in sorted(batch.parts.items())
        if through.get(place, -1) >= batch.talks[part.conversation].last_seq and (part.visible or part.ended_at is None)
    ]
    forget(batch, gone)
    batch.save()
    masses = [one.item for one in lines if one.kind == MASS_MESSAGE]
    return len(gone) + sum(forget_mass_message(tx, number) for number in masses)
