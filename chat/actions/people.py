"""People: added, with the mailbox that everybody has."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Executable, insert

from chat.errors import Invalid
from chat.lib.sentences import Sentence
from chat.lib.sql import Rows, Sets, Statement, parameter
from chat.lib.words import folded
from chat.models import Assignment, Mailbox, Person
from chat.models.columns import table
from chat.transaction import Transaction

_PEOPLE = table(Person)
_COLUMNS = (
    *("organization_id", "role", "name", "search_name", "username", "password_hash", "email", "email_key", "phone", "born"),
    *("in_portal", "messaging_enabled", "client_id", "relation", "created_at"),
)
INSERT_MAILBOXES = Rows(table(Mailbox), ("person_id", "change", "unread", "horizon"))
INSERT_ASSIGNMENTS = Rows(table(Assignment), ("client_id", "therapist_id", "created_at"), skip_existing=True)
LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody to add. `username` and `password_hash` come with the invitation that they accept."""

    organization: int
    role: str
    name: str
    username: str | None = None
    password_hash: str | None = None
    email: str | None = None
    phone: str | None = None
    born: str | None = None
    in_portal: bool = False
    messaging_enabled: bool = False
    client: int | None = None
    relation: str | None = None


def _insert(_: Sets) -> Executable:
    given = {name: parameter(name, _PEOPLE.c[name].type) for name in _COLUMNS}
    return insert(_PEOPLE).values(**given, active=True, version=1, text_ok=False).returning(_PEOPLE.c.id)


INSERT = Statement(_insert)


def add_person(tx: Transaction, what: NewPerson) -> int:
    """Add somebody with an empty mailbox; the answer is their id."""
    email_key = folded(what.email) if what.email else None
    names = ("role", "name", "username", "password_hash", "email", "phone", "born", "in_portal", "messaging_enabled", "relation")
    given = {name: getattr(what, name) for name in names}
    place = {
        "organization_id": what.organization,
        "client_id": what.client,
        "search_name": folded(what.name),
        "email_key": email_key,
    }
    number: int = tx.rows(INSERT, **given, **place, created_at=tx.now)[0][0]
    tx.write(INSERT_MAILBOXES, [(number, 0, 0, 0)])
    tx.audit("add_person", organization_id=what.organization, person_id=number, client_id=what.client)
    return number


def assign_all(tx: Transaction, pairs: Sequence[tuple[int, int]]) -> None:
    """Let therapists look after clients: (client, therapist) pairs, before they have written to each other."""
    tx.write(INSERT_ASSIGNMENTS, [(client, therapist, tx.now) for client, therapist in pairs])


def check_name(text: str) -> str:
    """A name as people write it, blanks made single; Invalid if it is empty, too long or holds control characters."""
    if any(unicodedata.category(character) in {"Cc", "Zl", "Zp", "Cs"} for character in text):
        raise Invalid("A name cannot hold line breaks or control characters.", field="name")
    name = " ".join(text.split())
    if not name or len(name) > LONGEST_NAME:
        raise Invalid(Sentence("A name has 1 to {most} characters.", most=LONGEST_NAME), field="name")
    return name
