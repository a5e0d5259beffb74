"""Organizations: founded once, with the database's epoch if they are the first."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from sqlalchemy import Executable, Text, and_, insert, select, update

from chat import access
from chat.actions.sessions import require_second_factor
from chat.actions.touch import reset_organization
from chat.errors import Conflict, Invalid
from chat.lib.sql import Sets, Statement, parameter
from chat.lib.zones import known
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
    return insert(_INSTALLATION).values(
        id=1, epoch=parameter("epoch", Text()), demo=parameter("demo", _INSTALLATION.c.demo.type), mark=parameter("mark", Text())
    )


INSERT = Statement(_insert)
INSERT_INSTALLATION = Statement(_installation)
INSTALLATION = Statement(lambda _: select(_INSTALLATION.c.epoch, _INSTALLATION.c.demo))


def begin_installation(tx: Transaction, *, demo: bool = False) -> None:
    """Give a new database its epoch; one that has it keeps it."""
    if not tx.rows(INSTALLATION):
        tx.rows(INSERT_INSTALLATION, epoch=secrets.token_hex(4), demo=demo, mark="")


def found_organization(tx: Transaction, what: Found) -> int:
    """Add a practice; the answer is its id."""
    _check_name(what.name)
    _check_zone(what.time_zone)
    values = {
        "name": what.name,
        "time_zone": what.time_zone,
        "messaging_enabled": what.messaging_enabled,
        "emergency_text": what.emergency_text,
    }
    number: int = tx.rows(INSERT, **values, created_at=tx.now)[0][0]
    tx.audit("found_organization", organization_id=number)
    return number


@dataclass(frozen=True, slots=True)
class Practice:
    """What the Practice page holds. `version` is the one that was on screen."""

    version: int
    name: str
    mail_name: str
    time_zone: str
    messaging_enabled: bool
    emergency_text: str
    idle_minutes: int
    second_factor_required: bool
    attachments_allowed: bool


_FIELDS = (
    *("name", "mail_name", "time_zone", "messaging_enabled", "emergency_text"),
    *("idle_minutes", "second_factor_required", "attachments_allowed"),
)
LONGEST_NAME = 120
LONGEST = {"mail_name": 80, "emergency_text": 500}


def _save(_: Sets) -> Executable:
    given = {name: parameter(name, _ORGANIZATIONS.c[name].type) for name in _FIELDS}
    same = and_(_ORGANIZATIONS.c.id == parameter("organization"), _ORGANIZATIONS.c.version == parameter("shown"))
    changed = update(_ORGANIZATIONS).values(**given, version=_ORGANIZATIONS.c.version + 1).where(same)
    return changed.returning(_ORGANIZATIONS.c.version)


SAVE = Statement(_save)


def save_organization(tx: Transaction, what: Practice) -> dict[str, int]:
    """Change the practice's settings (administrators); Conflict if another administrator was quicker. Open pages load anew.

    A second factor that is required from now on holds for sessions that run, the asker's own included.
    """
    access.require_administrator(tx)
    _check(what)
    given = {name: getattr(what, name) for name in _FIELDS}
    saved = tx.rows(SAVE, organization=tx.me.organization, shown=what.version, **given)
    if not saved:
        raise Conflict("Somebody else changed the practice meanwhile. Load it again, and make your change once more.")
    require_second_factor(tx, tx.me.organization, required=what.second_factor_required)
    reset_organization(tx, tx.me.organization)
    tx.audit("save_organization", details=f"messaging {'on' if what.messaging_enabled else 'off'}")
    return {"version": saved[0][0]}


def _check(what: Practice) -> None:
    for name, length in LONGEST.items():
        if len(getattr(what, name)) > length:
            raise Invalid(f"This may have up to {length} characters.", field=name)
    _check_name(what.name)
    _check_zone(what.time_zone)
    if not 1 <= what.idle_minutes <= 120:
        raise Invalid("Pages lock after 1 to 120 minutes.", field="idle_minutes")


def _check_name(name: str) -> None:
    if not name.strip():
        raise Invalid("A practice needs a name.", field="name")
    if len(name) > LONGEST_NAME:
        raise Invalid(f"A practice's name may have up to {LONGEST_NAME} characters.", field="name")


def _check_zone(name: str) -> None:
    if not known(name):
        raise Invalid("Choose a time zone from the list.", field="time_zone")
