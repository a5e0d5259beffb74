"""Staff: invited, given a role, added to the portal, deactivated with somebody who takes over. Administrators only.

For staff alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Executable, and_, func, select, update

from chat import access
from chat.access import Member
from chat.actions.assignments import CLIENTS_OF, OF_CLIENTS, HandOver, hand_over, lose, regain
from chat.actions.batch import Batch
from chat.actions.invitations import invite
from chat.actions.people import NewPerson, add_person, check_name
from chat.actions.sessions import end_all_sessions
from chat.actions.touch import CONVERSATIONS_WITH, lock_conversations_with, tell_everybody
from chat.errors import Conflict, Invalid, Refused
from chat.lib import addresses
from chat.lib.sentences import Sentence
from chat.lib.sql import Sets, Statement, parameter
from chat.models import Organization, Person
from chat.models.columns import table
from chat.models.people import STAFF, Role
from chat.transaction import Transaction

_PEOPLE, _ORGANIZATIONS = table(Person), table(Organization)


@dataclass(frozen=True, slots=True)
class NewStaff:
    """Somebody to invite into the team."""

    name: str
    email: str
    role: str


@dataclass(frozen=True, slots=True)
class NamedStaff:
    """A member of the team."""

    person: int


@dataclass(frozen=True, slots=True)
class SetRole:
    """A member of the team becomes administrator or therapist. `version` is the one that was on screen."""

    person: int
    role: str
    version: int


@dataclass(frozen=True, slots=True)
class Deactivate:
    """Somebody is to be out at once; a `successor` takes over their clients, with `history` or without."""

    person: int
    successor: int | None = None
    history: bool = False


def _lock(_: Sets) -> Executable:
    return select(_ORGANIZATIONS.c.id).where(_ORGANIZATIONS.c.id == parameter("organization")).with_for_update(key_share=True)


def _administrators(_: Sets) -> Executable:
    mine = and_(
        _PEOPLE.c.organization_id == parameter("organization"), _PEOPLE.c.role == Role.ADMINISTRATOR.value, _PEOPLE.c.active
    )
    return (
        select(func.count())
        .select_from(_PEOPLE)
        .where(mine, _PEOPLE.c.id != parameter("person"), _PEOPLE.c.password_hash.is_not(None))
    )


def _set(name: str) -> Statement:
    values = {name: parameter(name, _PEOPLE.c[name].type), "version": _PEOPLE.c.version + 1}
    return Statement(lambda _: update(_PEOPLE).values(values).where(_PEOPLE.c.id == parameter("person")))


LOCK_ORGANIZATION, OTHER_ADMINISTRATORS = Statement(_lock), Statement(_administrators)
SET_ROLE, SET_ACTIVE, SET_PORTAL = _set("role"), _set("active"), _set("in_portal")
USERNAME = Statement(lambda _: select(_PEOPLE.c.username).where(_PEOPLE.c.id == parameter("person")))
# Locked: of two who save at once, the second waits here and then finds another version.
VERSION = Statement(
    lambda _: select(_PEOPLE.c.version).where(_PEOPLE.c.id == parameter("person")).with_for_update(key_share=True)
)


def invite_staff(tx: Transaction, what: NewStaff) -> dict[str, int]:
    """Add somebody to the team and mail them an invitation, good for seven days, once."""
    access.require_administrator(tx)
    if what.role not in STAFF:
        raise Invalid("Staff are administrators or therapists.", field="role")
    email = checked_email(what.email)
    number = add_person(tx, NewPerson(tx.me.organization, what.role, check_name(what.name), email=email))
    invite(tx, tx.me.organization, [number])
    return {"person": number}


def invite_again(tx: Transaction, what: NamedStaff) -> dict[str, int]:
    """Mail a member of the team a new invitation; Refused for one who has a password already."""
    access.require_administrator(tx)
    member = access.staff_member(tx, what.person)
    if tx.rows(USERNAME, person=member.id)[0][0]:
        raise Refused(Sentence("{name} has chosen a password already.", name=member.name))
    invite(tx, tx.me.organization, [member.id])
    tx.audit("invite", person_id=member.id)
    return {}


def set_role(tx: Transaction, what: SetRole) -> dict[str, int]:
    """Change what a member of the team may do. The last administrator stays one."""
    access.require_administrator(tx)
    tx.rows(LOCK_ORGANIZATION, organization=tx.me.organization)
    member = access.staff_member(tx, what.person)
    if what.role not in STAFF:
        raise Invalid("Staff are administrators or therapists.", field="role")
    batch = lock_conversations_with(tx, [member.id])
    check_version(tx, member.id, what.version)
    if what.role == member.role:
        return {}
    if member.role == Role.ADMINISTRATOR:
        _keep_one(tx, member)
    tx.rows(SET_ROLE, person=member.id, role=what.role)
    if what.role == Role.THERAPIST:
        mine = {row[0] for row in tx.rows(CLIENTS_OF, therapist=member.id)}
        lose(batch, member.id, [talk for talk in batch.talks.values() if talk.client and talk.client not in mine])
    elif member.active:
        regain(batch, member.id)
    tell_everybody(batch)
    batch.save()
    # A session carries the role it began with: a new one begins with the new rights.
    end_all_sessions(tx, [member.id], "role")
    tx.audit("set_role", person_id=member.id, details=what.role)
    return {}


def add_to_portal(tx: Transaction, what: NamedStaff) -> dict[str, int]:
    """Open the second gate for a member of the team."""
    return _portal(tx, what, inside=True)


def remove_from_portal(tx: Transaction, what: NamedStaff) -> dict[str, int]:
    """Shut the second gate: clients cannot write to this member of the team any more, nor the other way round."""
    return _portal(tx, what, inside=False)


def _portal(tx: Transaction, what: NamedStaff, *, inside: bool) -> dict[str, int]:
    access.require_administrator(tx)
    member = access.staff_member(tx, what.person)
    if member.in_portal != inside:
        batch = lock_conversations_with(tx, [member.id])
        tx.rows(SET_PORTAL, person=member.id, in_portal=inside)
        tell_everybody(batch)
        batch.save()
        tx.audit("add_to_portal" if inside else "remove_from_portal", person_id=member.id)
    return {}


def deactivate_staff(tx: Transaction, member: Member, what: Deactivate) -> dict[str, int]:
    """Put a member of the team out at once: sessions end, clients go to the successor, the conversations leave the mailbox."""
    tx.rows(LOCK_ORGANIZATION, organization=tx.me.organization)
    member = access.staff_member(tx, member.id)  # as it is now: another administrator may have been quicker
    if not member.active:
        return {}
    if member.role == Role.ADMINISTRATOR:
        _keep_one(tx, member)
    clients = [row[0] for row in tx.rows(CLIENTS_OF, therapist=member.id)]
    if clients and what.successor is None:
        left = Sentence(
            "{name} looks after one client. Choose who takes over.",
            "{name} looks after {count} clients. Choose who takes over.",
            name=member.name,
            count=len(clients),
        )
        raise Refused(left, field="successor", clients=len(clients))
    _lock_all(tx, member.id, clients, what.successor)
    tx.rows(SET_ACTIVE, person=member.id, active=False)
    if what.successor is not None and clients:
        hand_over(tx, HandOver(member.id, what.successor, what.history))
    batch = lock_conversations_with(tx, [member.id])
    lose(batch, member.id)
    tell_everybody(batch)
    batch.save()
    end_all_sessions(tx, [member.id], "revoked")
    tx.audit("deactivate", person_id=member.id)
    return {}


def _lock_all(tx: Transaction, person: int, clients: list[int], successor: int | None) -> None:
    """Lock at once, in order, what the handing over and the leaving touch one after the other."""
    talks = {row[0] for row in (*tx.rows(CONVERSATIONS_WITH, people=[person]), *tx.rows(OF_CLIENTS, clients=clients))}
    Batch(tx, conversations=talks, people=[person] if successor is None else [person, successor])


def activate_staff(tx: Transaction, member: Member) -> dict[str, int]:
    """Let a member of the team in again. Conversations with clients come back with the assignment, team ones at once."""
    if member.active:
        return {}
    batch = lock_conversations_with(tx, [member.id])
    tx.rows(SET_ACTIVE, person=member.id, active=True)
    everything = member.role == Role.ADMINISTRATOR
    regain(batch, member.id, [talk for talk in batch.talks.values() if everything or talk.client is None])
    tell_everybody(batch)
    batch.save()
    tx.audit("activate", person_id=member.id)
    return {}


def checked_email(text: str) -> str:
    """The address in its one form; Invalid names the field."""
    try:
        return addresses.email(text)
    except ValueError as error:
        raise Invalid(str(error), field="email") from error


def check_version(tx: Transaction, person: int, version: int) -> None:
    """Refuse to overwrite what somebody else changed meanwhile."""
    if tx.rows(VERSION, person=person)[0][0] != version:
        raise Conflict("Somebody else changed this meanwhile. Load it again, and make your change once more.")


def _keep_one(tx: Transaction, member: Member) -> None:
    others = tx.rows(OTHER_ADMINISTRATORS, organization=tx.me.organization, person=member.id)[0][0]
    if not others:
        raise Refused(Sentence("{name} is the only administrator. Make somebody else one first.", name=member.name))
