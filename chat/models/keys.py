"""Data keys, wrapped."""

from __future__ import annotations

from sqlmodel import SQLModel

from chat.models.columns import ONE_TREE, number, sealed, words


class DataKey(SQLModel, table=True):
    """A wrapped key; every sealed value begins with the id of its key. Destroying the row makes what it sealed unreadable."""

    __tablename__ = "data_key"
    __table_args__ = ONE_TREE

    id: int = number(key=True)
    purpose: str = words()
    wrapping_key: str = words()
    wrapped: bytes = sealed()
    created_at: int = number()
