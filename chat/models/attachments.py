"""Files: stored once, held by each message that carries them."""

from __future__ import annotations

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from chat.models.columns import ONE_TREE, identity, number, sealed, words


class Attachment(SQLModel, table=True):
    """A stored file. Until it is sent it belongs to its uploader alone; name and file keys are sealed under its own data key."""

    __tablename__ = "attachment"
    __table_args__ = (Index("attachment_unsent", "sent", "created_at"),)

    id: int | None = identity()
    organization_id: int = number("organization.id")
    uploader_id: int = number("person.id")
    media_type: str = words()
    size: int = number()
    digest: bytes = sealed()  # SHA-256 of the content
    storage: str = words()  # name in `lib.blobs`
    thumbnail: str | None = words(optional=True)  # likewise
    data_key_id: int | None = number("data_key.id", optional=True, index=True)
    details: bytes | None = sealed(optional=True)  # name and file keys; gone once it is sent
    threat: str | None = words(optional=True)  # what a virus scanner found: kept apart, and reached by nobody
    sent: bool = Field(default=False)
    created_at: int = number()


class Enclosure(SQLModel, table=True):
    """A message carries a file. Name and file keys are sealed under the conversation's key: erasing the one erases the other."""

    __tablename__ = "enclosure"
    __table_args__ = (
        Index("enclosure_by_attachment", "attachment_id"),
        Index("enclosure_by_outer_id", "outer_id", unique=True),
        ONE_TREE,
    )

    conversation_id: int = number("conversation.id", key=True)
    seq: int = number(key=True)
    place: int = number(key=True)
    attachment_id: int = number("attachment.id")
    outer_id: int = number()  # random, and its id outside: the same file has another one in every message
    details: bytes = sealed()
