"""What a message is made of, and how accepted ones are written: each table by one statement for all of a batch."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Executable, delete, select, tuple_

from chat.actions.attachments import Upload, enclose
from chat.actions.batch import Batch, Talk
from chat.actions.contact_logs import Copy, copy_to_contact_log
from chat.lib import clock
from chat.lib.signing import fingerprint
from chat.lib.sql import Rows, Sets, Statement
from chat.models import Alert, Draft, Message
from chat.models.columns import table
from chat.models.conversations import SPANS
from chat.transaction import Transaction, Who

_DRAFTS = table(Draft)
INSERT_MESSAGES = Rows(
    table(Message), ("conversation_id", "seq", "author_id", "body", "sent_at", "automatic", "in_contact_log", "attachments")
)
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
    """One message to send: into a `conversation`, or `to` people. `expects`: whom the writer was shown as its readers.

    `cc`: contacts of the writing client, who see this message and what comes later. `mass`: one of a mass message; `automatic`:
    an away message. Neither is what its author was about to write: drafts stay.
    """

    key: str
    body: str
    conversation: int | None = None
    to: tuple[int, ...] = ()
    subject: str | None = None
    expects: frozenset[int] | None = None
    cc: tuple[int, ...] = ()
    attachments: tuple[int, ...] = ()
    copy_to_contact_log: bool = False
    unread_after: int | None = None  # days after which its author is told if the client has not read it
    mass: bool = False
    automatic: bool = False
    enclosed: tuple[Upload, ...] = ()  # files that a mass message holds for all of its messages

    @property
    def fingerprint(self) -> bytes:
        """What makes another command under the same key another command."""
        more = (sorted(self.cc), self.attachments, self.copy_to_contact_log)
        # Only where it is asked for: a key from before this was known is still the key of the same command.
        watched = () if self.unread_after is None else (self.unread_after,)
        return fingerprint(self.conversation, sorted(self.to), self.subject, self.body, *more, *watched)

    def birth(self, author: int) -> str | None:
        """The unique word of the conversation that this one begins or continues; None if it names one."""
        if self.conversation is not None:
            return None
        if len(self.to) == 1 and not self.subject and not self.cc:
            return "d:{}:{}".format(*sorted((author, self.to[0])))
        # The people are part of it: a key that was refused may come again for others, and begins another one then.
        return f"t:{author}:{self.key}:" + ",".join(str(person) for person in sorted(self.to))


@dataclass(slots=True)
class Accepted:
    """A message that is to be written. `added`: contacts on Cc from this message on, `names`: whom it goes to."""

    talk: Talk
    who: Who
    what: SendMessage
    seq: int
    readers: list[int] = field(default_factory=list)
    added: list[int] = field(default_factory=list)
    files: list[Upload] = field(default_factory=list)
    names: list[str] = field(default_factory=list)


def post(batch: Batch, accepted: list[Accepted]) -> None:
    """Write the messages with all that belongs to them."""
    tx = batch.tx
    renew_keys(tx, {draft.talk.id: draft.talk for draft in accepted}.values())
    _seal_subjects(tx, accepted)
    tx.write(INSERT_MESSAGES, [_message(tx, draft) for draft in accepted])
    begun = [draft for draft in accepted if draft.seq == 1]
    spans = [(d.talk.id, person, 1, d.talk.open[person], False) for d in begun for person in sorted(d.talk.open)]
    tx.write(INSERT_SPANS, spans + [(d.talk.id, person, d.seq, True, False) for d in accepted if d.seq > 1 for person in d.added])
    members = batch.people.members
    each = batch.people.each
    late = [(d, person, members[person].staff and person not in each) for d in accepted for person in d.readers]
    tx.write(INSERT_ALERTS, [_alert(tx, d, person, late=waits) for d, person, waits in late])
    for draft in accepted:
        tx.audit("send_message", who=draft.who, client_id=draft.talk.client, conversation_id=draft.talk.id, seq=draft.seq)
    enclose(tx, [(draft.talk.id, draft.seq, draft.talk.data_key, draft.files) for draft in accepted if draft.files])
    copy_to_contact_log(tx, [_copy(tx, draft) for draft in accepted if draft.what.copy_to_contact_log])
    if places := [(d.who.person, place) for d in accepted for place in _draft_places(d)]:
        tx.rows(DELETE_DRAFTS, places=places)


def renew_keys(tx: Transaction, talks: Collection[Talk]) -> None:
    """Each conversation writes under a key of this month, so that erasing reaches no further than needed."""
    month = clock.month(tx.now)
    due = [talk for talk in talks if talk.data_key is None or talk.key_month != month]
    for talk, key in zip(due, tx.make_keys([f"conversation:{talk.id}" for talk in due]), strict=True):
        talk.data_key, talk.key_month = key, month
    tx.load_keys({talk.data_key for talk in talks if talk.data_key})


def _seal_subjects(tx: Transaction, accepted: list[Accepted]) -> None:
    for draft in accepted:
        if draft.seq == 1 and draft.what.subject and draft.what.conversation is None and not draft.talk.direct:
            draft.talk.subject = tx.seal(draft.talk.data_key, f"conversation.subject:{draft.talk.id}", draft.what.subject)


def _message(tx: Transaction, draft: Accepted) -> tuple[object, ...]:
    body = tx.seal(draft.talk.data_key, f"message.body:{draft.talk.id}:{draft.seq}", draft.what.body)
    marks = (draft.what.automatic, draft.what.copy_to_contact_log)
    return (draft.talk.id, draft.seq, draft.who.person, body, tx.now, *marks, len(draft.files))


def _copy(tx: Transaction, draft: Accepted) -> Copy:
    whose = (draft.who.organization, draft.talk.client or 0, draft.who.person)
    names, files = tuple(sorted(draft.names)), tuple(file.name for file in draft.files)
    subject = tx.open(f"conversation.subject:{draft.talk.id}", draft.talk.subject) if draft.talk.subject else None
    return Copy(*whose, f"{draft.talk.id}:{draft.seq}", draft.what.body, subject, names, files)


def _alert(tx: Transaction, draft: Accepted, person: int, *, late: bool) -> tuple[object, ...]:
    """`late`: staff are told of what stays unread, unless each message is to be announced to them."""
    due = tx.now + (tx.policy.staff_alert_delay if late else tx.policy.alert_delay)
    return (draft.who.organization, person, "message", "email", draft.talk.id, draft.seq, "waiting", due, 0, tx.now)


def _draft_places(draft: Accepted) -> list[str]:
    if draft.what.mass or draft.what.automatic:
        return []
    places = [f"c:{draft.talk.id}"]
    return [*places, draft_place(draft.what.to)] if draft.what.to else places


def draft_place(to: Sequence[int]) -> str:
    """Where the draft of a new conversation with these people is kept."""
    return "t:" + ",".join(str(person) for person in sorted(to))
