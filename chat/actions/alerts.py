"""The outbox: alerts are claimed, decided anew, handed over and settled. Safe with any number of workers, cut off anywhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Executable, Select, Text, and_, literal_column, null, or_, select, update

from chat.access import ORGANIZATIONS, PEOPLE
from chat.actions.bounces import forget_bounce, note_bounces
from chat.actions.channels import open_other_channels
from chat.actions.push import note_gone
from chat.actions.quick_links import note_sent
from chat.actions.texts import note_blocked
from chat.lib.clock import MINUTE, SECOND
from chat.lib.sql import Changes, Rows, Sets, Statement, parameter
from chat.models.alerts import CLAIMED, UNSETTLED
from chat.models.conversations import PARTICIPANTS
from chat.models.people import STAFF
from chat.queries.outbox import ALERTS, Due, Verdict, decide, due_alerts, last_spoken
from chat.transaction import Transaction

LEASE = 5 * MINUTE  # longer than any handing over may take; whoever has not settled by then has lost the alert
HOUSES, LOOK = 20, 200  # organizations and alerts that one step looks at
ELSEWHERE = "email_changed"  # the one mail that goes to an address that its person had before
BUSY = 5 * SECOND  # until the next look, while another alert of the same person is on its way


@dataclass(frozen=True, slots=True)
class Claim:
    """Take up to `limit` alerts, beginning with the organizations after this one."""

    limit: int
    after: int = 0


@dataclass(frozen=True, slots=True)
class Handing:
    """A claimed alert in the hands of one worker, for one attempt."""

    alert: int
    attempt: int
    kind: str
    channel: str


@dataclass(frozen=True, slots=True)
class Claimed:
    """What was claimed, where to go on, and whether anything was due at all."""

    alerts: list[Handing]
    after: int
    more: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an attempt ended: sent, failed for good, or waiting for another at `due_at`."""

    alert: int
    attempt: int
    state: str
    reason: str | None = None
    due_at: int = 0
    prepared_at: int = 0
    link: int | None = None


def _houses(_: Sets) -> Executable:
    due = select(ALERTS.c.id).where(
        ALERTS.c.organization_id == ORGANIZATIONS.c.id, ALERTS.c.due_at <= parameter("now"), literal_column(UNSETTLED)
    )
    rows = select(ORGANIZATIONS.c.id).where(ORGANIZATIONS.c.id > parameter("after"), due.exists())
    return rows.order_by(ORGANIZATIONS.c.id).limit(parameter("limit"))


def _due() -> Select[Any]:
    due = and_(
        ALERTS.c.organization_id == parameter("organization"), ALERTS.c.due_at <= parameter("now"), literal_column(UNSETTLED)
    )
    return select(ALERTS.c.id).where(due).order_by(ALERTS.c.due_at, ALERTS.c.id).limit(parameter("limit"))


def _pick(_: Sets) -> Executable:
    # What another worker is just claiming is passed over instead of waited for.
    return _due().with_for_update(key_share=True, skip_locked=True)


def _drop_read(_: Sets) -> Executable:
    first = (
        _due().with_only_columns(*(ALERTS.c[name] for name in ("id", "conversation_id", "person_id", "seq"))).subquery("first")
    )
    mine = and_(PARTICIPANTS.c.conversation_id == first.c.conversation_id, PARTICIPANTS.c.person_id == first.c.person_id)
    seen = or_(PARTICIPANTS.c.read_through >= first.c.seq, PARTICIPANTS.c.receipt_through >= first.c.seq)
    read = select(first.c.id).select_from(first.join(PARTICIPANTS, mine)).where(seen)
    values = {"state": "dropped", "error": "read", "settled_at": parameter("now")}
    still = and_(ALERTS.c.due_at <= parameter("now"), ALERTS.c.kind == "message", literal_column(UNSETTLED))
    return update(ALERTS).values(values).where(ALERTS.c.id.in_(read), still).returning(ALERTS.c.id)


def _busy(sets: Sets) -> Executable:
    held = and_(sets.has(ALERTS.c.person_id, "people"), ALERTS.c.due_at > parameter("now"), literal_column(CLAIMED))
    return select(ALERTS.c.person_id).where(held)


def _claim(sets: Sets) -> Executable:
    free = and_(sets.has(ALERTS.c.id, "alerts"), ALERTS.c.due_at <= parameter("now"), literal_column(UNSETTLED))
    values = {"state": "claimed", "attempt": ALERTS.c.attempt + 1, "due_at": parameter("lease"), "error": null()}
    claimed = update(ALERTS).values(values).where(free)
    return claimed.returning(ALERTS.c.id, ALERTS.c.attempt, ALERTS.c.kind, ALERTS.c.channel)


def _settle(_: Sets) -> Executable:
    mine = and_(ALERTS.c.id == parameter("alert"), ALERTS.c.attempt == parameter("attempt"), ALERTS.c.state == "claimed")
    values = {
        "state": parameter("state", Text()),
        "error": parameter("reason", Text()),
        "due_at": parameter("due_at"),
        "settled_at": parameter("settled_at"),
    }
    return (
        update(ALERTS).values(values).where(mine).returning(ALERTS.c.person_id, ALERTS.c.kind, ALERTS.c.channel, ALERTS.c.payload)
    )


def _alerted(_: Sets) -> Executable:
    staff = and_(PEOPLE.c.id == parameter("person"), PEOPLE.c.role.in_(sorted(STAFF)))
    return update(PEOPLE).values(alerted_at=parameter("at")).where(staff)


HOUSES_DUE, DROP_READ, PICK, SOMEBODY_BUSY, CLAIM, SETTLE, ALERTED = (
    Statement(build) for build in (_houses, _drop_read, _pick, _busy, _claim, _settle, _alerted)
)
APPLY = Changes(ALERTS, ("id",), ("state", "error", "due_at", "settled_at"))
INSERT_ALERTS = Rows(
    ALERTS,
    ("organization_id", "person_id", "kind", "channel", "conversation_id", "payload", "state", "due_at", "attempt", "created_at"),
)


def announce(
    tx: Transaction, organization: int, people: Sequence[int], kind: str, *, conversation: int | None = None, payload: str = ""
) -> None:
    """Queue an email of this kind for each; what it needs is made when it is handed over."""
    rows = [
        (organization, person, kind, "email", conversation, payload or None, "waiting", tx.now, 0, tx.now) for person in people
    ]
    tx.write(INSERT_ALERTS, rows)


def claim_alerts(tx: Transaction, what: Claim) -> Claimed:
    """Look at what is due, organization by organization in turn: settle what needs no mail, claim up to `limit` of the rest."""
    houses = [row[0] for row in tx.rows(HOUSES_DUE, now=tx.now, after=what.after, limit=HOUSES)]
    if not houses:
        return Claimed([], 0, more=what.after > 0)
    share = LOOK // len(houses)
    # Nearly all are read by now: one statement a practice drops them, and only the rest is looked at one by one.
    place = {house: {"organization": house, "now": tx.now} for house in houses}
    read = {house: len(tx.rows(DROP_READ, **place[house], limit=share)) for house in houses}
    picked = [row[0] for house in houses for row in tx.rows(PICK, **place[house], limit=share - read[house])]
    wanted = _in_turn(_look(tx, due_alerts(tx, picked)))
    chosen = wanted[: what.limit]
    rows = tx.rows(CLAIM, alerts=[due.id for due in chosen], now=tx.now, lease=tx.now + LEASE) if chosen else []
    after = max(due.organization for due in chosen) if len(wanted) > len(chosen) and chosen else houses[-1]
    return Claimed([Handing(*row) for row in rows], after, more=bool(picked) or any(read.values()))


def _look(tx: Transaction, dues: list[Due]) -> list[Due]:
    """Write down what becomes of these alerts without a mail; the answer is those that are to go out, one a person."""
    open_other_channels(tx, dues)
    spoken = last_spoken(tx, dues)
    people = {due.person for due in dues}
    busy = {row[0] for row in tx.rows(SOMEBODY_BUSY, people=list(people), now=tx.now)} if people else set()
    verdicts: list[tuple[Due, Verdict]] = []
    wanted: list[Due] = []
    for due in dues:
        found = decide(due, spoken.get(due.id), tx.now, tx.policy) if due.kind == "message" else None
        if found is None and due.person in busy and due.channel != "push":
            found = Verdict("waiting", None, tx.now + BUSY)
        if found is None:
            busy.add(due.person)
            wanted.append(due)
        else:
            verdicts.append((due, found))
    tx.write(APPLY, [(due.id, *_columns(tx, found)) for due, found in verdicts])
    note_bounces(
        tx, {due.person: found.reason or "" for due, found in verdicts if (due.channel, found.state) == ("email", "failed")}
    )
    return wanted


def _in_turn(dues: list[Due]) -> list[Due]:
    """The first of each organization, then the second of each, and so on."""
    seen: dict[int, int] = {}
    ranked = []
    for due in dues:
        seen[due.organization] = seen.get(due.organization, 0) + 1
        ranked.append((seen[due.organization], due.organization, due))
    return [due for _, _, due in sorted(ranked, key=lambda one: one[:2])]


def held(tx: Transaction, mine: Handing) -> Due | None:
    """The claimed alert, if it is still in these hands; None if its lease ran out or somebody else has it."""
    for due in due_alerts(tx, [mine.alert]):
        if due.state == "claimed" and due.attempt == mine.attempt and due.due_at > tx.now:
            return due
    return None


def give_up(tx: Transaction, due: Due, verdict: Verdict) -> None:
    """Settle an alert in hand without a mail."""
    tx.write(APPLY, [(due.id, *_columns(tx, verdict))])
    if due.channel == "email" and verdict.state == "failed":
        note_bounces(tx, {due.person: verdict.reason or ""})


def settle_alert(tx: Transaction, what: Outcome) -> bool:
    """Note how an attempt ended; False, and nothing is changed, if the alert is no longer in the hands of this attempt."""
    settled_at = None if what.state == "waiting" else tx.now
    values = {"state": what.state, "reason": what.reason, "due_at": what.due_at or tx.now, "settled_at": settled_at}
    rows = tx.rows(SETTLE, alert=what.alert, attempt=what.attempt, **values)
    for person, kind, channel, payload in rows:
        if what.link is not None and what.state == "sent":
            note_sent(tx, what.link)
        if (kind, channel, what.state) == ("message", "email", "sent"):
            tx.rows(ALERTED, person=person, at=what.prepared_at)
        if channel == "email" and what.state == "sent" and kind != ELSEWHERE:
            forget_bounce(tx, person)
        elif channel == "email" and what.state == "failed" and kind != ELSEWHERE:
            note_bounces(tx, {person: what.reason or ""})
        elif channel == "sms" and (what.reason or "").startswith("blocked"):
            note_blocked(tx, person)
        elif channel == "push" and what.reason == "gone":
            note_gone(tx, int(payload))
    return bool(rows)


def _columns(tx: Transaction, found: Verdict) -> tuple[str, str | None, int, int | None]:
    waits = found.state == "waiting"
    return found.state, found.reason, found.due_at if waits else tx.now, None if waits else tx.now
