"""Changing one's own password."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Executable, Text, update

from chat.actions.quick_links import end_quick_links
from chat.actions.sessions import end_all_sessions
from chat.lib.sql import Sets, Statement, parameter
from chat.models import Person
from chat.models.columns import table
from chat.transaction import Transaction

_PEOPLE = table(Person)


@dataclass(frozen=True, slots=True)
class NewPassword:
    """The hash of a password whose length was checked, made by a slow thread after the old one had matched."""

    password_hash: str


def _set(_: Sets) -> Executable:
    return update(_PEOPLE).values(password_hash=parameter("password_hash", Text())).where(_PEOPLE.c.id == parameter("person"))


SET = Statement(_set)


def change_password(tx: Transaction, what: NewPassword) -> dict[str, int]:
    """Take a new password; every other session of the asker ends."""
    tx.rows(SET, person=tx.me.person, password_hash=what.password_hash)
    end_quick_links(tx, [tx.me.person])
    end_all_sessions(tx, [tx.me.person], "password", but=tx.me.session or 0)
    tx.audit("change_password", person_id=tx.me.person)
    return {}
