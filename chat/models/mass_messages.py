"""Mass messages: one text to many clients, a conversation each."""

from __future__ import annotations

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from chat.models.columns import ONE_TREE, identity, number, sealed, words

SENT_FROM = "mass message"  # where each of its messages came from, in the audit trail


class MassMessage(SQLModel, table=True):
    """What was written once, with its recipients frozen. `change` is the number of its last change in the sender's mailbox."""

    __tablename__ = "mass_message"
    __table_args__ = (Index("mass_message_by_sender", "sender_id", "id"), Index("mass_message_open", "finished_at", "id"))

    id: int | None = identity()
    organization_id: int = number("organization.id")
    sender_id: int = number("person.id")
    key: str = words()
    data_key_id: int = number("data_key.id")
    subject: bytes = sealed()
    body: bytes = sealed()
    files: bytes | None = sealed(optional=True)  # name and keys of what it carries, until all is sent
    copy_to_contact_log: bool = Field(default=False)
    total: int = number(default=0)
    done: int = number(default=0)
    change: int = number(default=0)
    created_at: int = number()
    cancelled_at: int | None = number(optional=True)
    finished_at: int | None = number(optional=True)
    trashed_at: int | None = number(optional=True)


class MassRecipient(SQLModel, table=True):
    """One client of a mass message: waiting, sent, skipped (with the reason) or cancelled."""

    __tablename__ = "mass_recipient"
    __table_args__ = (Index("mass_recipient_waiting", "mass_message_id", "state", "client_id"), ONE_TREE)

    mass_message_id: int = number("mass_message.id", key=True)
    client_id: int = number("person.id", key=True)
    state: str = words(default="waiting")
    reason: str = words(default="")
    conversation_id: int | None = number("conversation.id", optional=True, index=True)
