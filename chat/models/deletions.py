"""What was deleted for good, on its way to the ledger that is kept elsewhere."""

from __future__ import annotations

from sqlmodel import SQLModel

from chat.models.columns import identity, number, words

CONVERSATION, MASS_MESSAGE = "conversation", "mass_message"


class Deletion(SQLModel, table=True):
    """Somebody deleted a conversation through a seq, or a mass message of theirs. Gone once it stands in the ledger."""

    __tablename__ = "deletion"

    id: int | None = identity()
    at: int = number()
    kind: str = words()
    item: int = number()
    person_id: int = number()
    through: int = number(default=0)
