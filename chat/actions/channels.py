"""Beside the email: texts for clients who agreed to them, pushes for browsers that want them. Sends write no rows for these."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import BigInteger, Executable, and_, select

from chat.lib.sql import Row, Rows, Sets, Statement
from chat.queries.outbox import ALERTS, Due, moot
from chat.queries.push import subscriptions
from chat.transaction import Transaction

INSERT = Rows(
    ALERTS,
    (
        *("organization_id", "person_id", "kind", "channel", "conversation_id", "seq", "payload", "state", "due_at", "attempt"),
        "created_at",
    ),
)


def _others(sets: Sets) -> Executable:
    places = sets.relation("places", conversation=BigInteger(), person=BigInteger(), seq=BigInteger())
    same = and_(
        ALERTS.c.conversation_id == places.c.conversation,
        ALERTS.c.person_id == places.c.person,
        ALERTS.c.seq == places.c.seq,
        ALERTS.c.channel != "email",
    )
    return select(places.c.conversation, places.c.person, places.c.seq).select_from(places.join(ALERTS, same))


OTHERS = Statement(_others)


def open_other_channels(tx: Transaction, dues: Sequence[Due]) -> None:
    """At the first look at an email about a message, queue what goes out beside it; each once, however often one looks."""
    first = [due for due in dues if due.kind == "message" and due.channel == "email" and due.attempt == 0]
    pushes = subscriptions(tx, {due.person for due in first}) if tx.policy.push_hosts else {}
    wanted = [due for due in first if due.person in pushes or (tx.policy.texts and due.texts)]
    if not wanted:
        return
    places = [(due.conversation, due.person, due.seq) for due in wanted]
    known = {row[:3] for row in tx.rows(OTHERS, places=places)}
    fresh = [due for due in wanted if (due.conversation, due.person, due.seq) not in known]
    texts = [_row(tx, due, "sms", None) for due in fresh if tx.policy.texts and due.texts and _goes(due, "sms")]
    rows = [_row(tx, due, "push", str(one)) for due in fresh if _goes(due, "push") for one in pushes.get(due.person, ())]
    tx.write(INSERT, texts + rows)


def _goes(due: Due, channel: str) -> bool:
    return moot(replace(due, channel=channel)) is None


def _row(tx: Transaction, due: Due, channel: str, payload: str | None) -> Row:
    place = (due.conversation, due.seq, payload)
    return (due.organization, due.person, "message", channel, *place, "waiting", tx.now, 0, due.created_at)
