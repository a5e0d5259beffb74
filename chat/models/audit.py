"""Who did what, to whose record, when and from where. Never message text."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Index, text
from sqlmodel import SQLModel

from chat.models.columns import ONE_TREE, identity, number, sealed, words


def _partial(name: str, *columns: str, where: str, unique: bool = False) -> Any:
    return Index(name, *columns, unique=unique, postgresql_where=text(where), sqlite_where=text(where))


_PLACED, _WAITING, _VIEW = "place IS NOT NULL", "place IS NULL", "action = 'view'"


class AuditEntry(SQLModel, table=True):
    """Append only. `place` and `chain` are filled by the chainer of the organization, from committed rows in id order.

    A send pays for one small index (what waits for its place); those for reading are the chainer's to fill.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (
        _partial("audit_waiting", "id", where=_WAITING),
        _partial("audit_by_place", "organization_id", "place", where=_PLACED, unique=True),
        _partial("audit_by_time", "organization_id", "at", "id", where=_PLACED),
        _partial("audit_by_client", "organization_id", "client_id", "at", "id", where=_PLACED),
        _partial("audit_by_actor", "organization_id", "actor_id", "at", "id", where=_PLACED),
        _partial("audit_views", "conversation_id", "actor_id", "seq", where=_VIEW),
    )

    id: int | None = identity()
    organization_id: int | None = number("organization.id", optional=True)
    at: int = number()
    actor_id: int | None = number(optional=True)
    session_id: int | None = number(optional=True)
    action: str = words()
    person_id: int | None = number(optional=True)  # whom it was done to
    client_id: int | None = number(optional=True)  # whose record
    conversation_id: int | None = number(optional=True)
    seq: int | None = number(optional=True)
    address: str = words(default="")
    outcome: str = words(default="done")
    details: str = words(default="")
    place: int | None = number(optional=True)
    chain: bytes | None = sealed(optional=True)


class AuditHead(SQLModel, table=True):
    """The end of an organization's chain (0: what belongs to none), and which process may lengthen it until when."""

    __tablename__ = "audit_head"
    __table_args__ = ONE_TREE

    organization_id: int = number(key=True)
    place: int = number(default=0)
    chain: bytes = sealed()
    holder: str = words(default="")
    held_until: int = number(default=0)
