"""Browsers that want to be told at once."""

from __future__ import annotations

from sqlalchemy import Index
from sqlmodel import SQLModel

from chat.models.columns import identity, number, words


class PushSubscription(SQLModel, table=True):
    """A browser's address at its push service and its keys, one a session: who signs out gets no more pushes there."""

    __tablename__ = "push_subscription"
    __table_args__ = (
        Index("push_subscription_by_endpoint", "endpoint", unique=True),
        Index("push_subscription_by_person", "person_id"),
        Index("push_subscription_by_session", "session_id"),
    )

    id: int | None = identity()
    person_id: int = number("person.id")
    session_id: int = number("session.id")
    endpoint: str = words()
    p256dh: str = words()
    auth: str = words()
    created_at: int = number()
