"""Away messages: what a therapist's clients are answered while the therapist is not there."""

from __future__ import annotations

from sqlmodel import SQLModel

from chat.models.columns import ONE_TREE, identity, number, sealed, words


class Away(SQLModel, table=True):
    """One therapist's away message and its period. Another first day makes it another one, with a number of its own."""

    __tablename__ = "away"

    id: int | None = identity()
    person_id: int = number("person.id", index=True)
    first_day: str = words()  # ISO dates, as they were chosen
    last_day: str = words()
    begins_at: int = number()  # the instants: from when it was saved, at the earliest
    ends_at: int = number()
    data_key_id: int = number("data_key.id")
    text: bytes = sealed()


class AwayAnswer(SQLModel, table=True):
    """This client was answered: no second time in the same period."""

    __tablename__ = "away_answer"
    __table_args__ = ONE_TREE

    away_id: int = number("away.id", key=True)
    client_id: int = number("person.id", key=True)
    at: int = number()
