"""A hold on a client's record: while it lasts nothing of it is erased, whoever deletes it. For staff alone."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Executable, and_, select, update

from chat import access
from chat.actions.assignments import OF_CLIENTS
from chat.actions.batch import Batch
from chat.actions.deletions import wake
from chat.actions.touch import tell_staff
from chat.errors import Invalid, Refused
from chat.lib.sentences import Sentence
from chat.lib.sql import Rows, Sets, Statement, parameter
from chat.queries.holds import hold_place
from chat.queries.keeping import HOLDS
from chat.transaction import Transaction

LONGEST = 500
_LASTS = and_(HOLDS.c.client_id == parameter("client"), HOLDS.c.lifted_at.is_(None))
_NEW = ("organization_id", "client_id", "mark", "data_key_id", "reasons", "set_at", "set_by")


@dataclass(frozen=True, slots=True)
class HeldClient:
    """A client whose record is to be put on hold, or freed from it, and why."""

    client: int
    reason: str


def _lift(_: Sets) -> Executable:
    values = {
        "lifted_at": parameter("now"),
        "lifted_by": parameter("person"),
        "reasons": parameter("reasons", HOLDS.c.reasons.type),
    }
    return update(HOLDS).values(values).where(_LASTS)


LASTING = Statement(lambda _: select(HOLDS.c.mark, HOLDS.c.data_key_id, HOLDS.c.reasons).where(_LASTS))
LIFT = Statement(_lift)
INSERT = Rows(HOLDS, _NEW)


def set_hold(tx: Transaction, what: HeldClient) -> dict[str, int]:
    """Put a client's record on hold (administrators). Nothing of it is erased from now on; the client learns nothing of it."""
    batch, lasting = _begin(tx, what)
    if lasting:
        raise Refused("This record is on hold already. Lift that hold first if it is to begin anew.")
    (key,), mark = tx.make_keys(["hold"]), secrets.token_hex(16)
    reasons = tx.seal(key, hold_place(mark), json.dumps({"set": what.reason.strip(), "lifted": ""}))
    tx.write(INSERT, [(tx.me.organization, what.client, mark, key, reasons, tx.now, tx.me.person)])
    return _finish(tx, batch, what, "set_hold")


def lift_hold(tx: Transaction, what: HeldClient) -> dict[str, int]:
    """Lift the hold on a client's record (administrators). What was deleted meanwhile is erased now."""
    batch, lasting = _begin(tx, what)
    if not lasting:
        raise Refused("This record is not on hold.")
    mark, key, sealed = lasting[0]
    reasons = json.loads(tx.open(hold_place(mark), sealed)) | {"lifted": what.reason.strip()}
    again = tx.seal(key, hold_place(mark), json.dumps(reasons))
    tx.rows(LIFT, client=what.client, now=tx.now, person=tx.me.person, reasons=again)
    wake(tx, batch.talks)
    return _finish(tx, batch, what, "lift_hold")


def _begin(tx: Transaction, what: HeldClient) -> tuple[Batch, Sequence[tuple[str, int, bytes]]]:
    """The client's conversations and mailbox, locked, so that erasing comes before or after; and the hold that lasts."""
    access.require_administrator(tx)
    access.client(tx, tx.me, what.client)
    if not what.reason.strip():
        raise Invalid("Say why: whoever finds the hold later needs to know.", field="reason")
    if len(what.reason) > LONGEST:
        raise Invalid(Sentence("A reason may have up to {most} characters.", most=LONGEST), field="reason")
    talks = [row[0] for row in tx.rows(OF_CLIENTS, clients=[what.client])]
    return Batch(tx, conversations=talks, people=[what.client]), tx.rows(LASTING, client=what.client)


def _finish(tx: Transaction, batch: Batch, what: HeldClient, action: str) -> dict[str, int]:
    # Only the staff's pages are told: to the client and the contacts nothing has changed.
    tell_staff(batch)
    batch.save()
    tx.audit(action, client_id=what.client, person_id=what.client)
    return {}
