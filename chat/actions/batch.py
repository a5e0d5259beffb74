"""Conversations and mailboxes, locked in order, then read, then computed on, then written back in sets.

Every action that touches conversations goes through here. What was read before the locks is never written back; what an
earlier command of the same batch did is seen by the later ones, because all work on these same objects.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from operator import attrgetter

from sqlalchemy import Executable, and_, or_, select, union

from chat.access import MEMBER_COLUMNS, ORGANIZATIONS, PEOPLE, Member, gone_at, member
from chat.lib.sql import Changes, Rows, Sets, Statement
from chat.models import Assignment, Mailbox
from chat.models.columns import table
from chat.models.conversations import CONVERSATIONS, PARTICIPANTS, SPANS
from chat.transaction import Transaction

_BOXES, _ASSIGNMENTS = table(Mailbox), table(Assignment)
_STATE = (
    *("received_at", "sent_at", "trashed_at", "ended_at", "read_through", "receipt_through"),
    *("visible", "unread", "newest", "change", "message_change"),
)
_ROW = attrgetter("conversation", "person", *_STATE)


@dataclass(slots=True)
class Talk:
    """A locked conversation. `open` are those whom the next message reaches, with whether they are on Cc."""

    id: int
    organization: int
    client: int | None
    birth: str
    direct: bool
    subject: bytes | None
    last_seq: int
    data_key: int | None
    key_month: int
    open: dict[int, bool] = field(default_factory=dict)
    dirty: bool = False

    @property
    def sealed(self) -> tuple[bytes | None, int | None, int]:
        """The sealed subject, the key that seals now, and since which month."""
        return self.subject, self.data_key, self.key_month


@dataclass(slots=True)
class Part:
    """One locked conversation as one person has it; the fields are those of Participant."""

    conversation: int
    person: int
    received_at: int | None = None
    sent_at: int | None = None
    trashed_at: int | None = None
    ended_at: int | None = None
    read_through: int = 0
    receipt_through: int = 0
    visible: int = 0
    unread: int = 0
    newest: int = 0
    change: int = 0
    message_change: int = 0
    fresh: bool = False

    @property
    def counts(self) -> bool:
        """Whether this conversation is one of its person's unread ones."""
        return self.unread > 0 and self.trashed_at is None and self.ended_at is None

    @property
    def silent(self) -> bool:
        """The sender's side of a mass message's conversation without a reply: it stands in no folder of its own."""
        return self.received_at is None and self.sent_at is None and self.visible > 0


@dataclass(slots=True)
class Box:
    """A locked mailbox."""

    change: int
    unread: int
    dirty: bool = False
    clients_change: int = 0  # the number of a change about their clients that this batch makes


def _talks(sets: Sets) -> Executable:
    names = ("id", "organization_id", "client_id", "birth", "direct", "subject", "last_seq", "data_key_id", "key_month")
    found = or_(sets.has(CONVERSATIONS.c.id, "ids"), sets.has(CONVERSATIONS.c.birth, "births"))
    return (
        select(*(CONVERSATIONS.c[name] for name in names))
        .where(found)
        .order_by(CONVERSATIONS.c.id)
        .with_for_update(key_share=True)
    )


def _boxes(sets: Sets) -> Executable:
    partners = select(PARTICIPANTS.c.person_id).where(sets.has(PARTICIPANTS.c.conversation_id, "conversations"))
    people = union(partners, select(sets.members("people").c.value))
    locked = select(_BOXES.c.person_id, _BOXES.c.change, _BOXES.c.unread).where(_BOXES.c.person_id.in_(people))
    return locked.order_by(_BOXES.c.person_id).with_for_update(key_share=True)


def _parts(sets: Sets) -> Executable:
    is_open = and_(
        SPANS.c.conversation_id == PARTICIPANTS.c.conversation_id,
        SPANS.c.person_id == PARTICIPANTS.c.person_id,
        SPANS.c.to_seq.is_(None),
    )
    state = (PARTICIPANTS.c[name] for name in ("conversation_id", "person_id", *_STATE))
    joined = PARTICIPANTS.outerjoin(SPANS, is_open)
    return (
        select(*state, SPANS.c.from_seq, SPANS.c.cc)
        .select_from(joined)
        .where(sets.has(PARTICIPANTS.c.conversation_id, "conversations"))
    )


def _members(sets: Sets) -> Executable:
    joined = PEOPLE.join(ORGANIZATIONS, ORGANIZATIONS.c.id == PEOPLE.c.organization_id)
    columns = (*MEMBER_COLUMNS, ORGANIZATIONS.c.messaging_enabled, PEOPLE.c.alerts_email, ORGANIZATIONS.c.deletes_since)
    return select(*columns).select_from(joined).where(sets.has(PEOPLE.c.id, "people"))


LOCK_CONVERSATIONS = Statement(_talks)
LOCK_MAILBOXES = Statement(_boxes)
SELECT_PARTS = Statement(_parts)
SELECT_MEMBERS = Statement(_members)
SELECT_ASSIGNED = Statement(
    lambda sets: select(_ASSIGNMENTS.c.client_id, _ASSIGNMENTS.c.therapist_id).where(
        sets.has(_ASSIGNMENTS.c.client_id, "clients")
    )
)
INSERT_PARTS = Rows(PARTICIPANTS, ("conversation_id", "person_id", *_STATE))
UPDATE_PARTS = Changes(PARTICIPANTS, ("conversation_id", "person_id"), _STATE)
UPDATE_BOXES = Changes(_BOXES, ("person_id",), ("change", "unread"))
TELL_OF_CLIENTS = Changes(_BOXES, ("person_id",), ("clients_change",))
UPDATE_TALKS = Changes(CONVERSATIONS, ("id",), ("last_seq",))
RENEW_TALKS = Changes(CONVERSATIONS, ("id",), ("subject", "data_key_id", "key_month"))


class People:
    """Facts about people, read in two statements: who they are, and who looks after whom."""

    def __init__(self, tx: Transaction, people: Iterable[int]) -> None:
        self.members: dict[int, Member] = {}
        self.messaging: dict[int, bool] = {}
        self.deletes_since: dict[int, int | None] = {}  # since when each practice deletes for good
        self.each: set[int] = set()  # who wants an alert email for each message
        for row in tx.rows(SELECT_MEMBERS, people=list(people)):
            self.members[row[0]] = member(row)
            self.messaging[row[1]] = bool(row[7])
            self.deletes_since[row[1]] = row[9]
            if row[8] == "each":
                self.each.add(row[0])
        clients = [one.id for one in self.members.values() if one.role == "client"]
        self.assigned: set[tuple[int, int]] = (
            {(row[0], row[1]) for row in tx.rows(SELECT_ASSIGNED, clients=clients)} if clients else set()
        )


class Batch:
    """The locked state that a batch of commands computes on."""

    def __init__(
        self, tx: Transaction, *, conversations: Iterable[int] = (), births: Iterable[str] = (), people: Iterable[int] = ()
    ) -> None:
        self.tx = tx
        self.talks = {row[0]: Talk(*row) for row in tx.rows(LOCK_CONVERSATIONS, ids=list(conversations), births=list(births))}
        self.births = {talk.birth: talk for talk in self.talks.values()}
        self._sealed = {talk.id: talk.sealed for talk in self.talks.values()}
        boxes = tx.rows(LOCK_MAILBOXES, conversations=list(self.talks), people=list(people))
        self.boxes = {row[0]: Box(row[1], row[2]) for row in boxes}
        self.parts: dict[tuple[int, int], Part] = {}
        self._changed: dict[tuple[int, int], Part] = {}
        self._load()

    def _load(self) -> None:
        for row in self.tx.rows(SELECT_PARTS, conversations=list(self.talks)) if self.talks else ():
            part = Part(*row[:13])
            self.parts[part.conversation, part.person] = part
            if row[13] is not None:
                self.talks[part.conversation].open[part.person] = bool(row[14])
        clients = {talk.client for talk in self.talks.values() if talk.client}
        self.people = People(self.tx, clients | set(self.boxes))

    def part(self, talk: Talk, person: int) -> Part:
        """This person's side of the conversation; begun if there is none."""
        found = self.parts.get((talk.id, person))
        if found is None:
            found = self.parts[talk.id, person] = Part(talk.id, person, fresh=True)
            talk.open.setdefault(person, False)
        return found

    def change(self, part: Part, *, counted: bool, message: bool = False) -> None:
        """Give `part` the next change number of its mailbox. `counted`: whether it counted as unread before the change."""
        box = self.boxes[part.person]
        box.change += 1
        box.unread += part.counts - counted
        box.dirty = True
        part.change = box.change
        if message:
            part.message_change = box.change
        self._changed[part.conversation, part.person] = part

    def tell_of_clients(self, person: int) -> None:
        """Give this person's mailbox a change that says: something about a client whom you look after is different now."""
        box = self.boxes[person]
        box.change += 1
        box.clients_change = box.change
        box.dirty = True

    def hold(self, part: Part) -> None:
        """Write `part` without a change number: nothing of it is to be seen yet."""
        self._changed[part.conversation, part.person] = part

    def gone(self, part: Part) -> bool:
        """Whether the 15 days of a trashed conversation are over for its owner, purged or not."""
        since = self.people.deletes_since[self.talks[part.conversation].organization]
        at = gone_at(part.trashed_at, since)
        return at is not None and at <= self.tx.now

    def has_changed(self, part: Part) -> bool:
        """Whether this batch gave `part` a new change number already."""
        return (part.conversation, part.person) in self._changed

    def save(self) -> None:
        """Write all that changed, each table by one statement, and note whom to ring."""
        ordered = [self._changed[key] for key in sorted(self._changed)]
        self.tx.write(INSERT_PARTS, [_ROW(part) for part in ordered if part.fresh])
        self.tx.write(UPDATE_PARTS, [_ROW(part) for part in ordered if not part.fresh])
        boxes = [(person, box.change, box.unread) for person, box in self.boxes.items() if box.dirty]
        self.tx.write(UPDATE_BOXES, boxes)
        self.tx.write(TELL_OF_CLIENTS, [(one, box.clients_change) for one, box in self.boxes.items() if box.clients_change])
        talks = [talk for talk in self.talks.values() if talk.dirty]
        self.tx.write(UPDATE_TALKS, [(talk.id, talk.last_seq) for talk in talks])
        # Apart, because it is rare and the key is in an index.
        self.tx.write(RENEW_TALKS, [(t.id, *t.sealed) for t in talks if t.sealed != self._sealed[t.id]])
        self.tx.ring(row[0] for row in boxes)
