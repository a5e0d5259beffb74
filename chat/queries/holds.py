"""The holds on a client's record, for those who look after the client."""

from __future__ import annotations

import json
from typing import TypedDict

from sqlalchemy import Executable, select

from chat import access
from chat.access import PEOPLE
from chat.lib.crypto import key_of
from chat.lib.sql import Row, Sets, Statement, parameter
from chat.models.people import Role
from chat.queries.damage import REASON, opened_or_none
from chat.queries.keeping import HOLDS
from chat.transaction import Reading


class HoldView(TypedDict):
    """One hold. The reasons are for administrators; others have empty ones."""

    set_at: int
    set_by: str
    reason: str
    lifted_at: int | None
    lifted_by: str | None
    lift_reason: str


def _of_client(_: Sets) -> Executable:
    setter, lifter = PEOPLE.alias("setter"), PEOPLE.alias("lifter")
    joined = HOLDS.join(setter, setter.c.id == HOLDS.c.set_by).outerjoin(lifter, lifter.c.id == HOLDS.c.lifted_by)
    columns = (HOLDS.c.mark, HOLDS.c.reasons, HOLDS.c.set_at, setter.c.name, HOLDS.c.lifted_at, lifter.c.name)
    return select(*columns).select_from(joined).where(HOLDS.c.client_id == parameter("client")).order_by(HOLDS.c.id.desc())


OF_CLIENT = Statement(_of_client)


def holds(reading: Reading, client: int) -> list[HoldView]:
    """The holds on a client's record, the newest first; therapists see only that one lasts, and not why."""
    access.client(reading, reading.me, client)
    rows = reading.rows(OF_CLIENT, client=client)
    if reading.me.role != Role.ADMINISTRATOR:
        return [_view(row, {"set": "", "lifted": ""}) for row in rows if row[4] is None]
    reading.load_keys({key_of(row[1]) for row in rows})
    return [_view(row, _reasons(reading, row)) for row in rows]


def hold_place(mark: str) -> str:
    """Where the reasons of a hold are sealed to."""
    return f"hold.reasons:{mark}"


def _reasons(reading: Reading, row: Row) -> dict[str, str]:
    text = opened_or_none(reading, hold_place(row[0]), row[1])
    return {"set": REASON, "lifted": ""} if text is None else dict(json.loads(text))


def _view(row: Row, reasons: dict[str, str]) -> HoldView:
    _, _, set_at, setter, lifted_at, lifter = row
    return {
        "set_at": set_at, "set_by": setter, "reason": reasons["set"],
        "lifted_at": lifted_at, "lifted_by": lifter, "lift_reason": reasons["lifted"],
    }  # fmt: skip
