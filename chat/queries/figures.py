"""What operators watch in the database: how the outbox stands."""

from __future__ import annotations

from sqlalchemy import Executable, func, select

from chat.lib import clock
from chat.lib.sql import Sets, Statement, parameter
from chat.models import Alert
from chat.models.columns import table
from chat.transaction import Reading

ALERTS = table(Alert)


def _due(_: Sets) -> Executable:
    waiting = ALERTS.c.state.in_(["waiting", "claimed"]) & (ALERTS.c.due_at <= parameter("now"))
    return select(func.count(), func.min(ALERTS.c.due_at)).where(waiting)


def _failed(_: Sets) -> Executable:
    return select(func.count()).where(ALERTS.c.state == "failed", ALERTS.c.settled_at > parameter("since"))


DUE, FAILED = Statement(_due), Statement(_failed)


def outbox_figures(reading: Reading) -> tuple[int, int, float]:
    """Of all practices: alerts that are due, alerts that failed within a day, and seconds for which the oldest has been due."""
    count, oldest = reading.rows(DUE, now=reading.now)[0]
    failed = reading.rows(FAILED, since=reading.now - clock.DAY)[0][0]
    return int(count), int(failed), (reading.now - oldest) / clock.SECOND if oldest is not None else 0.0
