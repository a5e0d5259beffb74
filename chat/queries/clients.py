"""Clients as those who look after them see them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypedDict

from sqlalchemy import Executable, Text, and_, select, tuple_

from chat import access
from chat.access import ASSIGNMENTS, PEOPLE
from chat.errors import NotFound
from chat.lib.sql import Sets, Statement, parameter
from chat.lib.words import WORDS, patterns
from chat.models.people import STAFF, Role
from chat.queries.alerts import sentence
from chat.transaction import Reading

PAGE = 50
_COLUMNS = ("id", "name", "born", "email", "phone", "active", "messaging_enabled", "username", "texts_off_at", "mail_failed_at")
_DETAILS = (
    *_COLUMNS,
    "mail_failure",
    "alerts_email",
    "alerts_email_at",
    "text_ok",
    "text_ok_at",
    "text_ok_by",
    "time_zone",
    "language",
    "version",
    "created_at",
)


class ClientRow(TypedDict):
    """One line of the Clients page. `invited`: has not chosen a password yet; `texts_off_at`: since when a STOP holds,
    `mail_failed_at`: since when mails come to nothing."""

    id: int
    name: str
    born: str | None
    email: str | None
    phone: str | None
    active: bool
    messaging_enabled: bool
    invited: bool
    texts_off_at: int | None
    mail_failed_at: int | None
    therapists: list[dict[str, Any]]


class ClientView(ClientRow):
    """The client's page."""

    mail_failure: str | None
    alerts: str  # which alert emails they get: usual or none
    alerts_at: int | None
    alerts_by: str | None
    text_ok: bool
    text_ok_at: int | None
    text_ok_by: str | None
    time_zone: str | None
    language: str | None
    version: int
    created_at: int
    contacts: list[dict[str, Any]]
    can_assign: bool


def _list(role: str) -> Statement:
    def build(_: Sets) -> Executable:
        here = and_(PEOPLE.c.organization_id == parameter("organization"), PEOPLE.c.role == Role.CLIENT.value)
        words = and_(*(PEOPLE.c.search_name.like(parameter(name, Text()), escape="\\") for name in WORDS))
        after = tuple_(PEOPLE.c.search_name, PEOPLE.c.id) > tuple_(parameter("name", Text()), parameter("id"))
        active = PEOPLE.c.active == parameter("active", PEOPLE.c.active.type)
        rows = select(*(PEOPLE.c[name] for name in _COLUMNS), PEOPLE.c.search_name).where(here, active, words, after)
        if role == Role.THERAPIST:
            # From the few whom they look after, not through all of the practice.
            mine = and_(ASSIGNMENTS.c.client_id == PEOPLE.c.id, ASSIGNMENTS.c.therapist_id == parameter("person"))
            rows = rows.join_from(ASSIGNMENTS, PEOPLE, mine)
        return rows.order_by(PEOPLE.c.search_name, PEOPLE.c.id).limit(parameter("limit"))

    return Statement(build)


def _therapists(sets: Sets) -> Executable:
    joined = select(ASSIGNMENTS.c.client_id, PEOPLE.c.id, PEOPLE.c.name).join(PEOPLE, PEOPLE.c.id == ASSIGNMENTS.c.therapist_id)
    return joined.where(sets.has(ASSIGNMENTS.c.client_id, "clients"), PEOPLE.c.active).order_by(PEOPLE.c.search_name)


def _details(_: Sets) -> Executable:
    texts, mails = PEOPLE.alias("texts"), PEOPLE.alias("mails")
    joined = PEOPLE.outerjoin(texts, texts.c.id == PEOPLE.c.text_ok_by).outerjoin(mails, mails.c.id == PEOPLE.c.alerts_email_by)
    rows = select(*(PEOPLE.c[name] for name in _DETAILS), texts.c.name, mails.c.name).select_from(joined)
    return rows.where(PEOPLE.c.id == parameter("client"))


def _contacts(_: Sets) -> Executable:
    names = ("id", "name", "relation", "email", "username", "version")
    mine = PEOPLE.c.client_id == parameter("client")
    return select(*(PEOPLE.c[name] for name in names)).where(mine, PEOPLE.c.active).order_by(PEOPLE.c.search_name)


PLACE = Statement(
    lambda _: select(PEOPLE.c.search_name).where(
        PEOPLE.c.id == parameter("id"), PEOPLE.c.organization_id == parameter("organization")
    )
)
LIST = {role.value: _list(role.value) for role in (Role.ADMINISTRATOR, Role.THERAPIST)}
THERAPISTS, DETAILS, CONTACTS = (Statement(build) for build in (_therapists, _details, _contacts))


def find_clients(
    reading: Reading, search: str = "", after: int | None = None, *, active: bool = True
) -> tuple[list[ClientRow], int | None]:
    """A page of the clients whom the asker looks after (administrators: all), by name, and the id after which the next begins."""
    who = reading.me
    if who.role not in STAFF or who.scope is not None:
        raise NotFound
    place = reading.rows(PLACE, id=after, organization=who.organization) if after else []
    begin = {"name": place[0][0] if place else "", "id": (after or 0) if place else 0}
    own = {"person": who.person, "organization": who.organization, "active": active, "limit": PAGE + 1}
    rows = reading.rows(LIST[who.role], **own, **begin, **patterns(search))
    page = rows[:PAGE]
    therapists = _by_client(reading, [row[0] for row in page])
    return [_row(row, therapists) for row in page], page[-1][0] if len(rows) > PAGE else None


def client(reading: Reading, number: int) -> ClientView:
    """The client's page, for those who look after them; NotFound otherwise."""
    access.client(reading, reading.me, number)
    row = reading.rows(DETAILS, client=number)[0]
    details = dict(zip(_DETAILS, row[:-2], strict=True))
    more = {name: details[name] for name in ("text_ok_at", "time_zone", "language", "version", "created_at")}
    own = {
        "mail_failure": sentence(details["mail_failure"]),
        "alerts": details["alerts_email"] or "usual",
        "alerts_at": details["alerts_email_at"],
        "alerts_by": row[-1],
        "text_ok": bool(details["text_ok"]),
        "text_ok_by": row[-2],
        "can_assign": reading.me.role == Role.ADMINISTRATOR,
    }
    found = _row(row, _by_client(reading, [number]))
    return ClientView(**found, **more, **own, contacts=contacts_of(reading, number))  # type: ignore[typeddict-item, no-any-return]


def contacts_of(reading: Reading, number: int) -> list[dict[str, Any]]:
    """The contacts of a client, by name."""
    rows = reading.rows(CONTACTS, client=number)
    names = ("id", "name", "relation", "email", "invited", "version")
    return [dict(zip(names, (*row[:4], row[4] is None, row[5]), strict=True)) for row in rows]


def own_contacts(reading: Reading) -> list[dict[str, Any]]:
    """The asking client's own contacts; NotFound for everybody else."""
    if reading.me.role != Role.CLIENT or reading.me.scope is not None:
        raise NotFound
    return contacts_of(reading, reading.me.person)


def _by_client(reading: Reading, clients: list[int]) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = {}
    for number, therapist, name in reading.rows(THERAPISTS, clients=clients) if clients else ():
        found.setdefault(number, []).append({"id": therapist, "name": name})
    return found


def _row(row: Sequence[Any], therapists: dict[int, list[dict[str, Any]]]) -> ClientRow:
    number, name, born, email, phone, active, enabled, username, texts_off_at, mail_failed_at = row[:10]
    return {
        "id": number, "name": name, "born": born, "email": email, "phone": phone, "active": bool(active),
        "messaging_enabled": bool(enabled), "invited": username is None,
        "texts_off_at": texts_off_at, "mail_failed_at": mail_failed_at, "therapists": therapists.get(number, []),
    }  # fmt: skip
