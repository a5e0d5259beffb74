"""Conversations, who takes part, and what each reader may see of them."""

from __future__ import annotations

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from chat.models.columns import ONE_TREE, identity, number, sealed, table, words


class Conversation(SQLModel, table=True):
    """Messages numbered 1, 2, 3 … in one order for everybody, concerning at most one client."""

    __tablename__ = "conversation"
    __table_args__ = (Index("conversation_by_client", "client_id", "id"),)

    id: int | None = identity()
    organization_id: int = number("organization.id")
    client_id: int | None = number("person.id", optional=True)
    # "d:<person>:<person>" for the one direct conversation of a pair, "t:<author>:<command key>:<people>" for a thread:
    # unique, so that two who begin it at once begin the same one.
    birth: str = words(unique=True)
    direct: bool = Field(default=False)
    subject: bytes | None = sealed(optional=True)
    last_seq: int = number(default=0)
    data_key_id: int | None = number("data_key.id", optional=True, index=True)
    key_month: int = Field(default=0)  # a new data key each month and after each erasing (then 0)
    created_at: int = number()


class Span(SQLModel, table=True):
    """Who may see which messages: from seq to seq, or open. An open span means that the next message reaches this person.

    A hidden span shows nothing more to its person (who deleted it for good), but still says whom those messages were sent to.
    An inherited one shows what was written before its person took over, and was sent to others.
    """

    __tablename__ = "span"
    __table_args__ = (
        Index("span_by_person", "person_id", "conversation_id"),
        Index(
            "span_open",
            "conversation_id",
            "person_id",
            postgresql_where=text("to_seq IS NULL"),
            sqlite_where=text("to_seq IS NULL"),
        ),
        ONE_TREE,
    )

    conversation_id: int = number("conversation.id", key=True)
    person_id: int = number("person.id", key=True)
    from_seq: int = number(key=True)
    to_seq: int | None = number(optional=True)
    cc: bool = Field(default=False)
    hidden: bool = Field(default=False)
    inherited: bool = Field(default=False)


def _folder(name: str, column: str, where: str) -> Index:
    return Index(name, "person_id", column, "conversation_id", postgresql_where=text(where), sqlite_where=text(where))


class Participant(SQLModel, table=True):
    """One conversation as one person has it: folders, counters, and the number of its last change."""

    __tablename__ = "participant"
    __table_args__ = (
        Index("participant_by_change", "person_id", "change"),
        _folder("participant_inbox", "received_at", "received_at IS NOT NULL AND trashed_at IS NULL AND ended_at IS NULL"),
        _folder("participant_sent", "sent_at", "sent_at IS NOT NULL AND trashed_at IS NULL AND ended_at IS NULL"),
        _folder("participant_trash", "trashed_at", "trashed_at IS NOT NULL AND ended_at IS NULL"),
        ONE_TREE,
    )

    conversation_id: int = number("conversation.id", key=True)
    person_id: int = number("person.id", key=True)
    received_at: int | None = number(optional=True)  # stands in the Inbox by this time
    sent_at: int | None = number(optional=True)  # stands in Sent by this time
    trashed_at: int | None = number(optional=True)
    ended_at: int | None = number(optional=True)  # a tombstone: this person sees nothing of it (any more)
    read_through: int = number(default=0)  # private: what was read and not marked unread again
    receipt_through: int = number(default=0)  # what others were told; never falls
    visible: int = number(default=0)
    unread: int = number(default=0)
    newest: int = number(default=0)
    change: int = number(default=0)
    message_change: int = number(default=0)  # the change that brought the last message
    watched: int | None = number(optional=True)  # the newest message that its author asked to be told of if it stays unread


class ReadMark(SQLModel, table=True):
    """Somebody read through a seq at a time. `after` is the same person's mark before it, so that a gap can be told."""

    __tablename__ = "read_mark"
    __table_args__ = ONE_TREE

    conversation_id: int = number("conversation.id", key=True)
    through: int = number(key=True)
    person_id: int = number("person.id", key=True)
    after: int = number(default=0)
    at: int = number()


CONVERSATIONS, SPANS, PARTICIPANTS, READ_MARKS = table(Conversation), table(Span), table(Participant), table(ReadMark)
