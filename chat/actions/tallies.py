"""Keeping what was counted of a practice's days, for as long as it is shown."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete

from chat.lib import json
from chat.lib.sql import Rows, Statement, parameter
from chat.queries.tallies import TALLIES, Count, Counts, window
from chat.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Counted:
    """Days of a practice that were counted, all that there is of them."""

    organization: int
    counts: Counts


INSERT = Rows(TALLIES, ("organization_id", "person_id", "day", "received", "sent", "late", "waits"), skip_existing=True)
FORGET = Statement(
    lambda _: delete(TALLIES).where(
        TALLIES.c.organization_id == parameter("organization"), TALLIES.c.day < parameter("before", TALLIES.c.day.type)
    )
)


def keep_tallies(tx: Transaction, what: Counted) -> None:
    """Write the days down, and forget those that are no longer shown. What another worker wrote first stays: it is the same."""
    rows = [_row(what.organization, str(day), person, count) for (day, person), count in sorted(what.counts.items())]
    tx.write(INSERT, rows)
    newest = max(day for day, _ in what.counts)
    tx.rows(FORGET, organization=what.organization, before=str(window(newest)))


def _row(organization: int, day: str, person: int, count: Count) -> tuple[object, ...]:
    waits = {str(minutes): number for minutes, number in sorted(count.waits.items())}
    return (organization, person, day, count.received, count.sent, count.late, json.encode(waits).decode())
