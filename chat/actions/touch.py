"""Letting open pages know that something around their conversations changed: names, gates, who takes part."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Executable, select, union, update

from chat.access import ASSIGNMENTS, reaches
from chat.actions.batch import LOCK_MAILBOXES, Batch
from chat.lib.sql import Sets, Statement, parameter
from chat.models import Mailbox, Person
from chat.models.columns import table
from chat.models.conversations import PARTICIPANTS
from chat.models.people import Role
from chat.transaction import Transaction

_BOXES, _PEOPLE = table(Mailbox), table(Person)


def _with(sets: Sets) -> Executable:
    return select(PARTICIPANTS.c.conversation_id).where(sets.has(PARTICIPANTS.c.person_id, "people")).distinct()


def _lookers(sets: Sets) -> Executable:
    therapists = select(ASSIGNMENTS.c.therapist_id).where(sets.has(ASSIGNMENTS.c.client_id, "clients"))
    clients = _PEOPLE.alias("clients")
    houses = select(clients.c.organization_id).where(sets.has(clients.c.id, "clients"))
    above = select(_PEOPLE.c.id).where(_PEOPLE.c.organization_id.in_(houses), _PEOPLE.c.role == Role.ADMINISTRATOR.value)
    return union(therapists, above)


def _everybody(_: Sets) -> Executable:
    return select(_PEOPLE.c.id).where(_PEOPLE.c.organization_id == parameter("organization")).order_by(_PEOPLE.c.id)


def _reset(sets: Sets) -> Executable:
    values = {"change": _BOXES.c.change + 1, "horizon": _BOXES.c.change + 1}
    return update(_BOXES).values(values).where(sets.has(_BOXES.c.person_id, "people"))


CONVERSATIONS_WITH, LOOKERS, EVERYBODY, RESET = (Statement(build) for build in (_with, _lookers, _everybody, _reset))


def lock_conversations_with(tx: Transaction, people: Collection[int]) -> Batch:
    """All conversations in which these people take or took part, locked in order, with the mailboxes of all concerned."""
    return Batch(tx, conversations=[row[0] for row in tx.rows(CONVERSATIONS_WITH, people=list(people))], people=people)


def lock_around_clients(tx: Transaction, clients: Collection[int]) -> Batch:
    """The same for clients, with the mailboxes of all who may look at their pages."""
    talks = [row[0] for row in tx.rows(CONVERSATIONS_WITH, people=list(clients))]
    lookers = {row[0] for row in tx.rows(LOOKERS, clients=list(clients))}
    return Batch(tx, conversations=talks, people=lookers.union(clients))


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


def tell_lookers(batch: Batch, clients: Collection[int]) -> None:
    """Something about these clients is different now, for all staff who look after them, and in the locked conversations."""
    tell_staff(batch)
    known = batch.people.members
    for client in (known[one] for one in clients if known[one].role == Role.CLIENT):
        for person in batch.boxes:
            staff = known[person]
            near = staff.staff and staff.active and staff.organization == client.organization
            if near and reaches(staff, client.id, batch.people.assigned):
                batch.tell_of_clients(person)


def reset_organization(tx: Transaction, organization: int) -> None:
    """Something that concerns every page of the organization changed: they load themselves anew."""
    people = [row[0] for row in tx.rows(EVERYBODY, organization=organization)]
    tx.rows(LOCK_MAILBOXES, conversations=[], people=people)
    tx.rows(RESET, people=people)
    tx.ring(people)
