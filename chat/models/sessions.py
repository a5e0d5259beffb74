"""Ways in."""

from __future__ import annotations

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from chat.models.columns import identity, number, sealed, words


class Session(SQLModel, table=True):
    """Somebody's signed-in browser. Only a hash of its token is stored. A scoped one may see single conversations only."""

    __tablename__ = "session"
    __table_args__ = (
        Index("session_by_token", "token_hash", unique=True),
        Index("session_by_person", "person_id", "ended_at"),
    )

    id: int | None = identity()
    person_id: int = number("person.id")
    token_hash: bytes = sealed()
    scoped: bool = Field(default=False)
    restricted: bool = Field(default=False)  # may only set up the second factor that the practice requires
    created_at: int = number()
    active_at: int = number()  # last real input, not traffic
    locks_at: int = number()  # idle until then: the password is asked again
    ends_at: int = number()
    ended_at: int | None = number(optional=True)
    end_reason: str | None = words(optional=True)
    address: str = words(default="")
    agent: str = words(default="")
