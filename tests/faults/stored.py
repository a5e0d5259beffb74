"""What the database holds of a campaign's messages, opened with its keys and counted, all of one snapshot."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Select, select, text

from chat.house import Vault
from chat.lib.database import reading_engine
from chat.models import Alert, AuditEntry, ContactLogEntry, Message, Span
from chat.models.columns import table
from chat.transaction import Keys, Reading
from tests.databases import closing_engine
from tests.faults.history import MARK
from tests.recount import faults

Place = tuple[int, int]  # conversation and seq
_MESSAGES, _SPANS = table(Message), table(Span)


@dataclass
class Stored:
    """Campaign's bodies by place; who may see which places; what is not as it must be."""

    bodies: dict[Place, str] = field(default_factory=dict)
    seen: dict[tuple[int, int], set[int]] = field(default_factory=dict)  # (conversation, person) → seqs
    faults: list[str] = field(default_factory=list)


def stored(address: str, vault: Vault) -> Stored:
    """Read everything; `faults` holds wrong counters, and messages of which something is missing or left over."""
    with closing_engine(reading_engine(address)) as engine, engine.connect() as connection, connection.begin():
        if connection.dialect.name == "postgresql":
            # Beside so much else whoever looks may stand still for longer than the product may.
            connection.execute(text("SET idle_in_transaction_session_timeout = 0"))
        reading = Reading(connection, Keys(vault.ring))
        columns = (
            _MESSAGES.c.conversation_id,
            _MESSAGES.c.seq,
            _MESSAGES.c.body,
            _MESSAGES.c.author_id,
            _MESSAGES.c.in_contact_log,
        )
        rows = connection.execute(select(*columns)).all()
        bodies = {(talk, seq): reading.open(f"message.body:{talk}:{seq}", body) for talk, seq, body, _, _ in rows}
        found = Stored({place: body for place, body in bodies.items() if body.startswith(MARK)}, _seen(connection, bodies))
        authors = {(talk, seq): author for talk, seq, _, author, _ in rows if author}
        logged = {(talk, seq) for talk, seq, _, author, copied in rows if author and copied}
        found.faults = faults(connection) + _partly(connection, found, authors, logged)
        return found


def _seen(connection: Connection, places: Collection[Place]) -> dict[tuple[int, int], set[int]]:
    seqs: dict[int, set[int]] = defaultdict(set)
    for talk, seq in places:
        seqs[talk].add(seq)
    seen: dict[tuple[int, int], set[int]] = defaultdict(set)
    for span in connection.execute(_SPANS.select().where(_SPANS.c.hidden.is_(False))).mappings():
        last = span["to_seq"] or max(seqs[span["conversation_id"]], default=0)
        reach = {seq for seq in seqs[span["conversation_id"]] if span["from_seq"] <= seq <= last}
        seen[span["conversation_id"], span["person_id"]] |= reach
    return seen


def _partly(connection: Connection, found: Stored, authors: dict[Place, int], logged: set[Place]) -> list[str]:
    """Messages without all of their rows, and such rows without their message."""
    readers = Counter(
        (talk, seq)
        for (talk, person), seqs in found.seen.items()
        for seq in seqs
        if authors.get((talk, seq)) not in {None, person}
    )
    audit, alert, entry = table(AuditEntry), table(Alert), table(ContactLogEntry)
    sends = select(audit.c.conversation_id, audit.c.seq).where(audit.c.action == "send_message", audit.c.outcome == "done")
    alerts = select(alert.c.conversation_id, alert.c.seq).where(alert.c.kind == "message", alert.c.channel == "email")
    marks = connection.execute(select(entry.c.mark).where(entry.c.by_hand.is_(False))).scalars()
    copies = Counter((int(talk), int(seq)) for talk, _, seq in (mark.partition(":") for mark in marks))
    return [
        *_uneven("audit rows", dict.fromkeys(authors, 1), _counted(connection, sends), found),
        *_uneven("alerts", readers, _counted(connection, alerts), found),
        *_uneven("contact-log entries", dict.fromkeys(logged, 1), copies, found),
    ]


def _counted(connection: Connection, statement: Select[Any]) -> Counter[Place]:
    return Counter((row[0], row[1]) for row in connection.execute(statement))


def _uneven(what: str, wanted: dict[Place, int], there: Counter[Place], found: Stored) -> list[str]:
    """Messages that do not have as many of these as they must, and what belongs to no message."""
    places = set(found.bodies) | {place for place in there if place not in wanted}
    return [
        f"message {place}: {there[place]} {what}, must be {wanted.get(place, 0)}"
        for place in sorted(places)
        if there[place] != wanted.get(place, 0)
    ]
