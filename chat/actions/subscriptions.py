"""Which alert emails somebody wants: chosen by themselves or, with a tick, by staff; stopped by a link in each of them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Executable, Text, update

from chat import access
from chat.access import PEOPLE
from chat.errors import Invalid, NotFound
from chat.lib.sql import Sets, Statement, parameter
from chat.transaction import Transaction, Who

CHOICES = ("usual", "each", "none")


@dataclass(frozen=True, slots=True)
class ChooseAlerts:
    """Which alert emails somebody wants: usual, each or none. `person`: a client, by staff; without it oneself."""

    choice: str
    person: int | None = None


def _choose(_: Sets) -> Executable:
    values = {
        "alerts_email": parameter("choice", Text()),
        "alerts_email_at": parameter("now"),
        "alerts_email_by": parameter("by"),
    }
    return update(PEOPLE).values(values).where(PEOPLE.c.id == parameter("person"))


CHOOSE = Statement(_choose)


def choose_alerts(tx: Transaction, what: ChooseAlerts) -> dict[str, int]:
    """Which alert emails the asker wants, or, by staff, a client of theirs; who chose and when is on record."""
    if what.choice not in CHOICES:
        raise Invalid("Choose usual, each or none.", field="email")
    if tx.me.scope is not None:
        raise NotFound
    person = tx.me.person if what.person is None else access.client(tx, tx.me, what.person).id
    _set_choice(tx, person, what.choice, tx.me)
    return {}


def unsubscribe(tx: Transaction, who: Who) -> None:
    """Stop somebody's alert emails, by the link in one of them. Messages, and everything else that is mailed, go on."""
    _set_choice(tx, who.person, "none", who)


def _set_choice(tx: Transaction, person: int, choice: str, who: Who) -> None:
    tx.rows(CHOOSE, person=person, choice=None if choice == "usual" else choice, now=tx.now, by=who.person)
    tx.audit("choose_alerts", who=who, person_id=person, details=choice)
