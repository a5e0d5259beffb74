"""Views: who looked at what, on record before the content leaves."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Executable, and_, literal_column, select

from chat import access
from chat.actions.marks import VIEW_QUIET
from chat.lib.sql import Sets, Statement, literal, parameter
from chat.models import AuditEntry
from chat.models.columns import table
from chat.queries.prints import printable
from chat.transaction import Transaction

_AUDIT = table(AuditEntry)


@dataclass(frozen=True, slots=True)
class View:
    """A conversation was opened, with its messages through `newest`."""

    conversation: int
    newest: int


def _recent(_: Sets) -> Executable:
    same = and_(
        _AUDIT.c.conversation_id == parameter("conversation"),
        _AUDIT.c.seq == parameter("seq"),
        _AUDIT.c.actor_id == parameter("actor"),
        _AUDIT.c.session_id == parameter("session"),
        _AUDIT.c.action == literal_column("'view'"),  # as the index of views says it
        _AUDIT.c.at > parameter("since"),
    )
    return select(literal(1)).where(same).limit(literal(1))


RECENT_VIEW = Statement(_recent)


def note_view(tx: Transaction, what: View) -> dict[str, int]:
    """One row a session, conversation and newest message within five minutes."""
    found = access.conversation(tx, tx.me, what.conversation)
    same = {"conversation": what.conversation, "seq": what.newest, "actor": tx.me.person, "session": tx.me.session}
    if not tx.rows(RECENT_VIEW, **same, since=tx.now - VIEW_QUIET):
        tx.audit("view", client_id=found[1], conversation_id=what.conversation, seq=what.newest)
    return {}


@dataclass(frozen=True, slots=True)
class Export:
    """Something of a client's record was shown or taken along: `action` names what."""

    action: str
    client: int
    details: str = ""


def note_export(tx: Transaction, what: Export) -> dict[str, int]:
    """A row before the content leaves."""
    client = access.client(tx, tx.me, what.client)
    tx.audit(what.action, client_id=client.id, person_id=client.id, details=what.details)
    return {}


@dataclass(frozen=True, slots=True)
class Exported:
    """Conversations that their reader takes along, each through a seq."""

    conversations: tuple[tuple[int, int], ...]


def note_own_export(tx: Transaction, what: Exported) -> list[int]:
    """A row for each conversation before anything of it leaves; the answer: those that are the asker's to see now."""
    found = printable(tx, [number for number, _ in what.conversations])
    there = [(number, seq) for number, seq in what.conversations if number in found]
    for number, seq in there:
        tx.audit("export_own", client_id=found[number][1], conversation_id=number, seq=seq)
    return [number for number, _ in there]


def note_record_export(tx: Transaction, client: int) -> dict[str, int]:
    """A row of the practice before the operator takes a client's whole record along."""
    tx.audit("export_record", client_id=access.client(tx, tx.me, client).id, person_id=client)
    return {}


def note_audit_export(tx: Transaction, client: int | None) -> dict[str, int]:
    """A row before the audit trail leaves as a file: all of it, or what concerns one client (administrators)."""
    access.require_administrator(tx)
    found = access.client(tx, tx.me, client) if client is not None else None
    tx.audit("export_audit", client_id=found.id if found else None)
    return {}


@dataclass(frozen=True, slots=True)
class Download:
    """A file of this message was fetched."""

    conversation: int
    seq: int


def note_download(tx: Transaction, what: Download) -> dict[str, int]:
    """A row before the file leaves."""
    found = access.conversation(tx, tx.me, what.conversation)
    tx.audit("download", client_id=found[1], conversation_id=what.conversation, seq=what.seq)
    return {}
