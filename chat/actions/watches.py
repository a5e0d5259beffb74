"""Being told if a message stays unread: asked for with the message, told once when its days are over, void by what came first.

For staff alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Executable, and_, delete, func, select, tuple_

from chat import access
from chat.actions.batch import Batch, Part
from chat.actions.marks import MarkRead, sees
from chat.actions.posting import Accepted
from chat.errors import Invalid, NotFound
from chat.lib.clock import DAY
from chat.lib.sql import Changes, Row, Rows, Sets, Statement, parameter
from chat.models.conversations import PARTICIPANTS
from chat.models.people import STAFF
from chat.queries.outbox import ALERTS
from chat.queries.watches import WATCHES
from chat.transaction import Asked, Transaction, Who

DAYS = (1, 2, 3, 5, 7)
STEP = 50
KIND = "not_read"


@dataclass(frozen=True, slots=True)
class Watched:
    """One message of the asker's."""

    conversation: int
    seq: int


def _due(_: Sets) -> Executable:
    pending = and_(WATCHES.c.told_at.is_(None), WATCHES.c.due_at <= parameter("now"))
    return select(WATCHES.c.conversation_id).where(pending).order_by(WATCHES.c.due_at).limit(parameter("limit"))


def _here(sets: Sets) -> Executable:
    pending = and_(WATCHES.c.told_at.is_(None), WATCHES.c.due_at <= parameter("now"))
    rows = select(WATCHES.c.conversation_id, WATCHES.c.seq, WATCHES.c.person_id)
    return rows.where(sets.has(WATCHES.c.conversation_id, "conversations"), pending).order_by(WATCHES.c.due_at)


def _last_mails(sets: Sets) -> Executable:
    told = and_(sets.has(WATCHES.c.person_id, "people"), WATCHES.c.told_at > parameter("since"))
    return select(WATCHES.c.person_id, func.max(WATCHES.c.mail_at)).where(told).group_by(WATCHES.c.person_id)


def _stop(sets: Sets) -> Executable:
    gone = sets.relation("gone", conversation=WATCHES.c.conversation_id.type, seq=WATCHES.c.seq.type)
    rows = tuple_(WATCHES.c.conversation_id, WATCHES.c.seq).in_(select(gone.c.conversation, gone.c.seq))
    return delete(WATCHES).where(rows)


def _stop_own(_: Sets) -> Executable:
    here = and_(WATCHES.c.conversation_id == parameter("conversation"), WATCHES.c.seq == parameter("seq"))
    return delete(WATCHES).where(here, WATCHES.c.person_id == parameter("person")).returning(WATCHES.c.seq)


DUE, DUE_HERE, LAST_MAILS, STOP, STOP_OWN = (Statement(build) for build in (_due, _here, _last_mails, _stop, _stop_own))
INSERT = Rows(WATCHES, ("conversation_id", "seq", "person_id", "days", "due_at"))
TELL = Changes(WATCHES, ("conversation_id", "seq"), ("told_at", "mail_at"))
MARK = Changes(PARTICIPANTS, ("conversation_id", "person_id"), ("watched",))
INSERT_ALERTS = Rows(
    ALERTS, ("organization_id", "person_id", "kind", "channel", "payload", "state", "due_at", "attempt", "created_at")
)


def check_watch(days: int | None, *, staff_to_client: bool) -> None:
    """Invalid for what cannot be asked for."""
    if days is not None and not staff_to_client:
        raise Invalid("Only of what staff write to a client one is told if it stays unread.", field="unread_after")
    if days is not None and days not in DAYS:
        raise Invalid("Choose 1, 2, 3, 5 or 7 days.", field="unread_after")


def begin_watches(tx: Transaction, accepted: Sequence[Accepted]) -> None:
    """Note what these messages' authors asked for, once their sides are written; nothing for all that asks for nothing."""
    asked = [(draft, draft.what.unread_after) for draft in accepted if draft.what.unread_after]
    # Days of 24 hours: what the clocks of a place do at night does not matter.
    rows = [(one.talk.id, one.seq, one.who.person, days, tx.now + days * DAY) for one, days in asked]
    tx.write(INSERT, rows)
    newest = {(row[0], row[2]): row[1] for row in rows}
    tx.write(MARK, [(*place, seq) for place, seq in newest.items()])


def stop_watch(tx: Transaction, what: Watched) -> dict[str, int]:
    """Be told no more if a message of one's own stays unread, or let go of having been told; harmless where there is nothing."""
    if tx.me.role not in STAFF:
        raise NotFound
    batch = Batch(tx, conversations=[what.conversation])
    access.conversation(tx, tx.me, what.conversation)
    part = batch.parts[what.conversation, tx.me.person]
    if tx.rows(STOP_OWN, conversation=what.conversation, seq=what.seq, person=tx.me.person):
        batch.change(part, counted=part.counts)
    batch.save()
    return {}


def tell_unread(tx: Transaction, _what: None = None) -> bool:
    """One step: tell those whose messages were not read in time. The answer is whether there may be more."""
    rows = tx.rows(DUE, now=tx.now, limit=STEP)
    if not rows:
        return False
    batch = Batch(tx, conversations={row[0] for row in rows})
    # Under the locks again: another worker may have told, and the client may have read.
    due = tx.rows(DUE_HERE, now=tx.now, conversations=list(batch.talks))
    told = [row for row in due if _holds(batch, *row)]
    if void := [row[:2] for row in due if row not in told]:
        tx.rows(STOP, gone=void)
    mails = _announce(batch, {row[2] for row in told})
    tx.write(TELL, [(conversation, seq, tx.now, mails[person]) for conversation, seq, person in told])
    for conversation, _, person in told:
        part = batch.parts[conversation, person]
        batch.change(part, counted=part.counts)
    batch.save()
    return len(rows) == STEP


def _holds(batch: Batch, conversation: int, seq: int, person: int) -> bool:
    """Whether it is still so: unread by a client who can read it, and its author's to see."""
    talk, people = batch.talks[conversation], batch.people.members
    author, client = people[person], people[talk.client or 0]
    there = author.active and author.staff and client.active and client.messaging_enabled
    if not there or not batch.people.messaging[talk.organization]:
        return False
    mine, theirs = batch.parts[conversation, person], batch.parts[conversation, client.id]
    return theirs.receipt_through < seq and _sees(batch, mine)


def _sees(batch: Batch, part: Part) -> bool:
    member = batch.people.members[part.person]
    return sees(batch, part, Asked(Who(member.id, member.organization, member.role), MarkRead(part.conversation, 0)))


def _announce(batch: Batch, people: set[int]) -> dict[int, int]:
    """Queue an email for each, and say when it leaves. As for what is unread in their own Inbox: at most one an hour, which
    speaks for all that comes to pass until then; at once for who wants each."""
    tx = batch.tx
    since = tx.now - 2 * tx.policy.staff_alert_pause
    last: dict[int, int] = dict(tx.rows(LAST_MAILS, people=list(people), since=since)) if people else {}
    leaves: dict[int, int] = {}
    rows: list[Row] = []
    for person in sorted(people):
        before = last.get(person)
        if before is None or person in batch.people.each:
            leaves[person] = tx.now
        else:
            leaves[person] = before if before > tx.now else max(tx.now, before + tx.policy.staff_alert_pause)
        if before is None or leaves[person] != before:
            house = batch.people.members[person].organization
            # By this instant it knows what it speaks of, also when it is tried again later.
            rows.append((house, person, KIND, "email", str(leaves[person]), "waiting", leaves[person], 0, tx.now))
    tx.write(INSERT_ALERTS, rows)
    return leaves
