"""The outbox."""

from __future__ import annotations

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from chat.models.columns import identity, number, words


class Alert(SQLModel, table=True):
    """Somebody is to be told something by a channel; written in the transaction that causes it, decided again when sent."""

    __tablename__ = "alert"
    __table_args__ = (
        Index(
            "alert_due",
            "state",
            "due_at",
            "id",
            postgresql_where=text("state IN ('waiting', 'claimed')"),
            sqlite_where=text("state IN ('waiting', 'claimed')"),
        ),
        Index("alert_by_conversation", "conversation_id", "person_id", "seq"),
    )

    id: int | None = identity()
    organization_id: int = number("organization.id")
    person_id: int = number("person.id")
    kind: str = words()  # message, invitation, …
    channel: str = words()  # email, sms, push
    conversation_id: int | None = number("conversation.id", optional=True)
    seq: int | None = number(optional=True)
    state: str = words(default="waiting")  # waiting, claimed, sent, dropped, failed
    due_at: int = number()
    attempt: int = Field(default=0)
    error: str | None = words(optional=True)
    created_at: int = number()
    settled_at: int | None = number(optional=True)
