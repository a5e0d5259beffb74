"""The outbox."""

from __future__ import annotations

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from chat.models.columns import identity, number, words

UNSETTLED, CLAIMED, FAILED = "state IN ('waiting', 'claimed')", "state = 'claimed'", "state = 'failed'"


def _where(name: str, condition: str, *columns: str) -> Index:
    return Index(name, *columns, postgresql_where=text(condition), sqlite_where=text(condition))


class Alert(SQLModel, table=True):
    """Somebody is to be told something by a channel; written in the transaction that causes it, decided again when sent."""

    __tablename__ = "alert"
    __table_args__ = (
        _where("alert_due", UNSETTLED, "organization_id", "due_at", "id"),
        _where("alert_claimed", CLAIMED, "person_id"),
        _where("alert_failed", FAILED, "organization_id", "id"),
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
    due_at: int = number()  # when to look at it: the first time, again, or because whoever claimed it has not come back
    attempt: int = Field(default=0)
    error: str | None = words(optional=True)  # why it was dropped or failed, or waits again
    payload: str | None = words(optional=True)  # what its kind refers to; of a text, what became of it
    created_at: int = number()
    settled_at: int | None = number(optional=True)
