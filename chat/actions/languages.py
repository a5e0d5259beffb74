"""The language that somebody chooses for their pages, mails and texts."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Executable, Text, update

from chat.access import PEOPLE
from chat.errors import Invalid, NotFound
from chat.lib.languages import speaks
from chat.lib.sql import Sets, Statement, parameter
from chat.models.people import STAFF
from chat.transaction import Transaction


@dataclass(frozen=True, slots=True)
class ChooseLanguage:
    """A language by its tag."""

    language: str


def _choose(_: Sets) -> Executable:
    values = {"language": parameter("language", Text()), "version": PEOPLE.c.version + 1}
    return update(PEOPLE).values(values).where(PEOPLE.c.id == parameter("person"))


CHOOSE = Statement(_choose)


def choose_language(tx: Transaction, what: ChooseLanguage) -> dict[str, int]:
    """One's own language, of those for one's role. It stands on Client Info, too: whoever edits that meanwhile is told."""
    if tx.me.scope is not None:
        raise NotFound
    if not speaks(what.language, staff=tx.me.role in STAFF):
        raise Invalid("Choose a language from the list.", field="language")
    tx.rows(CHOOSE, person=tx.me.person, language=what.language)
    tx.audit("choose_language", person_id=tx.me.person, details=what.language)
    return {}
