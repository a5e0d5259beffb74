"""Notes: lines in a conversation that nobody wrote, such as who reads it from today. They make nothing unread."""

from __future__ import annotations

from collections.abc import Collection

from chat.actions.batch import Batch, Talk
from chat.actions.posting import INSERT_MESSAGES, renew_keys
from chat.lib.sentences import sentence


def say(batch: Batch, talks: Collection[Talk], text: str) -> None:
    """Add the line to each of these locked conversations, for everybody whom the next message would reach."""
    tx = batch.tx
    written = [talk for talk in talks if talk.last_seq]
    renew_keys(tx, written)
    rows = []
    for talk in written:
        talk.last_seq += 1
        talk.dirty = True
        body = tx.seal(talk.data_key, f"message.body:{talk.id}:{talk.last_seq}", sentence(text).packed())
        rows.append((talk.id, talk.last_seq, None, body, tx.now, True, False, 0))
        _show(batch, talk)
    tx.write(INSERT_MESSAGES, rows)


def _show(batch: Batch, talk: Talk) -> None:
    for person in talk.open:
        part = batch.part(talk, person)
        counted = part.counts
        part.visible += 1
        part.newest = talk.last_seq
        if part.unread == 0:
            part.read_through = talk.last_seq
        # Who deleted the conversation for good finds the line above the next message; by itself it brings nothing back.
        batch.change(part, counted=counted, message=part.ended_at is None)
