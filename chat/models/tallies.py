"""What was counted of one day. Numbers only: no client, no conversation and no message can be told from them."""

from __future__ import annotations

from sqlmodel import SQLModel

from chat.models.columns import ONE_TREE, number, words

PRACTICE = 0  # in the place of a person: the practice as a whole


class Tally(SQLModel, table=True):
    """A day of the practice as a whole, or of one member of the team. The practice has a row for each day that was counted."""

    __tablename__ = "tally"
    __table_args__ = ONE_TREE

    organization_id: int = number("organization.id", key=True)
    person_id: int = number(key=True)
    day: str = words(key=True)  # 2026-03-04, by the practice's clocks
    received: int = number(default=0)  # messages that clients and their contacts wrote
    sent: int = number(default=0)  # messages that the team wrote to them by hand
    late: int = number(default=0)  # messages that were a day old on this day, and unread until then
    waits: str = words(default="{}")  # answers given on this day, as JSON: {minutes waited, rounded up to a step: how many}
