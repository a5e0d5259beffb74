"""The team, as its members see it."""

from __future__ import annotations

from typing import Any, TypedDict

from sqlalchemy import Executable, func, select

from chat.access import ASSIGNMENTS, PEOPLE
from chat.errors import NotFound
from chat.lib.sql import Sets, Statement, parameter
from chat.models import Totp
from chat.models.columns import table
from chat.models.people import STAFF, Role
from chat.transaction import Reading

_TOTP = table(Totp)
_NAMES = ("id", "name", "role", "email", "active", "in_portal", "username", "version")


class StaffView(TypedDict):
    """A member of the team. `clients`: how many they look after. `invited`: has not chosen a password yet."""

    id: int
    name: str
    role: str
    email: str | None
    active: bool
    in_portal: bool
    invited: bool
    version: int
    clients: int
    second_factor: bool


def _team(_: Sets) -> Executable:
    clients = select(func.count()).select_from(ASSIGNMENTS).where(ASSIGNMENTS.c.therapist_id == PEOPLE.c.id).scalar_subquery()
    joined = PEOPLE.outerjoin(_TOTP, _TOTP.c.person_id == PEOPLE.c.id)
    rows = select(*(PEOPLE.c[name] for name in _NAMES), clients, _TOTP.c.confirmed_at).select_from(joined)
    mine = PEOPLE.c.organization_id == parameter("organization")
    return rows.where(mine, PEOPLE.c.role.in_(sorted(STAFF))).order_by(PEOPLE.c.active.desc(), PEOPLE.c.search_name, PEOPLE.c.id)


TEAM = Statement(_team)


def team(reading: Reading) -> list[StaffView]:
    """The whole team, the active ones first; for administrators."""
    if reading.me.role != Role.ADMINISTRATOR or reading.me.scope is not None:
        raise NotFound
    found: list[StaffView] = []
    for row in reading.rows(TEAM, organization=reading.me.organization):
        own: dict[str, Any] = dict(zip(_NAMES, row[:8], strict=True))
        username = own.pop("username")
        flags = {"active": bool(own["active"]), "in_portal": bool(own["in_portal"]), "invited": username is None}
        found.append(StaffView(**{**own, **flags, "clients": row[8], "second_factor": row[9] is not None}))  # type: ignore[typeddict-item]
    return found
