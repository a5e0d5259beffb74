"""Clients from a list: first shown row by row, then added all together or not at all. For staff alone."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from sqlalchemy import Executable, and_, select

from chat.access import PEOPLE
from chat.actions.assignments import INSERT_ASSIGNMENT
from chat.actions.people import NewPerson, add_person, check_name
from chat.actions.receipts import once
from chat.errors import CoreError, Invalid, NotFound, Refused
from chat.lib import addresses
from chat.lib.clock import SECOND
from chat.lib.sentences import Sentence
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
    """One line of a list as it would be added; `problem` says what stands in the way, `doubt` what to look at before."""

    line: int
    name: str = ""
    born: str | None = None
    email: str | None = None
    phone: str | None = None
    therapist: str | None = None
    therapist_id: int | None = None
    problem: str | None = None
    doubt: str | None = None


@dataclass(frozen=True, slots=True)
class Import:
    """A list to add, under a key."""

    key: str
    rows: tuple[Row, ...]


def _known(sets: Sets) -> Executable:
    mine = and_(PEOPLE.c.organization_id == parameter("organization"), PEOPLE.c.role == Role.CLIENT.value)
    return select(PEOPLE.c.search_name, PEOPLE.c.born).where(mine, sets.has(PEOPLE.c.search_name, "names"))


def _staff(_: Sets) -> Executable:
    mine = and_(PEOPLE.c.organization_id == parameter("organization"), PEOPLE.c.role.in_(sorted(STAFF)), PEOPLE.c.active)
    return select(PEOPLE.c.id, PEOPLE.c.search_name, PEOPLE.c.username, PEOPLE.c.email_key).where(mine)


KNOWN, TEAM = Statement(_known), Statement(_staff)


def parse(text: str) -> list[Row]:
    """The lines of a CSV text (comma, semicolon or tab), fields as they stand; Invalid if it cannot be read as a list."""
    text = text.lstrip("\ufeff")
    # The first line names the columns, so it tells what stands between them; names further down may hold anything.
    mark = max(",;\t", key=text.partition("\n")[0].count)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=mark, skipinitialspace=True, strict=True))
    except csv.Error as error:
        raise Invalid(Sentence("This is not a CSV list: {fault}.", fault=str(error)), field="csv") from error
    if not lines:
        raise Invalid("The list is empty. Choose one with a line for each client.", field="csv")
    places = _places(lines[0])
    rows = [(number, line) for number, line in enumerate(lines[1:], 2) if any(field.strip() for field in line)]
    if len(rows) > LONGEST:
        long = Sentence("A list may have up to {most} clients; this one has {number}.", most=LONGEST, number=len(rows))
        raise Invalid(long, field="csv")
    return [_row(number, line, places, len(lines[0])) for number, line in rows]


def _row(number: int, line: list[str], places: dict[str, int], width: int) -> Row:
    fields = {name: line[at].strip() or None for name, at in places.items() if at < len(line)}
    more = Sentence("This line has more fields than the first line has columns.")
    problem = more if any(map(str.strip, line[width:])) else None
    if any("\ufffd" in field for field in line):
        problem = Sentence("Some letters of this line cannot be read. Save the file as “CSV UTF-8”, and choose it again.")
    name = fields.pop("name", None) or ""
    return Row(number, name, **fields, problem=problem)  # type: ignore[arg-type]


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
    team: dict[str, set[int]] = {}
    for number, *words in reading.rows(TEAM, organization=who.organization):
        for word in filter(None, words):
            team.setdefault(word, set()).add(number)
    today = datetime.fromtimestamp(reading.now / SECOND, UTC).date()
    checked = [_checked(row, team, today, who.person if who.role == Role.THERAPIST else None) for row in rows]
    names = [folded(row.name) for row in checked if not row.problem]
    known = {(row[0], row[1]) for row in reading.rows(KNOWN, organization=who.organization, names=names)}
    listed = Counter((folded(row.name), row.born) for row in checked)
    here, there = _births(known), _births(listed)
    return [_doubted(_alone(row, known, listed), here, there) for row in checked]


def _checked(row: Row, team: dict[str, set[int]], today: date, own: int | None) -> Row:
    if row.problem:
        return row
    try:
        name = check_name(row.name)
        born = addresses.born(row.born, today) if row.born else None
        email = addresses.email(row.email) if row.email else None
        phone = addresses.phone(row.phone) if row.phone else None
    except (CoreError, ValueError) as error:
        return replace(row, problem=error.args[0])
    row = replace(row, name=name, born=born, email=email, phone=phone)
    meant = {own} if own is not None else team.get(folded(row.therapist), set()) if row.therapist else {None}
    if len(meant) == 1:
        return replace(row, therapist_id=next(iter(meant)))
    name = row.therapist or ""
    many = Sentence("Several members of staff are called “{name}”. Write the username or the email address.", name=name)
    none = Sentence("There is no active member of staff called “{name}”.", name=name)
    return replace(row, problem=many if meant else none)


def _alone(row: Row, known: set[tuple[str, str | None]], often: Counter[tuple[str, str | None]]) -> Row:
    same = (folded(row.name), row.born)
    if row.problem or (same not in known and often[same] == 1):
        return row
    here = Sentence("A client of this name and date of birth is here already.")
    return replace(row, problem=here if same in known else Sentence("This client stands in the list twice."))


def _births(people: Iterable[tuple[str, str | None]]) -> dict[str, set[str | None]]:
    """The dates of birth known for each name; None stands for somebody without one."""
    found: dict[str, set[str | None]] = {}
    for name, born in people:
        found.setdefault(name, set()).add(born)
    return found


def _doubted(row: Row, here: dict[str, set[str | None]], listed: dict[str, set[str | None]]) -> Row:
    """Namesakes are told apart by their date of birth; where one is missing, it may be the same person twice."""
    if row.problem:
        return row
    name = folded(row.name)
    if _unsure(row.born, here.get(name, set())):
        unsaid = Sentence("Perhaps here already: there is a client of this name, and this line has no date of birth.")
        unknown = Sentence("Perhaps here already: there is a client of this name, whose date of birth is not known.")
        return replace(row, doubt=unsaid if row.born is None else unknown)
    if _unsure(row.born, listed[name] - {row.born}):
        twice = Sentence("Perhaps in the list twice: another line has this name, and one of them no date of birth.")
        return replace(row, doubt=twice)
    return row


def _unsure(born: str | None, others: set[str | None]) -> bool:
    return bool(others) if born is None else None in others


def import_clients(tx: Transaction, what: Import) -> dict[str, int]:
    """Add all clients of a list, or none: Refused while any row has a problem."""
    print_of = fingerprint(what.rows)
    answer: dict[str, int] = once(tx, what.key, "import_clients", print_of, lambda: _add(tx, what.rows))
    return answer


def _add(tx: Transaction, rows: Sequence[Row]) -> dict[str, int]:
    checked = preview(tx, rows)
    if problems := [row for row in checked if row.problem]:
        first = problems[0]
        told = Sentence("Line {line}: {problem} Nothing was added.", line=first.line, problem=first.problem)
        raise Refused(told, field="csv")
    pairs = []
    for row in checked:
        new = NewPerson(tx.me.organization, Role.CLIENT, row.name, email=row.email, phone=row.phone, born=row.born)
        number = add_person(tx, new)
        pairs += [(number, row.therapist_id, tx.now)] if row.therapist_id else []
    tx.write(INSERT_ASSIGNMENT, pairs)
    return {"added": len(checked)}
