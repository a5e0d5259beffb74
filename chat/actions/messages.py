"""Sending messages, in sets: a fixed number of statements, whatever the number of messages and of people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete

from chat import access
from chat.access import Member
from chat.actions.attachments import Upload, check_count, own_uploads
from chat.actions.batch import Batch, People, Talk
from chat.actions.copies import Copies
from chat.actions.deletions import expired, forget
from chat.actions.posting import Accepted, SendMessage, post
from chat.actions.receipts import Receipts
from chat.actions.watches import begin_watches, check_watch
from chat.errors import Conflict, CoreError, Invalid, NotFound, Refused
from chat.lib.sentences import Sentence
from chat.lib.sql import Rows, Statement
from chat.models.conversations import CONVERSATIONS
from chat.models.people import Role
from chat.transaction import Asked, Transaction, Who, set_based

__all__ = ["SendMessage", "send_messages"]

INSERT_CONVERSATIONS = Rows(
    CONVERSATIONS, ("organization_id", "client_id", "birth", "direct", "last_seq", "key_month", "created_at"), skip_existing=True
)

# Whoever waits to begin the same conversation does so after this.
DELETE_UNUSED = Statement(
    lambda sets: delete(CONVERSATIONS).where(sets.has(CONVERSATIONS.c.id, "conversations"), CONVERSATIONS.c.last_seq == 0)
)


@set_based
def send_messages(tx: Transaction, asked: Sequence[Asked[SendMessage]]) -> list[dict[str, int] | CoreError]:
    """Send each message or say why not. A result is {"conversation", "seq"}, or the refusal; one never touches another."""
    births = _begin_conversations(tx, asked)
    named = {one.what.conversation for one in asked if one.what.conversation is not None}
    people = {person for one in asked for person in (one.who.person, *one.what.to, *one.what.cc)}
    batch = Batch(tx, conversations=named, births=births, people=people)
    # What lies in somebody's trash for 15 days is gone for them, whether or not it was purged: no message brings it back.
    forget(batch, [part for part in batch.parts.values() if expired(batch, part)])
    receipts = Receipts(tx, [one.what.key for one in asked])
    desk = _Desk(batch, receipts, Copies(tx, asked), own_uploads(tx, {file for one in asked for file in one.what.attachments}))
    accepted: list[Accepted] = []
    results = [_decide(desk, one, accepted) for one in asked]
    post(batch, accepted)
    if unused := [talk.id for talk in batch.births.values() if talk.last_seq == 0]:
        tx.rows(DELETE_UNUSED, conversations=unused)
    receipts.save()
    batch.save()
    begin_watches(tx, accepted)
    return results


@dataclass(slots=True)
class _Desk:
    """What the commands of one batch share: each sees what the earlier ones did."""

    batch: Batch
    receipts: Receipts
    copies: Copies
    uploads: dict[int, tuple[int, Upload]]


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


def _decide(desk: _Desk, one: Asked[SendMessage], accepted: list[Accepted]) -> dict[str, int] | CoreError:
    receipts, fingerprint = desk.receipts, one.what.fingerprint
    try:
        answer = receipts.answer(one.who.person, one.what.key, "send_message", fingerprint)
        if answer is None:
            draft = _admit(desk, one)
            accepted.append(draft)
            answer = {"conversation": draft.talk.id, "seq": draft.seq}
            receipts.note(one.who.person, one.what.key, "send_message", fingerprint, answer)
    except CoreError as refusal:
        return refusal
    found: dict[str, int] = answer
    return found


def _admit(desk: _Desk, one: Asked[SendMessage]) -> Accepted:
    """Check every rule and count the message in; raises a refusal before anything is touched."""
    batch = desk.batch
    _check_text(batch.tx, one.what)
    files = _files(desk, one)
    talk = _place(batch, one)
    members, author = batch.people.members, batch.people.members[one.who.person]
    added = desk.copies.added(one, talk, author)
    receivers = [members[person] for person in (*talk.open, *added) if person != author.id and _receives(batch, talk, person)]
    client = members[talk.client] if talk.client else None
    if refusal := access.closed(author, client, receivers, messaging=batch.people.messaging[talk.organization]):
        raise refusal
    _check_expected(one.what, receivers)
    if one.what.copy_to_contact_log and not (author.staff and client):
        raise Invalid("Only what staff write to a client is copied to the contact log.", field="copy_to_contact_log")
    check_watch(one.what.unread_after, staff_to_client=author.staff and client is not None)
    for number in one.what.attachments:
        del desk.uploads[number]
    for person in added:
        batch.part(talk, person)
        talk.open[person] = True
    draft = _count_in(batch, talk, one, [person.id for person in receivers])
    draft.added, draft.files = added, files
    draft.names = [person.name for person in receivers]
    return draft


def _files(desk: _Desk, one: Asked[SendMessage]) -> list[Upload]:
    """The author's own unsent uploads that the message carries; each is claimed by one message of a batch."""
    if not one.what.attachments:
        return [*one.what.enclosed]
    check_count(one.what.attachments, desk.batch.tx.policy.attachments)
    files = [desk.uploads.get(number) for number in one.what.attachments]
    if any(file is None or file[0] != one.who.person for file in files):
        raise Invalid("A file is not there any more. Attach it again.", field="attachments")
    return [*(file[1] for file in files if file is not None), *one.what.enclosed]


def _check_expected(what: SendMessage, receivers: list[Member]) -> None:
    if what.expects is not None and what.expects != {person.id for person in receivers}:
        names = sorted(person.name for person in receivers)
        raise Conflict(Sentence("This would now go to {names}. Please look again before you send.", names=names), people=names)


def _check_text(tx: Transaction, what: SendMessage) -> None:
    if not what.body.strip() and not what.attachments and not what.enclosed:
        raise Invalid("A message needs text or a file.", field="body")
    if len(what.body) > tx.policy.body_length:
        raise Invalid(
            Sentence(
                "A message may have up to {most} characters; this one has {length}.",
                most=tx.policy.body_length,
                length=len(what.body),
            ),
            field="body",
        )
    if what.subject and len(what.subject) > tx.policy.subject_length:
        long = Sentence("A subject may have up to {most} characters.", most=tx.policy.subject_length)
        raise Invalid(long, field="subject")


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
    if len(others) > 1 and not one.what.subject and not one.what.cc:
        return Invalid("A message to several people needs a subject.", field="subject")
    clients = [person.id for person in (author, *others) if person.role == Role.CLIENT]
    if len(clients) > 1:
        return Refused("A conversation has at most one client. Use a mass message to write to several.")
    client = clients[0] if clients else None
    outsider = next((other for other in others if other.staff and not access.reaches(other, client, people.assigned)), None)
    return Refused(Sentence("{name} does not look after this client.", name=outsider.name)) if outsider else client


def _receives(batch: Batch, talk: Talk, person: int) -> bool:
    member = batch.people.members[person]
    return (
        member.active and (not member.staff or access.reaches(member, talk.client, batch.people.assigned))
    ) or person == talk.client


def _count_in(batch: Batch, talk: Talk, one: Asked[SendMessage], receivers: list[int]) -> Accepted:
    talk.last_seq += 1
    talk.dirty = True
    for person in (one.who.person, *receivers):
        part = batch.part(talk, person)
        counted = part.counts
        part.visible += 1
        part.newest = talk.last_seq
        if one.what.mass and person == one.who.person:
            # In Sent a mass message is one row of its own: this side shows itself with the first reply.
            part.ended_at = batch.tx.now
            batch.hold(part)
            continue
        # A new message, one's own included, brings a trashed or deleted conversation back and stops the clock.
        part.trashed_at = part.ended_at = None
        if person == one.who.person:
            part.sent_at = batch.tx.now
        else:
            part.received_at = batch.tx.now
            part.unread += 1
        batch.change(part, counted=counted, message=True)
    return Accepted(talk, one.who, one.what, talk.last_seq, receivers)
