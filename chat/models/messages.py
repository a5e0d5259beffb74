"""What was said, and the receipts that make each command happen exactly once."""

from __future__ import annotations

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from chat.models.columns import number, sealed, words


class Message(SQLModel, table=True):
    """One message. Its number is its conversation's id and its seq; order comes from seq, never from `sent_at`."""

    # On SQLite not one tree: rows are added at the end, and not in the middle of those of all conversations.
    __tablename__ = "message"

    conversation_id: int = number("conversation.id", key=True)
    seq: int = number(key=True)
    author_id: int | None = number("person.id", optional=True)  # none: a note that nobody wrote
    body: bytes = sealed()
    sent_at: int = number()
    automatic: bool = Field(default=False)
    in_contact_log: bool = Field(default=False)
    attachments: int = number(default=0)  # how many files it carries


class Receipt(SQLModel, table=True):
    """A command was carried out under this person's key; the first answer is given again. Kept 30 days, also after erasing."""

    __tablename__ = "receipt"
    __table_args__ = (Index("receipt_by_age", "created_at"),)  # not one tree, as messages are not

    key: str = words(key=True)
    person_id: int = number("person.id", key=True)
    command: str = words()
    fingerprint: bytes = sealed()
    answer: str = words()
    created_at: int = number()
