"""The asker's own away message."""

from __future__ import annotations

from typing import TypedDict
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from chat.access import ORGANIZATIONS, PEOPLE
from chat.errors import NotFound
from chat.lib.sql import Statement, parameter
from chat.models import Away
from chat.models.columns import table
from chat.models.people import STAFF
from chat.transaction import Reading

AWAY = table(Away)
_COLUMNS = ("id", "first_day", "last_day", "begins_at", "ends_at", "data_key_id", "text")
OWN = Statement(lambda _: select(*(AWAY.c[name] for name in _COLUMNS)).where(AWAY.c.person_id == parameter("person")))
ZONE = Statement(
    lambda _: (
        select(func.coalesce(PEOPLE.c.time_zone, ORGANIZATIONS.c.time_zone))
        .join(ORGANIZATIONS, ORGANIZATIONS.c.id == PEOPLE.c.organization_id)
        .where(PEOPLE.c.id == parameter("person"))
    )
)


class AwayView(TypedDict):
    """What clients are answered, from the first through the last day in the therapist's zone. `state`: coming, on or over."""

    text: str
    first_day: str
    last_day: str
    time_zone: str
    state: str


def zone_of(reading: Reading) -> ZoneInfo:
    """The zone in which the asker's days begin and end: their own, else the practice's."""
    return ZoneInfo(reading.rows(ZONE, person=reading.me.person)[0][0])


def away(reading: Reading) -> AwayView | None:
    """The asker's away message, for staff; None if there is none."""
    if reading.me.role not in STAFF or reading.me.scope is not None:
        raise NotFound
    for number, first, last, begins_at, ends_at, _, text in reading.rows(OWN, person=reading.me.person):
        state = "over" if ends_at <= reading.now else "on" if begins_at <= reading.now else "coming"
        words = reading.open(f"away.text:{reading.me.person}:{number}", text)
        return {"text": words, "first_day": first, "last_day": last, "time_zone": zone_of(reading).key, "state": state}
    return None
