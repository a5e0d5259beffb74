"""Active or not: one pair of verbs for clients (by who looks after them) and for staff (by administrators). For staff alone."""

from __future__ import annotations

from chat import access
from chat.access import Member
from chat.actions.clients import set_client_active
from chat.actions.staff import Deactivate, NamedStaff, activate_staff, deactivate_staff
from chat.errors import NotFound, Refused
from chat.transaction import Transaction


def activate(tx: Transaction, what: NamedStaff) -> dict[str, int]:
    """Make a client or a member of the team active again."""
    client, member = _which(tx, what.person)
    return set_client_active(tx, client, active=True) if client else activate_staff(tx, member)


def deactivate(tx: Transaction, what: Deactivate) -> dict[str, int]:
    """Make a client inactive, or put a member of the team out at once."""
    client, member = _which(tx, what.person)
    if client:
        return set_client_active(tx, client, active=False)
    if member.id == tx.me.person:
        raise Refused("You cannot deactivate yourself. Another administrator can.")
    return deactivate_staff(tx, member, what)


def _which(tx: Transaction, person: int) -> tuple[Member | None, Member]:
    try:
        client = access.client(tx, tx.me, person)
    except NotFound:
        access.require_administrator(tx)
        return None, access.staff_member(tx, person)
    return client, client
