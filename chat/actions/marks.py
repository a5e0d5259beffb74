"""Reading marks: what somebody has read, privately, and what others are told of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import BigInteger, Executable, and_, func, or_, select

from chat.actions.batch import Batch, Part
from chat.errors import CoreError, NotFound
from chat.lib.clock import MINUTE
from chat.lib.sql import Rows, Sets, Statement
from chat.models import AuditEntry, Message
from chat.models.columns import table
from chat.models.conversations import READ_MARKS, SPANS
from chat.transaction import Asked, Transaction, set_based

_MESSAGES, _AUDIT = table(Message), table(AuditEntry)
VIEW_QUIET = 5 * MINUTE  # a second look at the same newest message within it is the same view


@dataclass(frozen=True, slots=True)
class MarkRead:
    """The messages through `seq` were on screen."""

    conversation: int
    seq: int


def _others(sets: Sets) -> Executable:
    """What each reader may see beyond a seq that somebody else wrote: how many, and the newest of them."""
    asked = sets.relation("marks", conversation=BigInteger(), person=BigInteger(), through=BigInteger())
    spans = and_(SPANS.c.conversation_id == asked.c.conversation, SPANS.c.person_id == asked.c.person, SPANS.c.hidden.is_(False))
    seen = and_(_MESSAGES.c.seq >= SPANS.c.from_seq, or_(SPANS.c.to_seq.is_(None), _MESSAGES.c.seq <= SPANS.c.to_seq))
    beyond = and_(
        _MESSAGES.c.conversation_id == asked.c.conversation,
        _MESSAGES.c.seq > asked.c.through,
        _MESSAGES.c.author_id != asked.c.person,
    )
    joined = asked.join(SPANS, spans).join(_MESSAGES, and_(beyond, seen))
    mark = (asked.c.conversation, asked.c.person, asked.c.through)
    return select(*mark, func.count(), func.max(_MESSAGES.c.seq)).select_from(joined).group_by(*mark)


COUNT_OTHERS = Statement(_others)
INSERT_MARKS = Rows(READ_MARKS, ("conversation_id", "through", "person_id", "after", "at"), skip_existing=True)


@set_based
def mark_read(tx: Transaction, asked: Sequence[Asked[MarkRead]]) -> list[dict[str, int] | CoreError]:
    """Note what was on screen: the reader's counters, the receipts that staff see, and the view in the audit trail."""
    batch = Batch(tx, conversations={one.what.conversation for one in asked})
    counts = _left_unread(batch, asked)
    marks: list[tuple[int, int, int, int, int]] = []
    results: list[dict[str, int] | CoreError] = []
    for one in asked:
        part = batch.parts.get((one.what.conversation, one.who.person))
        if part is None or not sees(batch, part, one):
            results.append(NotFound())
            continue
        _read(batch, part, one, counts, marks)
        results.append({})
    tx.write(INSERT_MARKS, marks)
    batch.save()
    return results


def sees(batch: Batch, part: Part, one: Asked[MarkRead]) -> bool:
    """Whether the reader may see this conversation now, asked under the locks."""
    talk = batch.talks[part.conversation]
    member = batch.people.members[part.person]
    related = (
        not member.staff
        or talk.client is None
        or member.role == "administrator"
        or (talk.client, member.id) in batch.people.assigned
    )
    return part.ended_at is None and not batch.gone(part) and related and one.who.reaches(part.conversation, batch.tx.now)


def _left_unread(batch: Batch, asked: Sequence[Asked[MarkRead]]) -> dict[tuple[int, int, int], int]:
    """For each mark that stops short of the newest message: how many are left. Most reach it, and ask nothing."""
    short = set()
    for one in asked:
        part = batch.parts.get((one.what.conversation, one.who.person))
        if part is not None and one.what.seq < part.newest and one.what.seq > part.read_through:
            short.add((part.conversation, part.person, one.what.seq))
    rows = batch.tx.rows(COUNT_OTHERS, marks=list(short)) if short else []
    return {(row[0], row[1], row[2]): row[3] for row in rows}


def _read(
    batch: Batch,
    part: Part,
    one: Asked[MarkRead],
    counts: dict[tuple[int, int, int], int],
    marks: list[tuple[int, int, int, int, int]],
) -> None:
    tx, seq = batch.tx, min(one.what.seq, part.newest)
    talk = batch.talks[part.conversation]
    if seq > part.read_through:
        counted = part.counts
        part.read_through = seq
        part.unread = 0 if seq == part.newest else counts.get((part.conversation, part.person, seq), 0)
        tx.audit("view", who=one.who, client_id=talk.client, conversation_id=part.conversation, seq=seq)
        batch.change(part, counted=counted)
    if seq > part.receipt_through:
        marks.append((part.conversation, seq, part.person, part.receipt_through, tx.now))
        part.receipt_through = seq
        _tell_staff(batch, part)


def _tell_staff(batch: Batch, reader: Part) -> None:
    for (conversation, person), part in batch.parts.items():
        if (
            conversation == reader.conversation
            and person != reader.person
            and part.ended_at is None
            and batch.people.members[person].staff
        ):
            batch.change(part, counted=part.counts)


@dataclass(frozen=True, slots=True)
class MarkUnread:
    """These conversations are to look unread to me again."""

    conversations: tuple[int, ...]


def mark_unread(tx: Transaction, what: MarkUnread) -> dict[str, int]:
    """Make the newest message of others unread again in each conversation. Private: receipts stay as they were."""
    batch = Batch(tx, conversations=what.conversations)
    mine = [
        part for part in batch.parts.values() if part.person == tx.me.person and sees(batch, part, Asked(tx.me, MarkRead(0, 0)))
    ]
    if not mine:
        raise NotFound
    newest = {row[0]: row[4] for row in tx.rows(COUNT_OTHERS, marks=[(part.conversation, part.person, 0) for part in mine])}
    for part in mine:
        if part.unread == 0 and part.conversation in newest:
            counted = part.counts
            part.read_through = newest[part.conversation] - 1
            part.unread = 1
            batch.change(part, counted=counted)
    batch.save()
    return {}
