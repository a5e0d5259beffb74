"""Who asked to be told if a message stays unread."""

from __future__ import annotations

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from chat.models.columns import ONE_TREE, number

PENDING, TOLD = "told_at IS NULL", "told_at IS NOT NULL"


class Watch(SQLModel, table=True):
    """The author of a message to a client is told if the client has not read it by then. Only the author ever learns of it."""

    __tablename__ = "watch"
    __table_args__ = (
        Index("watch_due", "due_at", postgresql_where=text(PENDING), sqlite_where=text(PENDING)),
        Index("watch_told", "person_id", "told_at", postgresql_where=text(TOLD), sqlite_where=text(TOLD)),
        ONE_TREE,
    )

    conversation_id: int = number("conversation.id", key=True)
    seq: int = number(key=True)
    person_id: int = number("person.id")  # the author
    days: int = Field()
    due_at: int = number()
    told_at: int | None = number(optional=True)
    mail_at: int | None = number(optional=True)  # when the email that speaks of it leaves
