"""What somebody has begun to write."""

from __future__ import annotations

from sqlmodel import SQLModel

from chat.models.columns import ONE_TREE, number, sealed, words


class Draft(SQLModel, table=True):
    """One draft a person and place: a conversation ("c:<id>") or the recipients of a new one ("t:<ids>")."""

    __tablename__ = "draft"
    __table_args__ = ONE_TREE

    person_id: int = number("person.id", key=True)
    place: str = words(key=True)
    subject: bytes | None = sealed(optional=True)
    body: bytes = sealed()
    saved_at: int = number()
