"""Clients: added, described, made active or inactive, and the third gate, by whoever looks after them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Executable, and_, select, update

from chat import access
from chat.access import Member
from chat.actions.assignments import INSERT_ASSIGNMENT, OF_CLIENTS
from chat.actions.batch import Batch
from chat.actions.bounces import clear_bounce
from chat.actions.invitations import invite, leave_address
from chat.actions.people import NewPerson, add_person, check_name
from chat.actions.staff import check_version, checked_email
from chat.actions.texts import note_number
from chat.actions.touch import lock_around_clients, tell_everybody, tell_lookers
from chat.errors import Invalid, NotFound, Refused
from chat.lib import addresses
from chat.lib.clock import SECOND
from chat.lib.sentences import Sentence
from chat.lib.sql import Sets, Statement, parameter
from chat.lib.words import folded
from chat.lib.zones import known
from chat.models import Person
from chat.models.columns import table
from chat.models.people import STAFF, Role
from chat.transaction import Transaction

_PEOPLE = table(Person)
_DETAILS = (
    "name",
    "search_name",
    "born",
    "email",
    "email_key",
    "phone",
    "text_ok",
    "text_ok_at",
    "text_ok_by",
    "time_zone",
    "language",
)


@dataclass(frozen=True, slots=True)
class NamedClient:
    """A client. `email` is added first where enabling needs one."""

    client: int
    email: str | None = None


@dataclass(frozen=True, slots=True)
class ClientInfo:
    """What the Client Info tab holds. Without `client` it is a new one, who is assigned to the therapist that adds them."""

    name: str
    client: int | None = None
    version: int = 0
    born: str | None = None
    email: str | None = None
    phone: str | None = None
    text_ok: bool = False
    time_zone: str | None = None
    language: str | None = None


def _set_messaging(_: Sets) -> Executable:
    value = {"messaging_enabled": parameter("enabled", _PEOPLE.c.messaging_enabled.type), "version": _PEOPLE.c.version + 1}
    return update(_PEOPLE).values(value).where(_PEOPLE.c.id == parameter("client"))


def _set_details(_: Sets) -> Executable:
    given = {name: parameter(name, _PEOPLE.c[name].type) for name in _DETAILS}
    return update(_PEOPLE).values(**given, version=_PEOPLE.c.version + 1).where(_PEOPLE.c.id == parameter("client"))


def _details(_: Sets) -> Executable:
    columns = (
        _PEOPLE.c.email,
        _PEOPLE.c.phone,
        _PEOPLE.c.text_ok,
        _PEOPLE.c.text_ok_at,
        _PEOPLE.c.text_ok_by,
        _PEOPLE.c.username,
    )
    return select(*columns, _PEOPLE.c.name).where(_PEOPLE.c.id == parameter("client"))


def _set_active(_: Sets) -> Executable:
    value = {"active": parameter("active", _PEOPLE.c.active.type), "version": _PEOPLE.c.version + 1}
    return update(_PEOPLE).values(value).where(and_(_PEOPLE.c.id == parameter("client")))


SET_MESSAGING, SET_DETAILS, DETAILS, SET_ACTIVE = (
    Statement(build) for build in (_set_messaging, _set_details, _details, _set_active)
)


def save_client(tx: Transaction, what: ClientInfo) -> dict[str, int]:
    """Add a client, or change what is known of one; Conflict if somebody else changed it meanwhile."""
    if what.client is None:
        return _add(tx, what)
    client = access.client(tx, tx.me, what.client)
    batch = lock_around_clients(tx, [client.id])
    check_version(tx, client.id, what.version)
    email, phone, text_ok, at, by, _, name = tx.rows(DETAILS, client=client.id)[0]
    given = _checked(tx, what)
    if client.messaging_enabled and not given["email"]:
        raise Invalid(
            Sentence(
                "{name} needs an email address while secure messaging is on: alerts go there. "
                "Type the new one, or disable secure messaging first.",
                name=client.name,
            ),
            field="email",
        )
    if text_ok and phone != given["phone"]:
        given["text_ok"] = False  # the consent was for the other number; for this one it is asked and ticked anew
    if given["phone"] != phone or bool(text_ok) != given["text_ok"]:
        # Each tick is a consent of its own, with who recorded it and when.
        at, by = (tx.now, tx.me.person) if given["text_ok"] else (None, None)
        tx.audit("text_message_ok", client_id=client.id, person_id=client.id, details="on" if given["text_ok"] else "off")
    tx.rows(SET_DETAILS, client=client.id, **given, text_ok_at=at, text_ok_by=by)
    reached = note_number(tx, client.id, phone, given["phone"], (bool(text_ok), given["text_ok"]))
    if given["email"] != email:
        leave_address(tx, tx.me.organization, client.id, email)
        reached |= clear_bounce(tx, client.id)
    if given["name"] != name:
        tell_everybody(batch)
    if reached:
        tell_lookers(batch, [client.id])
    batch.save()
    tx.audit("save_client", client_id=client.id, person_id=client.id, details="email changed" if given["email"] != email else "")
    return {"client": client.id}


def _add(tx: Transaction, what: ClientInfo) -> dict[str, int]:
    if tx.me.role not in STAFF or tx.me.scope is not None:
        raise NotFound
    given = _checked(tx, what)
    new = NewPerson(
        tx.me.organization, Role.CLIENT, given["name"], email=given["email"], phone=given["phone"], born=given["born"]
    )
    number = add_person(tx, new)
    consent = (tx.now, tx.me.person) if given["text_ok"] else (None, None)
    tx.rows(SET_DETAILS, client=number, **given, text_ok_at=consent[0], text_ok_by=consent[1])
    note_number(tx, number, None, given["phone"], (False, given["text_ok"]))
    if tx.me.role == Role.THERAPIST:
        tx.write(INSERT_ASSIGNMENT, [(number, tx.me.person, tx.now)])
    return {"client": number}


def _checked(tx: Transaction, what: ClientInfo) -> dict[str, Any]:
    """The fields in their one form; Invalid names the first that cannot be used, and what to correct."""
    name = check_name(what.name)
    email = checked_email(what.email) if what.email else None
    today = datetime.fromtimestamp(tx.now / SECOND, UTC).date()
    born = _field("born", lambda: addresses.born(what.born or "", today)) if what.born else None
    phone = _field("phone", lambda: addresses.phone(what.phone or "")) if what.phone else None
    if what.text_ok and not phone:
        raise Invalid("Text messages need a phone number.", field="phone")
    if what.time_zone and not known(what.time_zone):
        raise Invalid("Choose a time zone from the list.", field="time_zone")
    return {
        "name": name, "search_name": folded(name), "born": born, "email": email, "email_key": folded(email) if email else None,
        "phone": phone, "text_ok": what.text_ok, "time_zone": what.time_zone or None, "language": what.language or None,
    }  # fmt: skip


def _field(name: str, check: Callable[[], str]) -> str:
    try:
        return check()
    except ValueError as error:
        raise Invalid(str(error), field=name) from error


def enable_messaging(tx: Transaction, what: NamedClient) -> dict[str, int]:
    """Open the client's gate. Asks for an email address if there is none, and invites who has not chosen a password yet."""
    client = access.client(tx, tx.me, what.client)
    if client.messaging_enabled:
        return {}
    batch = _locked(tx, client.id)
    email, _, _, _, _, username, _ = tx.rows(DETAILS, client=client.id)[0]
    invited = False
    if what.email:
        if email != (given := checked_email(what.email)):
            invited = leave_address(tx, tx.me.organization, client.id, email)
        email = given
        tx.rows(SET_EMAIL, client=client.id, email=email, email_key=folded(email))
        clear_bounce(tx, client.id)
    if not email:
        raise Invalid(
            Sentence("{name} has no email address yet. Add one: the invitation and the alerts go there.", name=client.name),
            field="email",
        )
    _open(tx, batch, client, enabled=True)
    if not username and not invited:
        invite(tx, tx.me.organization, [client.id])
    return {}


def disable_messaging(tx: Transaction, what: NamedClient) -> dict[str, int]:
    """Shut the client's gate: history stays readable for both sides, every new message is refused with the reason."""
    client = access.client(tx, tx.me, what.client)
    if client.messaging_enabled:
        _open(tx, _locked(tx, client.id), client, enabled=False)
    return {}


def invite_again(tx: Transaction, what: NamedClient) -> dict[str, int]:
    """Mail a client a new invitation; Refused for one who has a password already."""
    client = access.client(tx, tx.me, what.client)
    email, _, _, _, _, username, _ = tx.rows(DETAILS, client=client.id)[0]
    if username:
        raise Refused(Sentence("{name} has chosen a password already.", name=client.name))
    if not email:
        raise Refused(Sentence("{name} has no email address yet.", name=client.name))
    invite(tx, tx.me.organization, [client.id])
    tx.audit("invite", client_id=client.id, person_id=client.id)
    return {}


def set_client_active(tx: Transaction, client: Member, *, active: bool) -> dict[str, int]:
    """Make a client active or inactive. Of an inactive one everything stays readable; nothing can be written, alerts stop."""
    if client.active == active:
        return {}
    batch = _locked(tx, client.id)
    tx.rows(SET_ACTIVE, client=client.id, active=active)
    tell_everybody(batch)
    batch.save()
    tx.audit("activate" if active else "deactivate", client_id=client.id, person_id=client.id)
    return {}


def _open(tx: Transaction, batch: Batch, client: Member, *, enabled: bool) -> None:
    tx.rows(SET_MESSAGING, client=client.id, enabled=enabled)
    tell_everybody(batch)
    batch.save()
    tx.audit("enable_messaging" if enabled else "disable_messaging", person_id=client.id, client_id=client.id)


def _locked(tx: Transaction, client: int) -> Batch:
    # The conversations are locked before the person's row is written: a send that runs beside sees it before or after.
    return Batch(tx, conversations=[row[0] for row in tx.rows(OF_CLIENTS, clients=[client])])


def _set_email(_: Sets) -> Executable:
    given = {name: parameter(name, _PEOPLE.c[name].type) for name in ("email", "email_key")}
    return update(_PEOPLE).values(**given, version=_PEOPLE.c.version + 1).where(_PEOPLE.c.id == parameter("client"))


SET_EMAIL = Statement(_set_email)
