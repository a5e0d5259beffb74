"""Ways into one conversation without a password, for a quarter of an hour."""

from __future__ import annotations

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from chat.models.columns import ONE_TREE, identity, number, sealed, words


class QuickLink(SQLModel, table=True):
    """The link of one alert's mail. It and all that it gave end at `ends_at`; only a hash of its token is stored."""

    __tablename__ = "quick_link"
    __table_args__ = (
        Index("quick_link_by_token", "token_hash", unique=True),
        Index("quick_link_by_person", "person_id", "conversation_id", "id"),
    )

    id: int | None = identity()
    person_id: int = number("person.id")
    conversation_id: int = number("conversation.id", index=True)
    token_hash: bytes = sealed()
    created_at: int = number()  # when its mail was handed to the mail server
    ends_at: int = number()
    boot: str | None = words(optional=True)  # of the machine that made it, as long as it runs,
    boot_ends_at: int | None = number(optional=True)  # and the end by its running time, which no clock setting moves
    seen_through: int = number()  # what the person had seen of the conversation by then
    sent_at: int | None = number(optional=True)  # the mail server took the mail
    opened: int = Field(default=0)  # sessions that it has opened
    asked: int = Field(default=0)  # mails that were asked for on its page
    ended_at: int | None = number(optional=True)  # ended before its time
    end_reason: str | None = words(optional=True)


class QuickLinkSession(SQLModel, table=True):
    """A session that a link opened, or that the same browser opened by an earlier link and this one added to."""

    __tablename__ = "quick_link_session"
    __table_args__ = (Index("quick_link_session_by_link", "quick_link_id"), ONE_TREE)

    session_id: int = number("session.id", key=True)
    quick_link_id: int = number("quick_link.id", key=True)
