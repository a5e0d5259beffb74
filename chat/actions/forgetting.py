"""Old alerts, quick links and events of the text gateway go, a few at a time. The audit trail has what must be kept."""

from __future__ import annotations

from sqlalchemy import Executable, delete, select

from chat.lib.clock import DAY
from chat.lib.sql import Sets, Statement, parameter
from chat.models import QuickLink, QuickLinkSession, TextReceived
from chat.models.columns import table
from chat.queries.outbox import ALERTS
from chat.transaction import Transaction

ALERTS_KEPT = 90 * DAY  # after they were settled: staff look back that far
LINKS_KEPT = 180 * DAY  # an old mail's link still leads to its conversation, by signing in
EVENTS_KEPT = 30 * DAY  # the gateway repeats an event within hours
STEP = 200
_LINKS, _USES, _RECEIVED = table(QuickLink), table(QuickLinkSession), table(TextReceived)


# The first rows by id: an index by time would be paid for by each message.
def _alerts(_: Sets) -> Executable:
    return select(ALERTS.c.id, ALERTS.c.settled_at).order_by(ALERTS.c.id).limit(parameter("limit"))


def _links(_: Sets) -> Executable:
    return select(_LINKS.c.id, _LINKS.c.created_at).order_by(_LINKS.c.id).limit(parameter("limit"))


def _received(_: Sets) -> Executable:
    return select(_RECEIVED.c.sid).where(_RECEIVED.c.at < parameter("before")).limit(parameter("limit"))


OLDEST_ALERTS, OLDEST_LINKS, OLD_EVENTS = (Statement(build) for build in (_alerts, _links, _received))
DELETE_ALERTS = Statement(lambda sets: delete(ALERTS).where(sets.has(ALERTS.c.id, "ids")))
DELETE_LINKS = Statement(lambda sets: delete(_LINKS).where(sets.has(_LINKS.c.id, "ids")))
DELETE_USES = Statement(lambda sets: delete(_USES).where(sets.has(_USES.c.quick_link_id, "ids")))
DELETE_EVENTS = Statement(lambda sets: delete(_RECEIVED).where(sets.has(_RECEIVED.c.sid, "ids")))


def forget_alerts(tx: Transaction, _what: None = None) -> bool:
    """One step of forgetting; the answer is whether there may be more. What still waits is never forgotten."""
    return any([_forget_alerts(tx), _forget_links(tx), _forget_events(tx)])


def _forget_alerts(tx: Transaction) -> bool:
    rows = tx.rows(OLDEST_ALERTS, limit=STEP)
    # Settled long ago. An older one that waits is given up after four days and goes then.
    old = [row[0] for row in rows if row[1] is not None and row[1] < tx.now - ALERTS_KEPT]
    if old:
        tx.rows(DELETE_ALERTS, ids=old)
    return len(old) == STEP


def _forget_links(tx: Transaction) -> bool:
    old = [row[0] for row in tx.rows(OLDEST_LINKS, limit=STEP) if row[1] < tx.now - LINKS_KEPT]
    if old:
        tx.rows(DELETE_USES, ids=old)
        tx.rows(DELETE_LINKS, ids=old)
    return len(old) == STEP


def _forget_events(tx: Transaction) -> bool:
    old = [row[0] for row in tx.rows(OLD_EVENTS, before=tx.now - EVENTS_KEPT, limit=STEP)]
    if old:
        tx.rows(DELETE_EVENTS, ids=old)
    return len(old) == STEP
