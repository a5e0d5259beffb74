"""Counting days as the worker does, in the one transaction of a test."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select, update

from chat.actions.tallies import Counted, keep_tallies
from chat.queries.chains import AUDIT
from chat.queries.tallies import TALLIES, Page, begun, count_unread, count_written, due
from chat.transaction import Who
from tests.databases import House

Numbers = tuple[int, int, int, str]


def place(house: House) -> None:
    """Give the entries of the audit trail their places, without a chain."""
    house.run(update(AUDIT).where(AUDIT.c.place.is_(None)).values(place=AUDIT.c.id))


def count_days(house: House) -> int:
    """Count all days that are due; the answer is in how many steps."""
    place(house)
    steps = 0
    while (days := house.ask(due)) is not None:
        counts = begun(days)
        for count in (count_written, count_unread):
            page: Page | None = Page()
            while page is not None:
                page = house.ask(count, days, counts, page)
        house.do(keep_tallies, None, Counted(days.organization, counts))
        steps += 1
    return steps


def numbers(house: House, who: Who, *, whole: bool = False) -> dict[str, Numbers]:
    """What is kept of somebody's days, or of their practice's: received, sent, late, waits. Empty days are left out."""
    mine = (TALLIES.c.organization_id == who.organization, TALLIES.c.person_id == (0 if whole else who.person))
    rows = house.run(select(*(TALLIES.c[name] for name in ("day", "received", "sent", "late", "waits"))).where(*mine))
    return {row[0]: tuple(row[1:]) for row in rows if row[1:] != (0, 0, 0, "{}")}


def days_of(house: House, who: Who) -> list[date]:
    """The days of a practice that were counted."""
    mine = (TALLIES.c.organization_id == who.organization, TALLIES.c.person_id == 0)
    return [date.fromisoformat(row[0]) for row in house.run(select(TALLIES.c.day).where(*mine).order_by(TALLIES.c.day))]
