"""Conversations in which something is to be erased."""

from __future__ import annotations

from sqlalchemy import Index
from sqlmodel import SQLModel

from chat.models.columns import ONE_TREE, number, words


class Erasure(SQLModel, table=True):
    """A conversation of which somebody deleted their side: what nobody can see any more is erased in small steps.

    `retired` are the ids of data keys that sealed something erased, a line each: what else they seal is sealed anew, and then
    they are destroyed.
    """

    __tablename__ = "erasure"
    __table_args__ = (Index("erasure_by_due", "due_at"), ONE_TREE)

    conversation_id: int = number("conversation.id", key=True)
    requested_at: int = number()
    retired: str = words(default="")
    due_at: int = number(default=0)  # not looked at before: a retention or a hold keeps what is left until then
