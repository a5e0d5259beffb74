"""Who looks after whom: assigning, letting go, handing over. Conversations come and go with the relation, at once.

Nothing is deleted: who lets go keeps a tombstone until every browser knows, and what was seen comes back with the relation.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import BigInteger, Executable, and_, delete, select, update

from chat import access
from chat.actions.batch import Batch, Part, Talk
from chat.actions.deletions import expired, forget
from chat.actions.marks import COUNT_OTHERS
from chat.actions.notes import say
from chat.actions.touch import tell_everybody
from chat.errors import NotFound, Refused
from chat.lib.sentences import Sentence
from chat.lib.sql import Changes, Rows, Sets, Statement, parameter
from chat.models import Assignment
from chat.models.columns import table
from chat.models.conversations import CONVERSATIONS, SPANS
from chat.models.people import Role
from chat.transaction import Transaction

_ASSIGNMENTS = table(Assignment)
INSERT_ASSIGNMENT = Rows(_ASSIGNMENTS, ("client_id", "therapist_id", "created_at"), skip_existing=True)
INSERT_SPANS = Rows(SPANS, ("conversation_id", "person_id", "from_seq", "cc", "hidden"), skip_existing=True)
INHERIT_SPANS = Changes(SPANS, ("conversation_id", "person_id", "from_seq"), ("to_seq", "hidden", "inherited"))
SHOW_SPANS = Changes(SPANS, ("conversation_id", "person_id", "from_seq"), ("to_seq", "hidden"))
Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Assigned:
    """A client and a therapist of the same organization."""

    client: int
    therapist: int


@dataclass(frozen=True, slots=True)
class HandOver:
    """All of a therapist's clients go to another, who reads what was written before only if `history` is set."""

    therapist: int
    successor: int
    history: bool = False
    clients: tuple[int, ...] | None = None


def _delete(sets: Sets) -> Executable:
    pair = and_(_ASSIGNMENTS.c.therapist_id == parameter("therapist"), sets.has(_ASSIGNMENTS.c.client_id, "clients"))
    return delete(_ASSIGNMENTS).where(pair).returning(_ASSIGNMENTS.c.client_id)


def _spans_of(sets: Sets) -> Executable:
    theirs = and_(sets.has(SPANS.c.conversation_id, "conversations"), SPANS.c.person_id == parameter("person"))
    columns = (SPANS.c.conversation_id, SPANS.c.from_seq, SPANS.c.to_seq, SPANS.c.hidden)
    return select(*columns).where(theirs).order_by(SPANS.c.from_seq)


def _of_clients(sets: Sets) -> Executable:
    return select(CONVERSATIONS.c.id).where(sets.has(CONVERSATIONS.c.client_id, "clients"))


def _close(sets: Sets) -> Executable:
    ends = sets.relation("ends", conversation=BigInteger(), last=BigInteger())
    last = select(ends.c.last).where(ends.c.conversation == SPANS.c.conversation_id).scalar_subquery()
    mine = and_(SPANS.c.person_id == parameter("person"), SPANS.c.to_seq.is_(None))
    return update(SPANS).values(to_seq=last).where(mine, SPANS.c.conversation_id.in_(select(ends.c.conversation)))


def _assigned_clients(_: Sets) -> Executable:
    return select(_ASSIGNMENTS.c.client_id).where(_ASSIGNMENTS.c.therapist_id == parameter("therapist"))


DELETE_ASSIGNMENTS, SPANS_OF, OF_CLIENTS, CLOSE_SPANS, CLIENTS_OF = (
    Statement(build) for build in (_delete, _spans_of, _of_clients, _close, _assigned_clients)
)


def assign(tx: Transaction, what: Assigned) -> dict[str, int]:
    """Let a therapist look after a client (administrators). What that therapist has seen before comes back; nothing else."""
    access.require_administrator(tx)
    client, therapist = access.client(tx, tx.me, what.client), access.staff_member(tx, what.therapist)
    if not therapist.active:
        raise Refused(Sentence("{name} is deactivated and cannot look after anybody.", name=therapist.name))
    batch = _locked(tx, [client.id], therapist.id)
    tx.write(INSERT_ASSIGNMENT, [(client.id, therapist.id, tx.now)])
    regain(batch, therapist.id)
    tell_everybody(batch)
    batch.save()
    tx.audit("assign", person_id=therapist.id, client_id=client.id)
    return {}


def unassign(tx: Transaction, what: Assigned) -> dict[str, int]:
    """Let a therapist no longer look after a client (administrators): the conversations leave their mailbox at once."""
    access.require_administrator(tx)
    client, therapist = access.client(tx, tx.me, what.client), access.staff_member(tx, what.therapist)
    batch = _locked(tx, [client.id], therapist.id)
    if not tx.rows(DELETE_ASSIGNMENTS, therapist=therapist.id, clients=[client.id]):
        raise NotFound
    if therapist.role != Role.ADMINISTRATOR:
        lose(batch, therapist.id)
    tell_everybody(batch)
    batch.save()
    tx.audit("unassign", person_id=therapist.id, client_id=client.id)
    return {}


def hand_over(tx: Transaction, what: HandOver) -> dict[str, int]:
    """Move clients from one therapist to another (administrators), with or without what was written before."""
    access.require_administrator(tx)
    leaving, successor = access.staff_member(tx, what.therapist), access.staff_member(tx, what.successor)
    if not successor.active or leaving.id == successor.id:
        raise Refused("Choose somebody else, who is active, to take over the clients.", field="successor")
    own = {row[0] for row in tx.rows(CLIENTS_OF, therapist=leaving.id)}
    clients = sorted(own if what.clients is None else own & set(what.clients))
    batch = _locked(tx, clients, leaving.id, successor.id)
    # What lies in somebody's trash for 15 days is gone for them, whether or not it was purged: nobody inherits it.
    forget(batch, [part for part in batch.parts.values() if expired(batch, part)])
    tx.rows(DELETE_ASSIGNMENTS, therapist=leaving.id, clients=clients)
    tx.write(INSERT_ASSIGNMENT, [(client, successor.id, tx.now) for client in clients])
    regain(batch, successor.id)
    inherited = _inherit(batch, leaving.id, successor.id) if what.history else []
    if leaving.role != Role.ADMINISTRATOR or not leaving.active:
        lose(batch, leaving.id)
    tell_everybody(batch)
    if inherited:
        say(batch, inherited, Sentence("{name} reads this conversation from today.", name=successor.name))
    batch.save()
    for client in clients:
        tx.audit(
            "hand_over", person_id=successor.id, client_id=client, details="with history" if what.history else "without history"
        )
    return {"clients": len(clients)}


def lose(batch: Batch, person: int, talks: Collection[Talk] | None = None) -> None:
    """Take these conversations (all locked ones) out of somebody's mailbox; the next messages do not reach them."""
    mine = [talk for talk in (batch.talks.values() if talks is None else talks) if (talk.id, person) in batch.parts]
    batch.tx.rows(CLOSE_SPANS, person=person, ends=[(talk.id, talk.last_seq) for talk in mine])
    for talk in mine:
        talk.open.pop(person, None)
        part = batch.parts[talk.id, person]
        if part.ended_at is None:
            counted = part.counts
            part.ended_at = batch.tx.now
            batch.change(part, counted=counted)


def regain(batch: Batch, person: int, talks: Collection[Talk] | None = None) -> None:
    """Give somebody back the conversations they once took part in: what they saw then, and what comes from now on."""
    mine = [talk for talk in (batch.talks.values() if talks is None else talks) if (talk.id, person) in batch.parts]
    closed = [talk for talk in mine if person not in talk.open]
    _open(batch, person, closed)
    for talk in closed:
        part = batch.parts[talk.id, person]
        if part.ended_at is not None and part.visible and not part.silent:
            part.ended_at = None
            batch.change(part, counted=False, message=True)


def _inherit(batch: Batch, leaving: int, successor: int) -> list[Talk]:
    """The successor sees all that the one who leaves can see; the answer is the conversations in which that is something new."""
    talks = [talk for talk in batch.talks.values() if (talk.id, leaving) in batch.parts]
    shown, own = _ranges(batch, talks, leaving, hidden=False), _ranges(batch, talks, successor, hidden=True)
    # What the successor deleted for good lies in a hidden span of theirs and stays gone.
    new = {talk.id: _beyond(shown[talk.id], own[talk.id]) for talk in talks}
    taken = [talk for talk in talks if new[talk.id]]
    _open(batch, successor, [talk for talk in taken if successor not in talk.open])
    spans = [(talk.id, successor, first, last) for talk in taken for first, last in new[talk.id]]
    batch.tx.write(INSERT_SPANS, [(*span[:3], False, False) for span in spans])
    batch.tx.write(INHERIT_SPANS, [(*span, False, True) for span in spans])
    _catch_up(batch, taken, leaving, successor, new)
    return taken


def _catch_up(batch: Batch, talks: list[Talk], leaving: int, successor: int, new: dict[int, list[Range]]) -> None:
    """History is no news: it stays unread only for a successor who was behind in that conversation already."""
    parts = {talk.id: batch.parts.setdefault((talk.id, successor), Part(talk.id, successor, fresh=True)) for talk in talks}
    behind = [(part.conversation, successor, part.read_through) for part in parts.values() if part.unread]
    unread = {row[0]: row[3] for row in batch.tx.rows(COUNT_OTHERS, marks=behind)} if behind else {}
    for number, part in parts.items():
        counted, before = part.counts, batch.parts[number, leaving]
        part.received_at = part.received_at or before.received_at or before.sent_at
        part.visible += sum(last - first + 1 for first, last in new[number])
        part.newest = max(part.newest, new[number][-1][1])
        part.unread = unread.get(number, 0)
        part.read_through = part.read_through if part.unread else part.newest
        part.ended_at = None
        batch.change(part, counted=counted, message=True)


def _ranges(batch: Batch, talks: Collection[Talk], person: int, *, hidden: bool) -> dict[int, list[Range]]:
    """What somebody sees of each conversation, from seq to seq, ascending; with `hidden`, also what they deleted for good."""
    found: dict[int, list[Range]] = {talk.id: [] for talk in talks}
    for number, first, last, gone in batch.tx.rows(SPANS_OF, conversations=list(found), person=person) if found else ():
        if hidden or not gone:
            found[number].append((first, batch.talks[number].last_seq if last is None else last))
    return found


def _beyond(ranges: list[Range], known: list[Range]) -> list[Range]:
    """The parts of `ranges` that none of `known` covers."""
    rest = [(first, last) for first, last in ranges if first <= last]  # opened and closed again before any message came: empty
    for begin, end in known:
        pieces = [piece for first, last in rest for piece in ((first, min(last, begin - 1)), (max(first, end + 1), last))]
        rest = [(first, last) for first, last in pieces if first <= last]
    return rest


def _open(batch: Batch, person: int, talks: Collection[Talk]) -> None:
    # A span that ended before any message came has the same first seq: it is opened again instead of added.
    batch.tx.write(INSERT_SPANS, [(talk.id, person, talk.last_seq + 1, False, False) for talk in talks])
    batch.tx.write(SHOW_SPANS, [(talk.id, person, talk.last_seq + 1, None, False) for talk in talks])
    for talk in talks:
        talk.open[person] = False


def _locked(tx: Transaction, clients: Collection[int], *people: int) -> Batch:
    rows = tx.rows(OF_CLIENTS, clients=list(clients)) if clients else []
    return Batch(tx, conversations=[row[0] for row in rows], people=people)
