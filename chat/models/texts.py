"""Text messages: who agreed to them and who stopped them, and which events of the gateway were handled."""

from __future__ import annotations

from sqlalchemy import Index
from sqlmodel import SQLModel

from chat.models.columns import ONE_TREE, identity, number, words


class TextConsent(SQLModel, table=True):
    """One step of a client's consent to texts, append only. `by_id` is the member of staff; none for the client's own reply."""

    __tablename__ = "text_consent"
    __table_args__ = (Index("text_consent_by_person", "person_id", "id"),)

    id: int | None = identity()
    organization_id: int = number("organization.id")
    person_id: int = number("person.id")
    phone: str = words()
    at: int = number()
    event: str = words()  # number_added, number_removed, ticked, unticked, stop, start, stop_was_last, start_was_last, blocked
    by_id: int | None = number(optional=True)


class TextReceived(SQLModel, table=True):
    """An event of the gateway that was handled; it may come several times.

    Of a STOP or START also who sent it, and when the gateway got it, if it had to be asked: see `queries.texts.disputed`.
    """

    __tablename__ = "text_received"
    __table_args__ = (Index("text_received_by_phone", "phone", "at"), Index("text_received_by_time", "at"), ONE_TREE)

    sid: str = words(key=True)
    at: int = number()
    claim: str = words()
    phone: str | None = words(optional=True)
    word: str | None = words(optional=True)  # stop, start
    gateway_at: int | None = number(optional=True)
