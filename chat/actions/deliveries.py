"""What the carrier made of texts that the gateway had taken: delivered, or not."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Executable, Text, and_, case, null, or_, update

from chat.actions.texts import note_blocked
from chat.lib.sql import Sets, Statement, parameter
from chat.queries.outbox import ALERTS
from chat.transaction import Transaction

DELIVERED, UNDELIVERED = "delivered", "undelivered"
#: The gateway's words; all others (queued, sending, sent) say no more than that it took the text.
ENDS = {"delivered": DELIVERED, "read": DELIVERED, "undelivered": UNDELIVERED, "failed": UNDELIVERED}
#: Codes that say: this number is blocked. 21610 is the gateway's own list of STOPs, 30004 the carrier's.
BLOCKED = frozenset({21610, 30004})


@dataclass(frozen=True, slots=True)
class TextState:
    """The gateway's word for where a text of ours is, and the code of what went wrong, 0 for none."""

    alert: int
    state: str
    code: int = 0


def _this() -> ColumnElement[bool]:
    return and_(ALERTS.c.id == parameter("alert"), ALERTS.c.channel == "sms")


def _delivered(_: Sets) -> Executable:
    failed = ALERTS.c.state == "failed"
    values = {
        "payload": DELIVERED,
        "state": case((failed, "sent"), else_=ALERTS.c.state),
        "error": case((failed, null()), else_=ALERTS.c.error),
    }
    new = or_(ALERTS.c.payload.is_(None), ALERTS.c.payload != DELIVERED)
    return update(ALERTS).values(values).where(_this(), new).returning(ALERTS.c.person_id)


def _undelivered(_: Sets) -> Executable:
    values = {"payload": UNDELIVERED, "state": "failed", "error": parameter("reason", Text()), "settled_at": parameter("now")}
    first = and_(ALERTS.c.payload.is_(None), ALERTS.c.state.in_(["claimed", "sent"]))
    return update(ALERTS).values(values).where(_this(), first).returning(ALERTS.c.person_id)


NOTE_DELIVERED, NOTE_UNDELIVERED = Statement(_delivered), Statement(_undelivered)


def note_text_state(tx: Transaction, what: TextState) -> None:
    """Note where a text of ours is. States come late, twice and out of order: once delivered, it stays delivered."""
    end = ENDS.get(what.state)
    if end == DELIVERED:
        tx.rows(NOTE_DELIVERED, alert=what.alert)
    elif end == UNDELIVERED:
        blocked = what.code in BLOCKED
        reason = f"{'blocked' if blocked else 'undelivered'} {what.code}" if what.code else UNDELIVERED
        rows = tx.rows(NOTE_UNDELIVERED, alert=what.alert, reason=reason, now=tx.now)
        for row in rows if blocked else ():
            note_blocked(tx, row[0])
