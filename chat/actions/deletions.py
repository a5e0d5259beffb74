"""Deleting for good: by hand from one's trash, or by its 15 days. Nothing brings it back; a later message shows only itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import BigInteger, Executable, and_, delete, func, select, tuple_, update

from chat.access import ORGANIZATIONS, deletes, trash_cutoff
from chat.actions.batch import Batch, Part, Talk
from chat.actions.mailboxes import Selection, own_parts
from chat.errors import NotFound, Refused
from chat.lib.sql import Changes, Rows, Sets, Statement, literal, parameter
from chat.models import Deletion, Draft, Erasure, Message
from chat.models.columns import table
from chat.models.conversations import CONVERSATIONS, PARTICIPANTS, SPANS
from chat.models.deletions import CONVERSATION
from chat.models.people import STAFF
from chat.queries.keeping import keeping, outranked
from chat.queries.watches import WATCHES
from chat.transaction import Transaction

_ERASURES, _DRAFTS, _DELETIONS, _MESSAGES = table(Erasure), table(Draft), table(Deletion), table(Message)
STEP = 200


def _hide(sets: Sets) -> Executable:
    gone = sets.relation("gone", conversation=BigInteger(), person=BigInteger(), last=BigInteger())
    here = and_(gone.c.conversation == SPANS.c.conversation_id, gone.c.person == SPANS.c.person_id)
    last = select(gone.c.last).where(here).scalar_subquery()
    rows = tuple_(SPANS.c.conversation_id, SPANS.c.person_id).in_(select(gone.c.conversation, gone.c.person))
    return update(SPANS).values(hidden=True, to_seq=func.coalesce(SPANS.c.to_seq, last)).where(rows)


def _drafts(sets: Sets) -> Executable:
    gone = sets.relation("gone", person=BigInteger(), place=_DRAFTS.c.place.type)
    return delete(_DRAFTS).where(tuple_(_DRAFTS.c.person_id, _DRAFTS.c.place).in_(select(gone.c.person, gone.c.place)))


def _watches(sets: Sets) -> Executable:
    gone = sets.relation("gone", conversation=BigInteger(), person=BigInteger())
    mine = select(WATCHES.c.conversation_id, WATCHES.c.seq).select_from(
        gone.join(WATCHES, and_(WATCHES.c.conversation_id == gone.c.conversation, WATCHES.c.person_id == gone.c.person))
    )
    return delete(WATCHES).where(tuple_(WATCHES.c.conversation_id, WATCHES.c.seq).in_(mine))


def _expired(_: Sets) -> Executable:
    old = and_(PARTICIPANTS.c.trashed_at <= parameter("cutoff"), PARTICIPANTS.c.ended_at.is_(None))
    joined = PARTICIPANTS.join(CONVERSATIONS, CONVERSATIONS.c.id == PARTICIPANTS.c.conversation_id)
    mine = select(PARTICIPANTS.c.conversation_id, PARTICIPANTS.c.person_id).select_from(joined)
    return mine.where(old, deletes(CONVERSATIONS.c.organization_id)).limit(parameter("limit"))


def _deleting(_: Sets) -> Executable:
    return select(ORGANIZATIONS.c.id).where(ORGANIZATIONS.c.deletes_since <= parameter("cutoff")).limit(literal(1))


def _wake(sets: Sets) -> Executable:
    return update(_ERASURES).values(due_at=literal(0)).where(sets.has(_ERASURES.c.conversation_id, "talks"))


def _sent(sets: Sets) -> Executable:
    named = sets.relation("named", conversation=BigInteger(), seq=BigInteger())
    here = and_(_MESSAGES.c.conversation_id == named.c.conversation, _MESSAGES.c.seq == named.c.seq)
    return select(_MESSAGES.c.conversation_id, _MESSAGES.c.sent_at).select_from(named.join(_MESSAGES, here))


HIDE, FORGET_DRAFTS, FORGET_WATCHES = (Statement(build) for build in (_hide, _drafts, _watches))
DELETING, EXPIRED, WAKE, SENT_AT = (Statement(build) for build in (_deleting, _expired, _wake, _sent))
INSERT_SPANS = Rows(SPANS, ("conversation_id", "person_id", "from_seq", "cc", "hidden"), skip_existing=True)
REOPEN_SPANS = Changes(SPANS, ("conversation_id", "person_id", "from_seq"), ("to_seq", "hidden"))
INSERT_ERASURES = Rows(_ERASURES, ("conversation_id", "requested_at", "retired", "due_at"), skip_existing=True)
INSERT_DELETIONS = Rows(_DELETIONS, ("at", "kind", "item", "person_id", "through"))


def delete_permanently(tx: Transaction, what: Selection) -> dict[str, int]:
    """Delete conversations from the asker's own trash for good; Refused if one of them is not in it, or has to be kept."""
    batch = Batch(tx, conversations=what.conversations)
    mine = own_parts(batch)
    if not mine:
        raise NotFound
    if any(part.trashed_at is None for part in mine):
        raise Refused("Only what is in the trash can be deleted for good. Move it to the trash first.")
    refuse_kept(tx, mine)
    forget(batch, mine)
    batch.save()
    for part in mine:
        tx.audit("delete_permanently", client_id=batch.talks[part.conversation].client, conversation_id=part.conversation)
    return {"deleted": len(mine)}


def refuse_kept(tx: Transaction, parts: Sequence[Part]) -> None:
    """Refused if something outranks that these locked conversations are deleted for good, as far as the asker may know of it.

    A client who may not learn of a hold on their record deletes as ever: nothing is erased all the same.
    """
    rules = keeping(tx, {part.conversation for part in parts})
    sent: dict[int, int] = dict(tx.rows(SENT_AT, named=[(part.conversation, part.newest) for part in parts]))
    for part in parts:
        refusal = outranked(rules[part.conversation], sent.get(part.conversation), tx.now, staff=tx.me.role in STAFF)
        if refusal is not None:
            raise refusal


def purge(tx: Transaction, _what: None = None) -> bool:
    """One step of the trash's 15 days, for whomever they are over; the answer is whether there may be more."""
    # Where no practice deletes, what lies in a trash stays there for years and is not looked through.
    cutoff = trash_cutoff(tx.now)
    rows = tx.rows(EXPIRED, cutoff=cutoff, limit=STEP) if tx.rows(DELETING, cutoff=cutoff) else []
    if not rows:
        return False
    batch = Batch(tx, conversations={row[0] for row in rows})
    # Under the locks again: somebody may have moved it back, or a message may have brought it back.
    due = [batch.parts[row[0], row[1]] for row in rows]
    due = [part for part in due if expired(batch, part)]
    forget(batch, due)
    batch.save()
    for part in due:
        talk = batch.talks[part.conversation]
        tx.audit(
            "purge", organization_id=talk.organization, person_id=part.person, client_id=talk.client, conversation_id=talk.id
        )
    return len(rows) == STEP


def expired(batch: Batch, part: Part) -> bool:
    """Whether the 15 days of a trashed conversation are over for its owner."""
    there = part.ended_at is None or part.silent
    return there and batch.gone(part)


def forget(batch: Batch, parts: Sequence[Part]) -> None:
    """Take all that these people saw of these locked conversations from them, for good; later messages still reach them."""
    if not parts:
        return
    tx = batch.tx
    talks = {part.conversation: batch.talks[part.conversation] for part in parts}
    tx.rows(HIDE, gone=[(part.conversation, part.person, talks[part.conversation].last_seq) for part in parts])
    _listen_on(tx, [(talks[part.conversation], part.person) for part in parts if part.person in talks[part.conversation].open])
    tx.rows(FORGET_DRAFTS, gone=[(part.person, f"c:{part.conversation}") for part in parts])
    tx.rows(FORGET_WATCHES, gone=[(part.conversation, part.person) for part in parts])
    for part in parts:
        counted, shown = part.counts, part.ended_at is None
        part.ended_at = tx.now
        part.received_at = part.sent_at = part.trashed_at = None
        part.visible = part.unread = part.newest = 0
        part.read_through = talks[part.conversation].last_seq
        if shown:
            batch.change(part, counted=counted)
        else:
            batch.hold(part)
    request_erasing(tx, sorted(talks))
    note_deletions(tx, [(CONVERSATION, part.conversation, part.person, talks[part.conversation].last_seq) for part in parts])


def note_deletions(tx: Transaction, gone: Sequence[tuple[str, int, int, int]]) -> None:
    """These (kind, which, whose, through which seq) wait for their place in the ledger, if there is one."""
    if tx.policy.ledger:
        tx.write(INSERT_DELETIONS, [(tx.now, *one) for one in gone])


def request_erasing(tx: Transaction, talks: Sequence[int]) -> None:
    """Have it looked at what nobody sees any more of these locked conversations, also where something was kept so far."""
    tx.write(INSERT_ERASURES, [(number, tx.now, "", 0) for number in talks])
    wake(tx, talks)


def wake(tx: Transaction, talks: Iterable[int]) -> None:
    """What waits to be erased in these conversations is looked at again: what kept it may be over."""
    tx.rows(WAKE, talks=list(talks))


def _listen_on(tx: Transaction, listening: Sequence[tuple[Talk, int]]) -> None:
    # A span that was opened and saw no message has the same first seq: it is opened again instead of added.
    begin = [(talk, person, talk.last_seq + 1) for talk, person in listening]
    tx.write(INSERT_SPANS, [(talk.id, person, first, talk.open[person], False) for talk, person, first in begin])
    tx.write(REOPEN_SPANS, [(talk.id, person, first, None, False) for talk, person, first in begin])
