"""Sending and reading messages, in sets: a fixed number of statements, whatever the number of messages and of people."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Executable, delete, select, tuple_

from chat import access
from chat.actions.batch import Batch, People, Talk
from chat.actions.deletions import expired, forget
from chat.actions.receipts import Receipts
from chat.errors import Conflict, CoreError, Invalid, NotFound, Refused
from chat.lib import clock
from chat.lib.signing import fingerprint
from chat.lib.sql import Rows, Sets, Statement
from chat.lib.words import listed
from chat.models import Alert, Draft, Message
from chat.models.columns import table
from chat.models.conversations import CONVERSATIONS, SPANS
from chat.models.people import Role
from chat.transaction import Asked, Transaction, Who, set_based

_DRAFTS = table(Draft)
INSERT_CONVERSATIONS = Rows(
    CONVERSATIONS, ("organization_id", "client_id", "birth", "direct", "last_seq", "key_month", "created_at"), skip_existing=True
)
INSERT_MESSAGES = Rows(table(Message), ("conversation_id", "seq", "author_id", "body", "sent_at", "automatic", "in_contact_log"))
INSERT_SPANS = Rows(SPANS, ("conversation_id", "person_id", "from_seq", "cc", "hidden"), skip_existing=True)
INSERT_ALERTS = Rows(
    table(Alert),
    ("organization_id", "person_id", "kind", "channel", "conversation_id", "seq", "state", "due_at", "attempt", "created_at"),
)


def _delete_drafts(sets: Sets) -> Executable:
    sent = sets.relation("places", person=_DRAFTS.c.person_id.type, place=_DRAFTS.c.place.type)
    return delete(_DRAFTS).where(tuple_(_DRAFTS.c.person_id, _DRAFTS.c.place).in_(select(sent.c.person, sent.c.place)))


DELETE_DRAFTS = Statement(_delete_drafts)


@dataclass(frozen=True, slots=True)
class SendMessage:
    """One message to send: into a `conversation`, or `to` people. `expects`: whom the writer was shown as its readers."""

    key: str
    body: str
    conversation: int | None = None
    to: tuple[int, ...] = ()
    subject: str | None = None
    expects: frozenset[int] | None = None

    @property
    def fingerprint(self) -> bytes:
        """What makes another command under the same key another command."""
        return fingerprint(self.conversation, sorted(self.to), self.subject, self.body)

    def birth(self, author: int) -> str | None:
        """The unique word of the conversation that this one begins or continues; None if it names one."""
        if self.conversation is not None:
            return None
        if len(self.to) == 1 and not self.subject:
            return "d:{}:{}".format(*sorted((author, self.to[0])))
        # The people are part of it: a key that was refused may come again for others, and begins another one then.
        return f"t:{author}:{self.key}:" + ",".join(str(person) for person in sorted(self.to))


@dataclass(slots=True)
class _Accepted:
    talk: Talk
    who: Who
    what: SendMessage
    seq: int
    readers: list[int] = field(default_factory=list)


@set_based
def send_messages(tx: Transaction, asked: Sequence[Asked[SendMessage]]) -> list[dict[str, int] | CoreError]:
    """Send each message or say why not. A result is {"conversation", "seq"}, or the refusal; one never touches another."""
    births = _begin_conversations(tx, asked)
    named = {one.what.conversation for one in asked if one.what.conversation is not None}
    people = {one.who.person for one in asked} | {person for one in asked for person in one.what.to}
    batch = Batch(tx, conversations=named, births=births, people=people)
    # What lies in somebody's trash for 15 days is gone for them, whether or not it was purged: no message brings it back.
    forget(batch, [part for part in batch.parts.values() if expired(part, tx.now)])
    receipts = Receipts(tx, [one.what.key for one in asked])
    accepted: list[_Accepted] = []
    results = [_decide(batch, receipts, one, accepted) for one in asked]
    _write(batch, accepted)
    receipts.save()
    batch.save()
    return results


def _begin_conversations(tx: Transaction, asked: Sequence[Asked[SendMessage]]) -> list[str]:
    """Insert the conversations that messages `to` people need, before the locks; under them, rights are asked again."""
    first = [one for one in asked if one.what.to]
    if not first:
        return []
    people = People(tx, {one.who.person for one in first} | {person for one in first for person in one.what.to})
    rows = {}
    for one in first:
        if isinstance(client := _addressed(people, one), CoreError):
            continue
        birth = one.what.birth(one.who.person)
        rows[birth] = (one.who.organization, client, birth, birth is not None and birth[0] == "d", 0, 0, tx.now)
    tx.write(INSERT_CONVERSATIONS, [rows[birth] for birth in sorted(rows, key=str)])
    return [birth for birth in rows if birth]


def _decide(batch: Batch, receipts: Receipts, one: Asked[SendMessage], accepted: list[_Accepted]) -> dict[str, int] | CoreError:
    try:
        answer = receipts.answer(one.who.person, one.what.key, "send_message", one.what.fingerprint)
        if answer is None:
            draft = _admit(batch, one)
            accepted.append(draft)
            answer = {"conversation": draft.talk.id, "seq": draft.seq}
            receipts.note(one.who.person, one.what.key, "send_message", one.what.fingerprint, answer)
    except CoreError as refusal:
        return refusal
    found: dict[str, int] = answer
    return found


def _admit(batch: Batch, one: Asked[SendMessage]) -> _Accepted:
    """Check every rule and count the message in; raises a refusal before anything is touched."""
    _check_text(batch.tx, one.what)
    talk = _place(batch, one)
    others = [person for person in talk.open if person != one.who.person]
    members = batch.people.members
    client = members[talk.client] if talk.client else None
    receivers = [members[person] for person in others if _receives(batch, talk, person)]
    author = members[one.who.person]
    if refusal := access.closed(author, client, receivers, messaging=batch.people.messaging[talk.organization]):
        raise refusal
    if one.what.expects is not None and one.what.expects != {person.id for person in receivers}:
        names = [person.name for person in receivers]
        raise Conflict(f"This would now go to {listed(names)}. Please look again before you send.", people=names)
    return _count_in(batch, talk, one, [person.id for person in receivers])


def _check_text(tx: Transaction, what: SendMessage) -> None:
    if not what.body.strip():
        raise Invalid("A message needs text or a file.", field="body")
    if len(what.body) > tx.policy.body_length:
        raise Invalid(
            f"A message may have up to {tx.policy.body_length:,} characters; this one has {len(what.body):,}.", field="body"
        )
    if what.subject and len(what.subject) > tx.policy.subject_length:
        raise Invalid(f"A subject may have up to {tx.policy.subject_length} characters.", field="subject")


def _place(batch: Batch, one: Asked[SendMessage]) -> Talk:
    """The conversation to write into, with its people in it; NotFound for one that the author does not take part in."""
    author, what = one.who, one.what
    if what.conversation is not None:
        talk = batch.talks.get(what.conversation)
        if talk is None or not _takes_part(batch, talk, author):
            raise NotFound
        return talk
    client = _addressed(batch.people, one)
    if isinstance(client, CoreError):
        raise client
    talk = batch.births[what.birth(author.person) or ""]
    for person in sorted({author.person, *what.to}):
        batch.part(talk, person)
    return talk


def _takes_part(batch: Batch, talk: Talk, author: Who) -> bool:
    part = batch.parts.get((talk.id, author.person))
    here = author.person in talk.open and part is not None and part.ended_at is None
    return here and author.reaches(talk.id, batch.tx.now) and _receives(batch, talk, author.person)


def _addressed(people: People, one: Asked[SendMessage]) -> int | CoreError | None:
    """The client whom a new conversation concerns (None: team only), or why these people cannot be written to."""
    author, to = people.members[one.who.person], one.what.to
    if one.who.scope is None and author.role == Role.CONTACT:
        # Before anybody is looked up: the answer is the same whoever it is to.
        return Refused("You can answer here, but not start a conversation.")
    if one.who.scope is not None or not to or any(person not in people.members for person in to):
        return NotFound()
    others = [people.members[person] for person in to]
    if not all(access.may_begin(author, other, people.assigned) for other in others):
        return NotFound()
    if len(others) > 1 and not one.what.subject:
        return Invalid("A message to several people needs a subject.", field="subject")
    clients = [person.id for person in (author, *others) if person.role == Role.CLIENT]
    if len(clients) > 1:
        return Refused("A conversation has at most one client. Use a mass message to write to several.")
    client = clients[0] if clients else None
    outsider = next((other for other in others if other.staff and not access.reaches(other, client, people.assigned)), None)
    return Refused(f"{outsider.name} does not look after this client.") if outsider else client


def _receives(batch: Batch, talk: Talk, person: int) -> bool:
    member = batch.people.members[person]
    return (
        member.active and (not member.staff or access.reaches(member, talk.client, batch.people.assigned))
    ) or person == talk.client


def _count_in(batch: Batch, talk: Talk, one: Asked[SendMessage], receivers: list[int]) -> _Accepted:
    talk.last_seq += 1
    talk.dirty = True
    for person in (one.who.person, *receivers):
        part = batch.part(talk, person)
        counted = part.counts
        part.visible += 1
        part.newest = talk.last_seq
        # A new message, one's own included, brings a trashed or deleted conversation back and stops the clock.
        part.trashed_at = part.ended_at = None
        if person == one.who.person:
            part.sent_at = batch.tx.now
        else:
            part.received_at = batch.tx.now
            part.unread += 1
        batch.change(part, counted=counted, message=True)
    return _Accepted(talk, one.who, one.what, talk.last_seq, receivers)


def _write(batch: Batch, accepted: list[_Accepted]) -> None:
    tx = batch.tx
    renew_keys(tx, {draft.talk.id: draft.talk for draft in accepted}.values())
    _seal_subjects(tx, accepted)
    tx.write(INSERT_MESSAGES, [_message(tx, draft) for draft in accepted])
    begun = [draft for draft in accepted if draft.seq == 1]
    tx.write(INSERT_SPANS, [(d.talk.id, person, 1, d.talk.open[person], False) for d in begun for person in sorted(d.talk.open)])
    members = batch.people.members
    tx.write(INSERT_ALERTS, [_alert(tx, d, person, staff=members[person].staff) for d in accepted for person in d.readers])
    for draft in accepted:
        tx.audit("send_message", who=draft.who, client_id=draft.talk.client, conversation_id=draft.talk.id, seq=draft.seq)
    if places := [(d.who.person, place) for d in accepted for place in _draft_places(d)]:
        tx.rows(DELETE_DRAFTS, places=places)


def renew_keys(tx: Transaction, talks: Collection[Talk]) -> None:
    """Each conversation writes under a key of this month, so that erasing reaches no further than needed."""
    month = clock.month(tx.now)
    due = [talk for talk in talks if talk.data_key is None or talk.key_month != month]
    for talk, key in zip(due, tx.make_keys([f"conversation:{talk.id}" for talk in due]), strict=True):
        talk.data_key, talk.key_month = key, month
    tx.load_keys({talk.data_key for talk in talks if talk.data_key})


def _seal_subjects(tx: Transaction, accepted: list[_Accepted]) -> None:
    for draft in accepted:
        if draft.seq == 1 and draft.what.subject and draft.what.conversation is None and not draft.talk.direct:
            draft.talk.subject = tx.seal(draft.talk.data_key, f"conversation.subject:{draft.talk.id}", draft.what.subject)


def _message(tx: Transaction, draft: _Accepted) -> tuple[object, ...]:
    body = tx.seal(draft.talk.data_key, f"message.body:{draft.talk.id}:{draft.seq}", draft.what.body)
    return (draft.talk.id, draft.seq, draft.who.person, body, tx.now, False, False)


def _alert(tx: Transaction, draft: _Accepted, person: int, *, staff: bool) -> tuple[object, ...]:
    due = tx.now + (tx.policy.staff_alert_delay if staff else tx.policy.alert_delay)
    return (draft.who.organization, person, "message", "email", draft.talk.id, draft.seq, "waiting", due, 0, tx.now)


def _draft_places(draft: _Accepted) -> list[str]:
    places = [f"c:{draft.talk.id}"]
    return [*places, draft_place(draft.what.to)] if draft.what.to else places


def draft_place(to: Sequence[int]) -> str:
    """Where the draft of a new conversation with these people is kept."""
    return "t:" + ",".join(str(person) for person in sorted(to))
