"""Organizations: founded once, with the database's epoch if they are the first."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from sqlalchemy import Executable, Text, insert, select

from chat.errors import Invalid
from chat.lib.sql import Sets, Statement, parameter
from chat.models import Installation, Organization
from chat.models.columns import table
from chat.transaction import Transaction

_INSTALLATION, _ORGANIZATIONS = table(Installation), table(Organization)


@dataclass(frozen=True, slots=True)
class Found:
    """A new practice. Messaging is off unless said otherwise: the first gate."""

    name: str
    time_zone: str = "UTC"
    messaging_enabled: bool = False
    emergency_text: str = ""


def _insert(_: Sets) -> Executable:
    fixed = {"mail_name": "", "idle_minutes": 15, "second_factor_required": False, "attachments_allowed": True, "version": 1}
    names = ("name", "time_zone", "messaging_enabled", "emergency_text", "created_at")
    return (
        insert(_ORGANIZATIONS)
        .values(**fixed, **{name: parameter(name, _ORGANIZATIONS.c[name].type) for name in names})
        .returning(_ORGANIZATIONS.c.id)
    )


def _installation(_: Sets) -> Executable:
    return insert(_INSTALLATION).values(id=1, epoch=parameter("epoch", Text()), demo=parameter("demo", _INSTALLATION.c.demo.type))


INSERT = Statement(_insert)
INSERT_INSTALLATION = Statement(_installation)
INSTALLATION = Statement(lambda _: select(_INSTALLATION.c.epoch, _INSTALLATION.c.demo))


def begin_installation(tx: Transaction, *, demo: bool = False) -> None:
    """Give a new database its epoch; one that has it keeps it."""
    if not tx.rows(INSTALLATION):
        tx.rows(INSERT_INSTALLATION, epoch=secrets.token_hex(4), demo=demo)


def found_organization(tx: Transaction, what: Found) -> int:
    """Add a practice; the answer is its id."""
    if not what.name.strip():
        raise Invalid("A practice needs a name.", field="name")
    values = {
        "name": what.name,
        "time_zone": what.time_zone,
        "messaging_enabled": what.messaging_enabled,
        "emergency_text": what.emergency_text,
    }
    number: int = tx.rows(INSERT, **values, created_at=tx.now)[0][0]
    tx.audit("found_organization", organization_id=number)
    return number
