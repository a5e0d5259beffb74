"""Mass messages, for their sender: one row in Sent, with the state per client."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any, NamedTuple, TypedDict

from sqlalchemy import BigInteger, ColumnElement, Executable, Select, Text, and_, exists, func, select

from chat import access
from chat.access import PEOPLE, gone_at, related, trash_cutoff
from chat.errors import NotFound
from chat.lib.crypto import key_of
from chat.lib.sentences import Sentence, sentence, unpacked
from chat.lib.sql import Sets, Statement, literal, parameter
from chat.lib.words import WORDS, excerpt, patterns
from chat.models import Alert, MassMessage, MassRecipient, Message
from chat.models.columns import table
from chat.models.conversations import READ_MARKS
from chat.models.people import Role
from chat.queries.damage import FILE, MESSAGE, SUBJECT, opened_or
from chat.queries.keeping import Keeping, keeping_masses, kept_view
from chat.transaction import Reading

_MASS, _RECIPIENTS, _ALERTS, _MESSAGES = table(MassMessage), table(MassRecipient), table(Alert), table(Message)
GONE = 0  # an instant from before every cutoff: what was trashed then is in no mailbox
PAGE = 50
CLIENTS = 200
_LAST = 1 << 61


class MassView(TypedDict):
    """One mass message. `done` of `of` are written; a finished or cancelled one says when."""

    id: int
    key: str
    subject: str
    first_words: str
    body: str
    attachments: list[str]  # names
    sent_at: int
    done: int
    of: int
    skipped: int
    cancelled_at: int | None
    finished_at: int | None
    trashed_at: int | None
    deleted_at: int | None
    kept: dict[str, Any] | None  # of one in the trash: why it cannot be deleted for good


class Progress(NamedTuple):
    """How far a mass message is, by the number of its last change in the sender's mailbox. `state`: running, cancelled,
    finished, trash, or gone."""

    number: int
    id: int
    key: str
    done: int
    of: int
    state: str


class RecipientView(TypedDict):
    """One client of it: waiting, sent, alerted, read, replied, skipped or cancelled."""

    id: int
    name: str
    state: str
    reason: str
    conversation: int | None


def _mine(_: Sets) -> Select[Any]:
    names = ("id", "key", "subject", "body", "files", "created_at", "done", "total", "cancelled_at", "finished_at", "trashed_at")
    of = _RECIPIENTS.c.mass_message_id == _MASS.c.id
    skipped = select(func.count()).select_from(_RECIPIENTS).where(of, _RECIPIENTS.c.state == "skipped").scalar_subquery()
    trashed = parameter("trashed", PEOPLE.c.active.type)
    here = and_(_MASS.c.trashed_at.is_not(None), in_folder(), trashed) | and_(_MASS.c.trashed_at.is_(None), ~trashed)
    mine = and_(_MASS.c.sender_id == parameter("sender"), _MASS.c.id < parameter("before"), here)
    rows = select(*(_MASS.c[name] for name in names), skipped).where(mine)
    return rows.order_by(_MASS.c.id.desc()).limit(parameter("limit"))


def _found(sets: Sets) -> Executable:
    # First the clients who are called so, then one look at the key for each: never through five thousand recipients.
    # The limit keeps PostgreSQL from turning this into a walk through everybody's recipients.
    words = and_(*(PEOPLE.c.search_name.like(parameter(name, Text()), escape="\\") for name in WORDS))
    here = and_(PEOPLE.c.organization_id == parameter("organization"), PEOPLE.c.role == Role.CLIENT.value, words)
    mine = related(parameter("sender"), parameter("role", PEOPLE.c.role.type), PEOPLE.c.id)
    called = select(PEOPLE.c.id).where(here, mine).cte("called").prefix_with("MATERIALIZED")
    reached = and_(_RECIPIENTS.c.mass_message_id == _MASS.c.id, _RECIPIENTS.c.client_id == called.c.id)
    one = select(_RECIPIENTS.c.client_id).select_from(called.join(_RECIPIENTS, reached)).limit(literal(1))
    return _mine(sets).where(one.scalar_subquery().is_not(None))


def _still_mine(client: ColumnElement[Any]) -> ColumnElement[bool]:
    """Rule: what became of it with a client who got it is told as long as the sender looks after the client."""
    return (_RECIPIENTS.c.state != "sent") | related(parameter("sender"), parameter("role", PEOPLE.c.role.type), client)


def _clients(_: Sets) -> Executable:
    talk, client = _RECIPIENTS.c.conversation_id, _RECIPIENTS.c.client_id
    told = and_(_ALERTS.c.conversation_id == talk, _ALERTS.c.person_id == client, _ALERTS.c.state == "sent")
    alerted = exists().where(told)
    read = exists().where(READ_MARKS.c.conversation_id == talk, READ_MARKS.c.person_id == client)
    replied = exists().where(_MESSAGES.c.conversation_id == talk, _MESSAGES.c.author_id == client)
    own = exists().where(_MASS.c.id == _RECIPIENTS.c.mass_message_id, _own())
    columns = (client, PEOPLE.c.name, _RECIPIENTS.c.state, _RECIPIENTS.c.reason, talk, alerted, read, replied)
    joined = select(*columns).join(PEOPLE, PEOPLE.c.id == client)
    mine = and_(_RECIPIENTS.c.mass_message_id == parameter("mass"), client > parameter("after"), own, _still_mine(client))
    return joined.where(mine).order_by(client).limit(parameter("limit"))


def _own() -> ColumnElement[bool]:
    """Rule: the sender's, and not gone from the trash."""
    return and_(_MASS.c.sender_id == parameter("sender"), in_folder())


def in_folder() -> ColumnElement[bool]:
    """Rule: in Sent or in the trash, and not gone. Needs the parameter `cutoff`, as `access.in_mailbox` does."""
    there = func.coalesce(_MASS.c.trashed_at, literal(GONE + 1)) > literal(GONE)
    return and_(there, access.in_mailbox(_MASS.c.trashed_at, _MASS.c.organization_id))


def _progress(sets: Sets) -> Executable:
    senders = sets.relation("senders", person=BigInteger(), cursor=BigInteger())
    joined = senders.join(_MASS, and_(_MASS.c.sender_id == senders.c.person, _MASS.c.change > senders.c.cursor))
    names = ("sender_id", "change", "id", "key", "done", "total", "finished_at", "cancelled_at", "trashed_at")
    return select(*(_MASS.c[name] for name in names), in_folder()).select_from(joined).order_by(_MASS.c.change)


def _talks(sets: Sets) -> Executable:
    joined = _RECIPIENTS.join(_MASS, _MASS.c.id == _RECIPIENTS.c.mass_message_id)
    joined = joined.join(PEOPLE, PEOPLE.c.id == _RECIPIENTS.c.client_id)
    wanted = and_(sets.has(_MASS.c.id, "masses"), _own(), _RECIPIENTS.c.conversation_id.is_not(None))
    rows = select(_MASS.c.id, _RECIPIENTS.c.conversation_id).select_from(joined).where(wanted)
    return rows.order_by(_MASS.c.id, PEOPLE.c.search_name, _RECIPIENTS.c.client_id)


MINE, FOUND, RECIPIENTS, PROGRESS, TALKS = (Statement(build) for build in (_mine, _found, _clients, _progress, _talks))
OWN = Statement(lambda _: select(_MASS.c.id).where(_MASS.c.id == parameter("mass"), _own()))


Page = tuple[list[MassView], int | None]


def mass_messages(reading: Reading, before: int | None = None, *, trashed: bool = False) -> Page:
    """The asker's mass messages in Sent or in the trash, the latest first, and the id before which the next page begins."""
    return _page(reading, MINE, before, trashed=trashed, **_asker(reading))


def find_mass_messages(reading: Reading, search: str, before: int | None = None, *, trashed: bool = False) -> Page:
    """The same, of those with a client among their recipients whom the asker looks after and whose name holds every word."""
    named = {"organization": reading.me.organization, **patterns(search)}
    return _page(reading, FOUND, before, trashed=trashed, **_asker(reading), **named)


def _page(reading: Reading, statement: Statement, before: int | None, **where: Any) -> Page:
    rows = reading.rows(statement, **where, before=before or _LAST, limit=PAGE + 1)
    reading.load_keys({key_of(row[2]) for row in rows})
    rules = keeping_masses(reading, [row[0] for row in rows[:PAGE]]) if where["trashed"] else {}
    views = [_view(reading, row, rules.get(row[0])) for row in rows[:PAGE]]
    return views, views[-1]["id"] if len(rows) > PAGE else None


def mass_recipients(reading: Reading, number: int, after: int = 0) -> tuple[list[RecipientView], int | None]:
    """The clients of one of the asker's mass messages, with their state; NotFound for anybody else's."""
    rows = reading.rows(RECIPIENTS, mass=number, after=after, limit=CLIENTS + 1, **_asker(reading))
    if not rows and not after and not reading.rows(OWN, mass=number, **_asker(reading)):
        raise NotFound
    views = [_recipient(row) for row in rows[:CLIENTS]]
    return views, views[-1]["id"] if len(rows) > CLIENTS else None


def progress(reading: Reading, senders: Collection[tuple[int, int]]) -> dict[int, list[Progress]]:
    """What moved of these people's mass messages beyond a number of theirs, given as (person, number)."""
    found: dict[int, list[Progress]] = {}
    rows = reading.rows(PROGRESS, senders=list(senders), cutoff=trash_cutoff(reading.now))
    for sender, change, number, key, done, total, finished, cancelled, trashed, there in rows:
        running = "finished" if finished is not None else "running" if cancelled is None else "cancelled"
        state = running if trashed is None else "trash" if there else "gone"
        found.setdefault(sender, []).append(Progress(change, number, key, done, total, state))
    return found


def mass_conversations(reading: Reading, masses: Collection[int]) -> dict[int, list[int]]:
    """The conversations without a reply of those of these mass messages that are the asker's, by the clients' names."""
    found: dict[int, list[int]] = {}
    for mass, talk in reading.rows(TALKS, masses=list(masses), **_asker(reading)) if masses else ():
        found.setdefault(mass, []).append(talk)
    silent = access.silent_conversations(reading, reading.me, [talk for talks in found.values() for talk in talks])
    return {mass: [talk for talk in talks if talk in silent] for mass, talks in found.items()}


def _asker(reading: Reading) -> dict[str, Any]:
    if reading.me.scope is not None:
        raise NotFound
    return {"sender": reading.me.person, "role": reading.me.role, "cutoff": trash_cutoff(reading.now)}


def _view(reading: Reading, row: Any, rules: Keeping | None) -> MassView:
    number, key, subject, body, files, created_at, done, total, cancelled_at, finished_at, trashed_at, skipped = row
    place = f"{reading.me.person}:{key}"
    text = opened_or(reading, f"mass_message.body:{place}", body, MESSAGE)
    packed = opened_or(reading, f"mass_message.files:{place}", files, FILE) if files else "[]"
    names = [packed] if isinstance(packed, Sentence) else [file[1] for file in json.loads(packed)]
    return {
        "id": number, "key": key, "subject": opened_or(reading, f"mass_message.subject:{place}", subject, SUBJECT), "body": text,
        "first_words": text if isinstance(text, Sentence) else excerpt(text), "attachments": names, "sent_at": created_at,
        "done": done, "of": total, "skipped": skipped, "cancelled_at": cancelled_at, "finished_at": finished_at,
        "trashed_at": trashed_at, "deleted_at": gone_at(trashed_at, rules.deletes_since) if rules else None,
        "kept": kept_view(rules, created_at, reading.now, staff=True) if rules else None,
    }  # fmt: skip


def _recipient(row: Any) -> RecipientView:
    client, name, state, reason, talk, alerted, read, replied = row
    if state == "sent":
        state = "replied" if replied else "read" if read else "alerted" if alerted else "sent"
    why = sentence(unpacked(reason))
    return {
        "id": client,
        "name": name,
        "state": state,
        "reason": why,
        "conversation": talk if replied else None,
    }
