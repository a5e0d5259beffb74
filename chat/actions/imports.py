"""Clients from a list: first shown row by row, then added all together or not at all."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import Executable, and_, select

from chat.access import PEOPLE
from chat.actions.assignments import INSERT_ASSIGNMENT
from chat.actions.people import NewPerson, add_person, check_name
from chat.actions.receipts import once
from chat.errors import CoreError, Invalid, NotFound, Refused
from chat.lib import addresses
from chat.lib.clock import SECOND
from chat.lib.signing import fingerprint
from chat.lib.sql import Sets, Statement, parameter
from chat.lib.words import folded
from chat.models.people import STAFF, Role
from chat.transaction import Reading, Transaction

LONGEST = 5_000
COLUMNS = {
    "name": ("name", "client", "full name"),
    "born": ("born", "date of birth", "birthday", "dob"),
    "email": ("email", "e-mail", "mail"),
    "phone": ("phone", "telephone", "mobile"),
    "therapist": ("therapist", "clinician"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list as it would be added; `problem` says what stands in the way."""

    line: int
    name: str = ""
    born: str | None = None
    email: str | None = None
    phone: str | None = None
    therapist: str | None = None
    therapist_id: int | None = None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Import:
    """A list to add, under a key."""

    key: str
    rows: tuple[Row, ...]


def _known(sets: Sets) -> Executable:
    mine = and_(PEOPLE.c.organization_id == parameter("organization"), sets.has(PEOPLE.c.search_name, "names"))
    return select(PEOPLE.c.id, PEOPLE.c.search_name, PEOPLE.c.username, PEOPLE.c.role, PEOPLE.c.born, PEOPLE.c.active).where(mine)


def _staff(_: Sets) -> Executable:
    mine = and_(PEOPLE.c.organization_id == parameter("organization"), PEOPLE.c.role.in_(sorted(STAFF)), PEOPLE.c.active)
    return select(PEOPLE.c.id, PEOPLE.c.search_name, PEOPLE.c.username, PEOPLE.c.email_key).where(mine)


KNOWN, TEAM = Statement(_known), Statement(_staff)


def parse(text: str) -> list[Row]:
    """The lines of a CSV text (comma, semicolon or tab), fields as they stand; Invalid if it cannot be read as a list."""
    text = text.lstrip("\ufeff")
    try:
        dialect: type[csv.Dialect] | str = csv.Sniffer().sniff(text[:4_096], delimiters=",;\t")
    except csv.Error:
        dialect = "excel"
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), dialect, strict=True))
    except csv.Error as error:
        raise Invalid(f"This is not a CSV list: {error}.", field="csv") from error
    if not lines:
        raise Invalid("The list is empty.", field="csv")
    places = _places(lines[0])
    rows = [(number, line) for number, line in enumerate(lines[1:], 2) if any(field.strip() for field in line)]
    if len(rows) > LONGEST:
        raise Invalid(f"A list may have up to {LONGEST:,} clients; this one has {len(rows):,}.", field="csv")
    return [_row(number, {name: line[at].strip() for name, at in places.items() if at < len(line)}) for number, line in rows]


def _row(number: int, fields: dict[str, str]) -> Row:
    optional = {name: fields.get(name) or None for name in ("born", "email", "phone", "therapist")}
    return Row(number, fields.get("name", ""), optional["born"], optional["email"], optional["phone"], optional["therapist"])


def _places(header: Sequence[str]) -> dict[str, int]:
    words = [folded(word) for word in header]
    places = {name: words.index(alias) for name, aliases in COLUMNS.items() for alias in aliases if alias in words}
    if "name" not in places:
        raise Invalid("The first line must name the columns: name, born, email, phone, therapist.", field="csv")
    return places


def preview(reading: Reading, rows: Sequence[Row]) -> list[Row]:
    """What would be added, row by row, each with its problem if it has one. Nothing is written."""
    who = reading.me
    if who.role not in STAFF or who.scope is not None:
        raise NotFound
    team: dict[str, int] = {}
    for number, name, username, email in reading.rows(TEAM, organization=who.organization):
        team.update((word, number) for word in (name, username, email) if word)
    today = datetime.fromtimestamp(reading.now / SECOND, UTC).date()
    checked = [_checked(row, team, today, who.person if who.role == Role.THERAPIST else None) for row in rows]
    known = {
        (row[1], row[4])
        for row in reading.rows(KNOWN, organization=who.organization, names=[folded(r.name) for r in checked])
        if row[3] == "client"
    }
    often = Counter((folded(row.name), row.born) for row in checked)
    return [_alone(row, known, often) for row in checked]


def _checked(row: Row, team: dict[str, int], today: date, own: int | None) -> Row:
    try:
        name = check_name(row.name)
        born = addresses.born(row.born, today) if row.born else None
        email = addresses.email(row.email) if row.email else None
        phone = addresses.phone(row.phone) if row.phone else None
    except (CoreError, ValueError) as error:
        return Row(row.line, row.name, row.born, row.email, row.phone, row.therapist, None, str(error))
    therapist = own if own is not None else team.get(folded(row.therapist)) if row.therapist else None
    if own is None and row.therapist and therapist is None:
        problem = f"There is no active member of staff called “{row.therapist}”."
        return Row(row.line, name, born, email, phone, row.therapist, None, problem)
    return Row(row.line, name, born, email, phone, row.therapist, therapist)


def _alone(row: Row, known: set[tuple[str, str | None]], often: Counter[tuple[str, str | None]]) -> Row:
    same = (folded(row.name), row.born)
    if row.problem is None and (same in known or often[same] > 1):
        problem = (
            "A client of this name and date of birth is here already."
            if same in known
            else "This client stands in the list twice."
        )
        return Row(row.line, row.name, row.born, row.email, row.phone, row.therapist, row.therapist_id, problem)
    return row


def import_clients(tx: Transaction, what: Import) -> dict[str, int]:
    """Add all clients of a list, or none: Refused while any row has a problem."""
    print_of = fingerprint(what.rows)
    answer: dict[str, int] = once(tx, what.key, "import_clients", print_of, lambda: _add(tx, what.rows))
    return answer


def _add(tx: Transaction, rows: Sequence[Row]) -> dict[str, int]:
    checked = preview(tx, rows)
    if problems := [row for row in checked if row.problem]:
        raise Refused(f"Line {problems[0].line}: {problems[0].problem} Nothing was added.", field="csv")
    pairs = []
    for row in checked:
        new = NewPerson(tx.me.organization, Role.CLIENT, row.name, email=row.email, phone=row.phone, born=row.born)
        number = add_person(tx, new)
        pairs += [(number, row.therapist_id, tx.now)] if row.therapist_id else []
    tx.write(INSERT_ASSIGNMENT, pairs)
    return {"added": len(checked)}
