"""The contact log: what a practice keeps of its talks with a client. Never edited, only added to."""

from __future__ import annotations

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from chat.models.columns import ONE_TREE, identity, number, sealed, words


class ContactLog(SQLModel, table=True):
    """A client's log, which has a data key of its own: it outlives what was copied into it."""

    __tablename__ = "contact_log"
    __table_args__ = ONE_TREE

    client_id: int = number("person.id", key=True)
    data_key_id: int = number("data_key.id", index=True)


class ContactLogEntry(SQLModel, table=True):
    """One entry. `content` holds text, subject, recipients and file names, sealed together."""

    __tablename__ = "contact_log_entry"
    __table_args__ = (Index("contact_log_by_client", "client_id", "id"),)

    id: int | None = identity()
    organization_id: int = number("organization.id")
    client_id: int = number("person.id")
    author_id: int = number("person.id")
    at: int = number()
    by_hand: bool = Field(default=False)
    mark: str = words(unique=True)  # the place that `content` is sealed to: "<conversation>:<seq>" or the key of the command
    content: bytes = sealed()
