"""A mass message as one row of its sender's mailbox: trash, back, and gone for good.

For staff alone.

It stands for the sender's side of all its conversations without a reply; one with a reply is an ordinary conversation.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Executable, and_, delete, null, or_, select, update

from chat.access import deletes, trash_cutoff
from chat.actions.batch import LOCK_MAILBOXES, UPDATE_BOXES, Batch, Part
from chat.actions.deletions import forget, note_deletions
from chat.errors import NotFound, Refused
from chat.lib.sql import Sets, Statement, literal, parameter
from chat.models import MassMessage, MassRecipient
from chat.models.columns import table
from chat.models.deletions import MASS_MESSAGE
from chat.queries.keeping import keeping_masses, outranked
from chat.queries.mass_messages import GONE, in_folder
from chat.transaction import Transaction

_MASS, _RECIPIENTS = table(MassMessage), table(MassRecipient)
STEP = 200


def _row(_: Sets) -> Executable:
    mine = and_(_MASS.c.id == parameter("mass"), _MASS.c.sender_id == parameter("sender"))
    columns = (_MASS.c.trashed_at, _MASS.c.finished_at, _MASS.c.data_key_id, _MASS.c.created_at)
    return select(*columns).where(mine, in_folder()).with_for_update(key_share=True)


def _talks(_: Sets) -> Executable:
    sent = _RECIPIENTS.c.conversation_id.is_not(None)
    rows = select(_RECIPIENTS.c.conversation_id).where(_RECIPIENTS.c.mass_message_id == parameter("mass"), sent)
    return rows.order_by(_RECIPIENTS.c.client_id).limit(parameter("limit"))


def _forget(_: Sets) -> Executable:
    values = {"subject": b"", "body": b"", "files": null(), "trashed_at": literal(GONE), "data_key_id": parameter("fresh")}
    return update(_MASS).values(values).where(_MASS.c.id == parameter("mass"))


def _expired(_: Sets) -> Executable:
    due = and_(_MASS.c.trashed_at <= parameter("cutoff"), _MASS.c.trashed_at > literal(GONE), _MASS.c.finished_at.is_not(None))
    columns = (_MASS.c.id, _MASS.c.sender_id, _MASS.c.organization_id, _MASS.c.data_key_id)
    return (
        select(*columns)
        .where(due, deletes(_MASS.c.organization_id))
        .order_by(_MASS.c.id)
        .limit(literal(1))
        .with_for_update(key_share=True, skip_locked=True)
    )


def _there(_: Sets) -> Executable:
    kept = or_(_MASS.c.trashed_at.is_(None), _MASS.c.trashed_at > literal(GONE))
    there = and_(_MASS.c.id == parameter("mass"), kept, _MASS.c.finished_at.is_not(None))
    return select(_MASS.c.sender_id, _MASS.c.data_key_id).where(there).with_for_update(key_share=True)


def _settled(sets: Sets) -> Executable:
    here = and_(_RECIPIENTS.c.mass_message_id == parameter("mass"), sets.has(_RECIPIENTS.c.conversation_id, "talks"))
    return update(_RECIPIENTS).values(conversation_id=null()).where(here)


ROW, TALKS, FORGET, EXPIRED = (Statement(build) for build in (_row, _talks, _forget, _expired))
THERE, SETTLED = Statement(_there), Statement(_settled)
SET_TRASHED = Statement(lambda _: update(_MASS).values(trashed_at=parameter("trashed_at")).where(_MASS.c.id == parameter("mass")))
SET_CHANGE = Statement(lambda _: update(_MASS).values(change=parameter("number")).where(_MASS.c.id == parameter("mass")))
DELETE_RECIPIENTS = Statement(lambda _: delete(_RECIPIENTS).where(_RECIPIENTS.c.mass_message_id == parameter("mass")))
_ALL = 1 << 31


def trash_mass_message(tx: Transaction, number: int) -> dict[str, int]:
    """Put a mass message of the asker's into their trash, where its 15 days begin; one already there keeps its day."""
    trashed_at, *_ = _mine(tx, number)
    if trashed_at is None:
        _move(tx, number, tx.now, "trash_mass_message")
    return {}


def restore_mass_message(tx: Transaction, number: int) -> dict[str, int]:
    """Bring it back into Sent."""
    trashed_at, *_ = _mine(tx, number)
    if trashed_at is not None:
        _move(tx, number, None, "restore_mass_message")
    return {}


def delete_mass_message(tx: Transaction, number: int) -> dict[str, int]:
    """Delete it from the asker's trash for good, with their side of all its conversations without a reply.

    Refused as long as something outranks that, for one of its clients as for all.
    """
    trashed_at, finished_at, key, created_at = _mine(tx, number)
    if trashed_at is None:
        raise Refused("Only what is in the trash can be deleted for good. Move it to the trash first.")
    if finished_at is None:
        raise Refused("This message is still on its way. Cancel the rest of it first.")
    batch, silent = _silent(tx, number, tx.me.person, _ALL)
    refusal = outranked(keeping_masses(tx, [number])[number], created_at, tx.now, staff=True)
    if refusal is not None:
        raise refusal
    forget(batch, silent)
    batch.save()
    _erase(tx, number, tx.me.person, key)
    tx.audit("delete_mass_message")
    return {}


def purge_mass_messages(tx: Transaction, _what: None = None) -> bool:
    """One step of the trash's 15 days for mass messages; the answer is whether there may be more."""
    rows = tx.rows(EXPIRED, cutoff=trash_cutoff(tx.now))
    if not rows:
        return False
    number, sender, organization, key = rows[0]
    batch, silent = _silent(tx, number, sender, STEP)
    forget(batch, silent)
    batch.save()
    if batch.talks:
        tx.rows(SETTLED, mass=number, talks=list(batch.talks))
        return True
    _erase(tx, number, sender, key)
    tx.audit("purge_mass_message", organization_id=organization, person_id=sender)
    return True


def forget_mass_message(tx: Transaction, number: int) -> bool:
    """Erase one that its sender had deleted before the machine was lost; whether it was there. One that a backup has on its way
    goes on: the clients who wait for it come first."""
    rows = tx.rows(THERE, mass=number)
    if rows:
        _erase(tx, number, *rows[0])
    return bool(rows)


def tell_sender(tx: Transaction, number: int, sender: int) -> None:
    """What became of a mass message is a change of its sender's mailbox: their open pages hear of it like of any other."""
    (_, change, unread) = tx.rows(LOCK_MAILBOXES, conversations=[], people=[sender])[0]
    tx.write(UPDATE_BOXES, [(sender, change + 1, unread)])
    tx.rows(SET_CHANGE, mass=number, number=change + 1)
    tx.ring([sender])


def _mine(tx: Transaction, number: int) -> Sequence[int | None]:
    rows = tx.rows(ROW, mass=number, sender=tx.me.person, cutoff=trash_cutoff(tx.now))
    if not rows or tx.me.scope is not None:
        raise NotFound
    return rows[0]


def _move(tx: Transaction, number: int, trashed_at: int | None, name: str) -> None:
    batch, silent = _silent(tx, number, tx.me.person, _ALL)
    for part in silent:
        # Its own 15 days: a reply that comes when they are over shows nothing of what was there before.
        part.trashed_at = trashed_at
        batch.hold(part)
    batch.save()
    tx.rows(SET_TRASHED, mass=number, trashed_at=trashed_at)
    tell_sender(tx, number, tx.me.person)
    tx.audit(name)


def _silent(tx: Transaction, number: int, sender: int, limit: int) -> tuple[Batch, list[Part]]:
    """The locked conversations, and the sender's side of those of them without a reply."""
    talks = [row[0] for row in tx.rows(TALKS, mass=number, limit=limit)]
    batch = Batch(tx, conversations=talks, people=[sender])
    return batch, [part for part in batch.parts.values() if part.person == sender and part.silent]


def _erase(tx: Transaction, number: int, sender: int, key: int | None) -> None:
    """The row stays as a tombstone, so that open pages learn that it is gone; nothing of what it said does."""
    tx.rows(FORGET, mass=number, fresh=tx.make_keys(["mass message"])[0])
    tx.rows(DELETE_RECIPIENTS, mass=number)
    tx.destroy_keys([key] if key else [])
    tell_sender(tx, number, sender)
    note_deletions(tx, [(MASS_MESSAGE, number, sender, 0)])
