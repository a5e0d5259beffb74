"""One-time links to a password, and second factors."""

from __future__ import annotations

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from chat.models.columns import identity, number, sealed, words


class Invitation(SQLModel, table=True):
    """A link that lets somebody choose a password, once: the invitation itself, or a reset. Only the token's hash is stored."""

    __tablename__ = "invitation"
    __table_args__ = (Index("invitation_by_token", "token_hash", unique=True), Index("invitation_by_person", "person_id"))

    id: int | None = identity()
    person_id: int = number("person.id")
    purpose: str = words()  # invitation, password_reset
    token_hash: bytes = sealed()
    created_at: int = number()
    expires_at: int = number()
    used_at: int | None = number(optional=True)


class Totp(SQLModel, table=True):
    """A second factor: a sealed secret, in force once a code of it was given. `last_step` keeps a code from being used twice."""

    __tablename__ = "totp"

    person_id: int = number("person.id", key=True)
    secret: bytes = sealed()
    confirmed_at: int | None = number(optional=True)
    last_step: int = number(default=0)
    recovery: str = words(default="")  # hashes of unused recovery codes, a line each
    created_at: int = number()
    failures: int = Field(default=0)
