"""Letting open pages know that something around their conversations changed: names, gates, who takes part."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Executable, select, update

from chat.actions.batch import LOCK_MAILBOXES, Batch
from chat.lib.sql import Sets, Statement, parameter
from chat.models import Mailbox, Person
from chat.models.columns import table
from chat.models.conversations import PARTICIPANTS
from chat.transaction import Transaction

_BOXES, _PEOPLE = table(Mailbox), table(Person)


def _with(sets: Sets) -> Executable:
    return select(PARTICIPANTS.c.conversation_id).where(sets.has(PARTICIPANTS.c.person_id, "people")).distinct()


def _everybody(_: Sets) -> Executable:
    return select(_PEOPLE.c.id).where(_PEOPLE.c.organization_id == parameter("organization")).order_by(_PEOPLE.c.id)


def _reset(sets: Sets) -> Executable:
    values = {"change": _BOXES.c.change + 1, "horizon": _BOXES.c.change + 1}
    return update(_BOXES).values(values).where(sets.has(_BOXES.c.person_id, "people"))


CONVERSATIONS_WITH, EVERYBODY, RESET = Statement(_with), Statement(_everybody), Statement(_reset)


def lock_conversations_with(tx: Transaction, people: Collection[int]) -> Batch:
    """All conversations in which these people take or took part, locked in order, with the mailboxes of all concerned."""
    return Batch(tx, conversations=[row[0] for row in tx.rows(CONVERSATIONS_WITH, people=list(people))], people=people)


def tell_everybody(batch: Batch) -> None:
    """Every locked conversation looks different now to all who see it."""
    for part in list(batch.parts.values()):
        if part.ended_at is None and not batch.has_changed(part):
            batch.change(part, counted=part.counts)


def tell_staff(batch: Batch) -> None:
    """Every locked conversation looks different now to the staff who see it."""
    for part in list(batch.parts.values()):
        if part.ended_at is None and batch.people.members[part.person].staff and not batch.has_changed(part):
            batch.change(part, counted=part.counts)


def reset_organization(tx: Transaction, organization: int) -> None:
    """Something that concerns every page of the organization changed: they load themselves anew."""
    people = [row[0] for row in tx.rows(EVERYBODY, organization=organization)]
    tx.rows(LOCK_MAILBOXES, conversations=[], people=people)
    tx.rows(RESET, people=people)
    tx.ring(people)
