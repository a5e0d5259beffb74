"""The first administrator of an empty installation. For staff alone."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from chat.actions.invitations import checked_username
from chat.actions.organizations import Found, found_organization
from chat.actions.people import NewPerson, add_person, check_name
from chat.actions.staff import checked_email
from chat.errors import Invalid, Refused
from chat.lib.sql import Statement, literal
from chat.models import Installation, Organization
from chat.models.columns import table
from chat.models.people import Role
from chat.transaction import Reading, Transaction

_INSTALLATION, _ORGANIZATIONS = table(Installation), table(Organization)
LOCK = Statement(lambda _: select(_INSTALLATION.c.id).with_for_update())
ANY = Statement(lambda _: select(_ORGANIZATIONS.c.id).limit(literal(1)))


@dataclass(frozen=True, slots=True)
class SetUp:
    """A practice and the person who sets it up. The hash was made before, by a slow thread."""

    organization: str
    time_zone: str
    name: str
    username: str
    password_hash: str
    email: str | None = None
    messaging: bool = False


def needed(reading: Reading) -> bool:
    """Whether nobody has set this installation up yet."""
    return not reading.rows(ANY)


def set_up(tx: Transaction, what: SetUp) -> dict[str, int]:
    """Found the first practice with its first administrator, who is in the portal; Refused if there is one already."""
    tx.rows(LOCK)
    if not needed(tx):
        raise Refused("This installation is set up already. Please sign in.")
    organization = _found(tx, what)
    email = checked_email(what.email) if what.email else None
    username = checked_username(tx, 0, what.username)
    new = NewPerson(organization, Role.ADMINISTRATOR, check_name(what.name), username, what.password_hash, email, in_portal=True)
    number = add_person(tx, new)
    tx.audit("set_up", organization_id=organization, actor_id=number, person_id=number)
    return {"person": number}


def _found(tx: Transaction, what: SetUp) -> int:
    try:
        return found_organization(tx, Found(what.organization.strip(), what.time_zone, what.messaging))
    except Invalid as error:
        if error.details.get("field") == "name":  # here the name field is the administrator's own
            raise Invalid(error.message, field="organization") from error
        raise
