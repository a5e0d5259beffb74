"""The contact log: copied into with a message, or written by hand; never edited. Clients and contacts cannot learn of it.

For staff alone.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from chat import access
from chat.actions.receipts import once
from chat.errors import Invalid
from chat.lib.sentences import Sentence
from chat.lib.signing import fingerprint
from chat.lib.sql import Rows, Statement
from chat.models import ContactLog, ContactLogEntry
from chat.models.columns import table
from chat.transaction import Transaction

_LOGS = table(ContactLog)
LOGS = Statement(lambda sets: select(_LOGS.c.client_id, _LOGS.c.data_key_id).where(sets.has(_LOGS.c.client_id, "clients")))
INSERT_LOGS = Rows(_LOGS, ("client_id", "data_key_id"), skip_existing=True)
INSERT_ENTRIES = Rows(
    table(ContactLogEntry), ("organization_id", "client_id", "author_id", "at", "by_hand", "mark", "content"), skip_existing=True
)


@dataclass(frozen=True, slots=True)
class Copy:
    """What is to stand in a client's log, verbatim. `mark` is unique: "<conversation>:<seq>", or the key of the command."""

    organization: int
    client: int
    author: int
    mark: str
    body: str
    subject: str | None = None
    recipients: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    by_hand: bool = False


@dataclass(frozen=True, slots=True)
class NewEntry:
    """A note by hand."""

    key: str
    client: int
    body: str
    subject: str | None = None


def copy_to_contact_log(tx: Transaction, copies: Sequence[Copy]) -> None:
    """Add entries, by a fixed number of statements. The clients' conversations are locked by the caller."""
    if not copies:
        return
    keys = _keys(tx, {copy.client for copy in copies})
    rows = []
    for copy in copies:
        content = {"body": copy.body, "subject": copy.subject, "recipients": copy.recipients, "files": copy.files}
        sealed = tx.seal(keys[copy.client], place(copy.client, copy.mark), json.dumps(content))
        rows.append((copy.organization, copy.client, copy.author, tx.now, copy.by_hand, copy.mark, sealed))
    tx.write(INSERT_ENTRIES, rows)


def add_contact_log_entry(tx: Transaction, what: NewEntry) -> dict[str, str]:
    """Write an entry by hand, for whoever looks after the client."""
    client = access.client(tx, tx.me, what.client)
    if not what.body.strip():
        raise Invalid("An entry needs text.", field="body")
    if len(what.body) > tx.policy.body_length or len(what.subject or "") > tx.policy.subject_length:
        raise Invalid(Sentence("An entry may have up to {most} characters.", most=tx.policy.body_length), field="body")

    def write() -> dict[str, str]:
        entry = Copy(tx.me.organization, client.id, tx.me.person, what.key, what.body, what.subject, by_hand=True)
        copy_to_contact_log(tx, [entry])
        tx.audit("add_contact_log_entry", client_id=client.id)
        return {}

    mark = fingerprint(client.id, what.body, what.subject)
    answer: dict[str, str] = once(tx, what.key, "add_contact_log_entry", mark, write)
    return answer


def place(client: int, mark: str) -> str:
    """Where an entry's content is sealed to."""
    return f"contact_log_entry.content:{client}:{mark}"


def _keys(tx: Transaction, clients: Collection[int]) -> dict[int, int]:
    found = {row[0]: row[1] for row in tx.rows(LOGS, clients=list(clients))}
    new = sorted(set(clients) - set(found))
    if new:
        made = tx.make_keys([f"contact log:{client}" for client in new])
        tx.write(INSERT_LOGS, list(zip(new, made, strict=True)))
        # Somebody else may have begun the same log meanwhile: theirs holds, and the key made here seals nothing.
        found = {row[0]: row[1] for row in tx.rows(LOGS, clients=list(clients))}
    tx.load_keys(found.values())
    return found
