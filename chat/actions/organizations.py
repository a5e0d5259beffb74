"""Organizations: founded once, with the database's epoch if they are the first. For staff alone."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from sqlalchemy import Executable, Text, and_, case, exists, func, insert, select, update

from chat import access
from chat.actions.sessions import require_second_factor
from chat.actions.touch import reset_organization
from chat.errors import Conflict, Invalid
from chat.lib.sentences import Sentence
from chat.lib.sql import Sets, Statement, literal, parameter
from chat.lib.zones import known
from chat.models import Erasure, Installation, Organization
from chat.models.columns import table
from chat.models.conversations import CONVERSATIONS
from chat.queries.keeping import plural_years
from chat.transaction import Transaction

_INSTALLATION, _ORGANIZATIONS, _ERASURES = table(Installation), table(Organization), table(Erasure)


@dataclass(frozen=True, slots=True)
class Found:
    """A new practice. Messaging is off unless said otherwise: the first gate."""

    name: str
    time_zone: str = "UTC"
    messaging_enabled: bool = False
    emergency_text: str = ""


def _insert(_: Sets) -> Executable:
    fixed = {"mail_name": "", "idle_minutes": 15, "second_factor_required": False, "attachments_allowed": True, "version": 1}
    fixed |= {"deletes_since": 0, "retention_years": 0}
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
    deletion_allowed: bool
    retention_years: int


_FIELDS = (
    *("name", "mail_name", "time_zone", "messaging_enabled", "emergency_text"),
    *("idle_minutes", "second_factor_required", "attachments_allowed", "retention_years"),
)
MOST_YEARS = 100
LONGEST_NAME = 120
LONGEST = {"mail_name": 80, "emergency_text": 500}


def _save(_: Sets) -> Executable:
    given = {name: parameter(name, _ORGANIZATIONS.c[name].type) for name in _FIELDS}
    same = and_(_ORGANIZATIONS.c.id == parameter("organization"), _ORGANIZATIONS.c.version == parameter("shown"))
    # Turned on again, the 15 days of what lies in a trash begin anew: nothing is gone by the turning of a switch.
    allowed = parameter("deletion", _ORGANIZATIONS.c.attachments_allowed.type)
    since = case((allowed, func.coalesce(_ORGANIZATIONS.c.deletes_since, parameter("now"))))
    given |= {"deletes_since": since, "version": _ORGANIZATIONS.c.version + 1}
    changed = update(_ORGANIZATIONS).values(**given).where(same)
    return changed.returning(_ORGANIZATIONS.c.version)


def _wake(_: Sets) -> Executable:
    mine = and_(CONVERSATIONS.c.id == _ERASURES.c.conversation_id, CONVERSATIONS.c.organization_id == parameter("organization"))
    parked = _ERASURES.c.due_at > parameter("now")
    return update(_ERASURES).values(due_at=literal(0)).where(parked, exists().where(mine))


SAVE, WAKE = Statement(_save), Statement(_wake)


def save_organization(tx: Transaction, what: Practice) -> dict[str, int]:
    """Change the practice's settings (administrators); Conflict if another administrator was quicker. Open pages load anew.

    A second factor that is required from now on holds for sessions that run, the asker's own included.
    """
    access.require_administrator(tx)
    _check(what)
    given = {name: getattr(what, name) for name in _FIELDS}
    rules = {"deletion": what.deletion_allowed, "now": tx.now}
    saved = tx.rows(SAVE, organization=tx.me.organization, shown=what.version, **given, **rules)
    if not saved:
        raise Conflict("Somebody else changed the practice meanwhile. Load it again, and make your change once more.")
    require_second_factor(tx, tx.me.organization, required=what.second_factor_required)
    reset_organization(tx, tx.me.organization)
    # After the mailboxes, as everywhere: what was kept from being erased is looked at by the new rules.
    tx.rows(WAKE, organization=tx.me.organization, now=tx.now)
    tx.audit("save_organization", details=_settings(what))
    return {"version": saved[0][0]}


def _settings(what: Practice) -> str:
    """The settings that decide what others may do, for the audit trail."""
    keeps = f"messages are kept for at least {plural_years(what.retention_years)}" if what.retention_years else ""
    deletion = "" if what.deletion_allowed else "nothing is deleted for good"
    return ", ".join(filter(None, (f"messaging {'on' if what.messaging_enabled else 'off'}", deletion, keeps)))


def _check(what: Practice) -> None:
    for name, length in LONGEST.items():
        if len(getattr(what, name)) > length:
            raise Invalid(Sentence("This may have up to {most} characters.", most=length), field=name)
    _check_name(what.name)
    _check_zone(what.time_zone)
    if not 1 <= what.idle_minutes <= 120:
        raise Invalid("Pages lock after 1 to 120 minutes.", field="idle_minutes")
    if not 0 <= what.retention_years <= MOST_YEARS:
        raise Invalid(Sentence("Messages are kept for 0 to {most} years.", most=MOST_YEARS), field="retention_years")


def _check_name(name: str) -> None:
    if not name.strip():
        raise Invalid("A practice needs a name.", field="name")
    if len(name) > LONGEST_NAME:
        raise Invalid(Sentence("A practice's name may have up to {most} characters.", most=LONGEST_NAME), field="name")


def _check_zone(name: str) -> None:
    if not known(name):
        raise Invalid("Choose a time zone from the list.", field="time_zone")
