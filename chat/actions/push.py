"""Switching push messages on and off, in the browser that asks."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Executable, Text, and_, delete, or_

from chat.errors import Invalid, NotFound
from chat.lib.sql import Rows, Sets, Statement, parameter
from chat.lib.webpush import allowed, check_keys
from chat.models import PushSubscription
from chat.models.columns import table
from chat.transaction import Transaction

PUSHES = table(PushSubscription)


@dataclass(frozen=True, slots=True)
class SavePush:
    """What the browser's push service gave it."""

    endpoint: str
    p256dh: str
    auth: str


@dataclass(frozen=True, slots=True)
class ForgetPush:
    """A subscription of the asker's."""

    endpoint: str


def _replace(_: Sets) -> Executable:
    same = or_(PUSHES.c.session_id == parameter("session"), PUSHES.c.endpoint == parameter("endpoint", Text()))
    return delete(PUSHES).where(same)


def _forget(_: Sets) -> Executable:
    mine = and_(PUSHES.c.person_id == parameter("person"), PUSHES.c.endpoint == parameter("endpoint", Text()))
    return delete(PUSHES).where(mine).returning(PUSHES.c.id)


def _gone(_: Sets) -> Executable:
    return delete(PUSHES).where(PUSHES.c.id == parameter("subscription"))


REPLACE, FORGET, GONE = Statement(_replace), Statement(_forget), Statement(_gone)
INSERT = Rows(PUSHES, ("person_id", "session_id", "endpoint", "p256dh", "auth", "created_at"))


def save_push(tx: Transaction, what: SavePush) -> dict[str, int]:
    """Send push messages to this browser from now on, as long as its session lasts; one subscription a session."""
    if tx.me.scope is not None:
        raise NotFound
    if len(what.endpoint) > 1_000 or not allowed(what.endpoint, tx.policy.push_hosts):
        raise Invalid("This is not the address of a push service that we know.", field="endpoint")
    try:
        check_keys(what.p256dh, what.auth)
    except ValueError as error:
        raise Invalid("These are not the keys of a subscription.", field="p256dh") from error
    tx.rows(REPLACE, session=tx.me.session, endpoint=what.endpoint)
    tx.write(INSERT, [(tx.me.person, tx.me.session, what.endpoint, what.p256dh, what.auth, tx.now)])
    tx.audit("save_push", person_id=tx.me.person)
    return {}


def forget_push(tx: Transaction, what: ForgetPush) -> dict[str, int]:
    """Send no more push messages to this browser; nothing happens if it got none."""
    if tx.me.scope is not None:
        raise NotFound
    if tx.rows(FORGET, person=tx.me.person, endpoint=what.endpoint):
        tx.audit("forget_push", person_id=tx.me.person)
    return {}


def note_gone(tx: Transaction, subscription: int) -> None:
    """The push service says that this browser takes no more."""
    tx.rows(GONE, subscription=subscription)
