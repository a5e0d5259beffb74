"""What is true of the database as a whole."""

from __future__ import annotations

from sqlmodel import Field, SQLModel

from chat.models.columns import words


class Installation(SQLModel, table=True):
    """One row. The epoch is part of every cursor and is renewed when a backup is restored. The mark is made under the `id` key,
    and tells it from another; empty until the first start."""

    __tablename__ = "installation"

    id: int = Field(default=1, primary_key=True)
    epoch: str = words()
    demo: bool = Field(default=False)
    mark: str = words(default="")
