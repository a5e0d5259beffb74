"""Contacts: people whom a client may Cc. Their own client adds, changes and removes them; nobody else does."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Executable, and_, select, update

from chat.actions.assignments import lose
from chat.actions.bounces import clear_bounce
from chat.actions.invitations import leave_address
from chat.actions.people import NewPerson, add_person, check_name
from chat.actions.sessions import end_all_sessions
from chat.actions.staff import check_version, checked_email
from chat.actions.touch import lock_conversations_with, tell_everybody
from chat.errors import Invalid, NotFound
from chat.lib.sentences import Sentence
from chat.lib.sql import Sets, Statement, parameter
from chat.lib.words import folded
from chat.models import Person
from chat.models.columns import table
from chat.models.people import Role
from chat.transaction import Transaction

_PEOPLE = table(Person)
_DETAILS = ("name", "search_name", "email", "email_key", "relation")
LONGEST_RELATION = 60


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody whom the asking client may Cc. Without `contact` it is a new one."""

    name: str
    relation: str
    email: str
    contact: int | None = None
    version: int = 0


@dataclass(frozen=True, slots=True)
class NamedContact:
    """One of the asking client's contacts."""

    contact: int


def _own(_: Sets) -> Executable:
    mine = and_(
        _PEOPLE.c.id == parameter("contact"), _PEOPLE.c.client_id == parameter("client"), _PEOPLE.c.role == Role.CONTACT.value
    )
    return select(_PEOPLE.c.id, _PEOPLE.c.email).where(mine, _PEOPLE.c.active)


def _set(_: Sets) -> Executable:
    given = {name: parameter(name, _PEOPLE.c[name].type) for name in _DETAILS}
    return update(_PEOPLE).values(**given, version=_PEOPLE.c.version + 1).where(_PEOPLE.c.id == parameter("contact"))


def _deactivate(_: Sets) -> Executable:
    return update(_PEOPLE).values(active=parameter("active", _PEOPLE.c.active.type)).where(_PEOPLE.c.id == parameter("contact"))


OWN, SET, SET_ACTIVE = Statement(_own), Statement(_set), Statement(_deactivate)


def save_contact(tx: Transaction, what: Contact) -> dict[str, int]:
    """Add a contact of the asking client's own, or change one."""
    if tx.me.role != Role.CLIENT or tx.me.scope is not None:
        raise NotFound
    name, email, relation = check_name(what.name), checked_email(what.email), " ".join(what.relation.split())
    if len(relation) > LONGEST_RELATION:
        raise Invalid(Sentence("Say in up to {most} characters who this is to you.", most=LONGEST_RELATION), field="relation")
    if what.contact is None:
        new = NewPerson(tx.me.organization, Role.CONTACT, name, email=email, client=tx.me.person, relation=relation)
        return {"contact": add_person(tx, new)}
    before = _own_address(tx, what.contact)
    batch = lock_conversations_with(tx, [what.contact])
    check_version(tx, what.contact, what.version)
    given = {"name": name, "search_name": folded(name), "email": email, "email_key": folded(email), "relation": relation}
    tx.rows(SET, contact=what.contact, **given)
    clear_bounce(tx, what.contact)
    if email != before:
        leave_address(tx, tx.me.organization, what.contact, before)
    tell_everybody(batch)
    batch.save()
    tx.audit("save_contact", client_id=tx.me.person, person_id=what.contact)
    return {"contact": what.contact}


def remove_contact(tx: Transaction, what: NamedContact) -> dict[str, int]:
    """Remove a contact: no later message reaches them, and they cannot sign in any more."""
    if tx.me.role != Role.CLIENT or tx.me.scope is not None:
        raise NotFound
    _own_address(tx, what.contact)
    batch = lock_conversations_with(tx, [what.contact])
    tx.rows(SET_ACTIVE, contact=what.contact, active=False)
    lose(batch, what.contact)
    tell_everybody(batch)
    batch.save()
    end_all_sessions(tx, [what.contact], "revoked")
    tx.audit("remove_contact", client_id=tx.me.person, person_id=what.contact)
    return {}


def _own_address(tx: Transaction, contact: int) -> str | None:
    """The address of one of the asker's own contacts; NotFound for anybody else's."""
    rows = tx.rows(OWN, contact=contact, client=tx.me.person)
    if not rows:
        raise NotFound
    address: str | None = rows[0][1]
    return address
