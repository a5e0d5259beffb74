"""What operators watch in the database: how the outbox stands."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Executable, Select, func, literal_column, select

from chat.lib import clock
from chat.lib.sql import Sets, Statement, parameter
from chat.models import Alert, Organization
from chat.models.alerts import FAILED as IS_FAILED
from chat.models.alerts import UNSETTLED
from chat.models.columns import table
from chat.transaction import Reading

ALERTS, ORGANIZATIONS = table(Alert), table(Organization)


def _of_every_practice(*columns: ColumnElement[Any]) -> Select[Any]:
    # The indexes of the outbox begin with the practice.
    return select(*columns).select_from(ORGANIZATIONS.join(ALERTS, ALERTS.c.organization_id == ORGANIZATIONS.c.id))


def _due(_: Sets) -> Executable:
    found = _of_every_practice(func.count(), func.min(ALERTS.c.due_at))
    return found.where(literal_column(UNSETTLED), ALERTS.c.due_at <= parameter("now"))


def _failed(_: Sets) -> Executable:
    return _of_every_practice(func.count()).where(literal_column(IS_FAILED), ALERTS.c.settled_at > parameter("since"))


DUE, FAILED = Statement(_due), Statement(_failed)


def outbox_figures(reading: Reading) -> tuple[int, int, float]:
    """Of all practices: alerts that are due, alerts that failed within a day, and seconds for which the oldest has been due."""
    count, oldest = reading.rows(DUE, now=reading.now)[0]
    failed = reading.rows(FAILED, since=reading.now - clock.DAY)[0][0]
    return int(count), int(failed), (reading.now - oldest) / clock.SECOND if oldest is not None else 0.0
