"""Drafts: kept sealed on the server, one a person and place."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Executable, and_, delete, select

from chat import access
from chat.actions.posting import draft_place
from chat.errors import Invalid, NotFound
from chat.lib.crypto import key_of
from chat.lib.sentences import Sentence
from chat.lib.sql import Changes, Rows, Sets, Statement, parameter
from chat.models import Draft
from chat.models.columns import table
from chat.models.people import STAFF
from chat.queries.drafts import FOR_EVERYONE
from chat.transaction import Transaction

_DRAFTS = table(Draft)
_HERE = ("person_id", "place")
INSERT_DRAFT = Rows(_DRAFTS, (*_HERE, "subject", "body", "saved_at"), skip_existing=True)
UPDATE_DRAFT = Changes(_DRAFTS, _HERE, ("subject", "body", "saved_at"))


def _at(_: Sets) -> object:
    return and_(_DRAFTS.c.person_id == parameter("person"), _DRAFTS.c.place == parameter("place", _DRAFTS.c.place.type))


def _delete(sets: Sets) -> Executable:
    return delete(_DRAFTS).where(_at(sets))  # type: ignore[arg-type]


def _key(_: Sets) -> Executable:
    # All drafts of a person share a key: what is new for a message is not new for its draft.
    return select(_DRAFTS.c.body, _DRAFTS.c.place).where(_DRAFTS.c.person_id == parameter("person"))


DELETE_DRAFT = Statement(_delete)
OWN_DRAFTS = Statement(_key)


@dataclass(frozen=True, slots=True)
class SaveDraft:
    """Text begun in a `conversation`, for new recipients `to`, or for `everyone` whom staff may pick. No text and no subject
    deletes the draft."""

    body: str
    conversation: int | None = None
    to: tuple[int, ...] = ()
    subject: str | None = None
    everyone: bool = False


def save_draft(tx: Transaction, what: SaveDraft) -> dict[str, int]:
    """Keep a draft in its place, or delete it when it is empty."""
    if len(what.body) > tx.policy.body_length or len(what.subject or "") > tx.policy.subject_length:
        raise Invalid(Sentence("A message may have up to {most} characters.", most=tx.policy.body_length), field="body")
    place, person = _place(tx, what), tx.me.person
    if not what.body and not what.subject:
        tx.rows(DELETE_DRAFT, person=person, place=place)
        return {}
    own = tx.rows(OWN_DRAFTS, person=person)
    key = key_of(own[0][0]) if own else tx.make_keys([f"drafts:{person}"])[0]
    subject = tx.seal(key, f"draft.subject:{person}:{place}", what.subject) if what.subject else None
    body = tx.seal(key, f"draft.body:{person}:{place}", what.body)
    draft = [(person, place, subject, body, tx.now)]
    if not any(row[1] == place for row in own):
        tx.write(INSERT_DRAFT, draft)
    # Also after the insert: another process may have begun this draft meanwhile.
    tx.write(UPDATE_DRAFT, draft)
    return {}


def _place(tx: Transaction, what: SaveDraft) -> str:
    if what.conversation is not None:
        access.conversation(tx, tx.me, what.conversation)
        return f"c:{what.conversation}"
    if tx.me.scope is not None:
        raise NotFound
    if what.everyone and (tx.me.role not in STAFF or what.to):
        raise Invalid("A draft is for some people, or for everyone.", field="everyone")
    return FOR_EVERYONE if what.everyone else draft_place(what.to)
