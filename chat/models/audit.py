"""Who did what, to whose record, when and from where. Never message text."""

from __future__ import annotations

from sqlalchemy import Index, text
from sqlmodel import SQLModel

from chat.models.columns import identity, number, sealed, words

#: Only views stand in it: a send pays nothing for it.
_VIEW = text("action = 'view'")


class AuditEntry(SQLModel, table=True):
    """Append only. `place` and `chain` are filled by the chainer of the organization, from committed rows in id order."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("audit_by_place", "organization_id", "place"),
        Index("audit_by_client", "organization_id", "client_id", "id"),
        Index("audit_views", "conversation_id", "actor_id", "seq", postgresql_where=_VIEW, sqlite_where=_VIEW),
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
