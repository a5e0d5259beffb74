"""Cc: a client lets contacts of their own see a thread from a message on, and drops them for later messages. Nobody else may."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Executable, and_, select

from chat.access import PEOPLE, Member
from chat.actions.assignments import CLOSE_SPANS
from chat.actions.batch import Batch, Talk
from chat.actions.invitations import invite
from chat.actions.posting import SendMessage
from chat.actions.touch import tell_everybody
from chat.errors import NotFound, Refused
from chat.lib.sql import Sets, Statement
from chat.models.people import Role
from chat.transaction import Asked, Transaction


def _contacts(sets: Sets) -> Executable:
    here = and_(sets.has(PEOPLE.c.id, "people"), PEOPLE.c.role == Role.CONTACT.value, PEOPLE.c.active)
    return select(PEOPLE.c.id, PEOPLE.c.client_id, PEOPLE.c.username).where(here)


CONTACTS = Statement(_contacts)


class Copies:
    """The contacts whom the commands of a batch name, with whose they are; one statement if there are any."""

    def __init__(self, tx: Transaction, asked: Sequence[Asked[SendMessage]]) -> None:
        named = {person for one in asked for person in one.what.cc}
        rows = tx.rows(CONTACTS, people=list(named)) if named else []
        self._tx = tx
        self._client = {row[0]: row[1] for row in rows}
        self._uninvited = {row[0] for row in rows if row[2] is None}

    def added(self, one: Asked[SendMessage], talk: Talk, author: Member) -> list[int]:
        """The contacts that this message adds; a refusal for everybody but the client whose contacts they are."""
        if not one.what.cc:
            return []
        if author.role != Role.CLIENT or any(self._client.get(person) != author.id for person in one.what.cc):
            raise NotFound
        if talk.direct:
            raise Refused("A Cc never joins a direct conversation. Write a new message with a Cc instead.", field="cc")
        if one.who.scope is not None:
            raise Refused("Sign in to add a Cc.", field="cc")
        new = [person for person in one.what.cc if person not in talk.open]
        if waiting := [person for person in new if person in self._uninvited]:
            invite(self._tx, talk.organization, waiting)
            self._uninvited -= set(waiting)
        return new


@dataclass(frozen=True, slots=True)
class DropCc:
    """A contact is to see no later message of a thread."""

    conversation: int
    contact: int


def drop_cc(tx: Transaction, what: DropCc) -> dict[str, int]:
    """Drop a contact of the asking client from a thread: what was sent stays with the contact."""
    batch = Batch(tx, conversations=[what.conversation])
    talk = batch.talks.get(what.conversation)
    mine = talk is not None and talk.client == tx.me.person and tx.me.role == Role.CLIENT and tx.me.person in talk.open
    if talk is None or not mine or not talk.open.get(what.contact) or tx.me.scope is not None:
        raise NotFound
    tx.rows(CLOSE_SPANS, person=what.contact, ends=[(talk.id, talk.last_seq)])
    tell_everybody(batch)
    batch.save()
    tx.audit("drop_cc", client_id=tx.me.person, person_id=what.contact, conversation_id=talk.id)
    return {}
