"""How the last weeks were, in numbers: for an administrator of the practice, for a therapist of their own conversations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Executable, func, select

from chat.access import ORGANIZATIONS
from chat.errors import NotFound
from chat.lib import json
from chat.lib.sql import Sets, Statement, parameter
from chat.lib.zones import day_of
from chat.models.people import STAFF, Role
from chat.models.tallies import PRACTICE
from chat.queries.tallies import TALLIES, window
from chat.transaction import Reading


@dataclass(slots=True)
class Week:
    """One week, by its Monday. `median`: minutes within which half of the answers came, rounded up; None without answers."""

    begins: date
    received: int = 0
    sent: int = 0
    late: int = 0
    waits: Counter[int] = field(default_factory=Counter)

    @property
    def answers(self) -> int:
        """How many answers were given to somebody who waited."""
        return self.waits.total()

    @property
    def median(self) -> int | None:
        """As above."""
        return median(self.waits)


@dataclass(frozen=True, slots=True)
class Overview:
    """The last weeks, the newest last; `through`: the last day that was counted, None where there is none yet."""

    whole: bool  # of the practice as a whole, and not of the asker alone
    through: date | None
    weeks: list[Week]

    @property
    def empty(self) -> bool:
        """Whether nothing has happened in them."""
        return not any(week.received or week.sent or week.late for week in self.weeks)


def _days(_: Sets) -> Executable:
    columns = (TALLIES.c[name] for name in ("day", "received", "sent", "late", "waits"))
    here = (TALLIES.c.organization_id == parameter("organization"), TALLIES.c.person_id == parameter("person"))
    return select(*columns).where(*here, TALLIES.c.day >= parameter("since", TALLIES.c.day.type)).order_by(TALLIES.c.day)


def _counted(_: Sets) -> Executable:
    here = (TALLIES.c.organization_id == parameter("organization"), TALLIES.c.person_id == parameter("person"))
    shown = TALLIES.c.day >= parameter("since", TALLIES.c.day.type)
    return select(func.min(TALLIES.c.day), func.max(TALLIES.c.day)).where(*here, shown)


DAYS, COUNTED = Statement(_days), Statement(_counted)
ZONE = Statement(lambda _: select(ORGANIZATIONS.c.time_zone).where(ORGANIZATIONS.c.id == parameter("organization")))


def overview(reading: Reading) -> Overview:
    """The asker's overview, for staff; NotFound for everybody else."""
    who = reading.me
    if who.role not in STAFF or who.scope is not None:
        raise NotFound
    whole = who.role == Role.ADMINISTRATOR
    zone = ZoneInfo(reading.rows(ZONE, organization=who.organization)[0][0])
    place = {"organization": who.organization, "since": str(window(day_of(reading.now, zone)))}
    first, last = reading.rows(COUNTED, **place, person=PRACTICE)[0]
    if first is None:
        return Overview(whole, None, [])
    rows = reading.rows(DAYS, **place, person=PRACTICE if whole else who.person)
    through = date.fromisoformat(last)
    return Overview(whole, through, _weeks(date.fromisoformat(first), through, rows))


def median(waits: Counter[int]) -> int | None:
    """The step within which half of these answers came; None without any."""
    seen = 0
    for minutes, count in sorted(waits.items()):
        seen += count
        if 2 * seen >= waits.total():
            return minutes
    return None


def _weeks(first: date, last: date, rows: Iterable[tuple[str, int, int, int, str]]) -> list[Week]:
    monday = first - timedelta(days=first.weekday())
    weeks = [Week(monday + timedelta(days=days)) for days in range(0, (last - monday).days + 1, 7)]
    for day, received, sent, late, waits in rows:
        week = weeks[(date.fromisoformat(day) - monday).days // 7]
        week.received, week.sent, week.late = week.received + received, week.sent + sent, week.late + late
        week.waits.update({int(minutes): count for minutes, count in json.decode(waits).items()})
    return weeks
