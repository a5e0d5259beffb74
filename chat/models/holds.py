"""Holds: nothing of a client's record is erased while one lasts."""

from __future__ import annotations

from sqlalchemy import Index, text
from sqlmodel import SQLModel

from chat.models.columns import identity, number, sealed, words

_LASTS = "lifted_at IS NULL"


class Hold(SQLModel, table=True):
    """A hold on one client's record, at most one at a time. `reasons` holds why it was set, and why lifted, sealed together."""

    __tablename__ = "hold"
    __table_args__ = (
        Index("hold_by_client", "client_id", "id"),
        Index("hold_by_organization", "organization_id", postgresql_where=text(_LASTS), sqlite_where=text(_LASTS)),
        Index("hold_that_lasts", "client_id", unique=True, postgresql_where=text(_LASTS), sqlite_where=text(_LASTS)),
    )

    id: int | None = identity()
    organization_id: int = number("organization.id")
    client_id: int = number("person.id")
    mark: str = words(unique=True)  # the place that `reasons` is sealed to
    data_key_id: int = number("data_key.id", index=True)
    reasons: bytes = sealed()
    set_at: int = number()
    set_by: int = number("person.id")
    lifted_at: int | None = number(optional=True)
    lifted_by: int | None = number("person.id", optional=True)
