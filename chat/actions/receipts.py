"""Exactly once: a command under a key is carried out once, and its first answer given again."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Executable, delete, select, tuple_

from chat.errors import Conflict
from chat.lib.clock import DAY
from chat.lib.json import encode
from chat.lib.sql import Changes, Rows, Sets, Statement, parameter
from chat.models import Receipt
from chat.models.columns import table
from chat.transaction import Transaction

_RECEIPTS = table(Receipt)
KEPT, STEP = 30 * DAY, 200
SELECT_RECEIPTS = Statement(
    lambda sets: select(
        _RECEIPTS.c.person_id, _RECEIPTS.c.key, _RECEIPTS.c.command, _RECEIPTS.c.fingerprint, _RECEIPTS.c.answer
    ).where(sets.has(_RECEIPTS.c.key, "keys"))
)
INSERT_RECEIPTS = Rows(_RECEIPTS, ("person_id", "key", "command", "fingerprint", "answer", "created_at"))
CLAIM_RECEIPT = Rows(_RECEIPTS, ("person_id", "key", "command", "fingerprint", "answer", "created_at"), skip_existing=True)
ANSWER_RECEIPT = Changes(_RECEIPTS, ("key", "person_id"), ("answer",))


class Receipts:
    """The receipts of a batch: earlier ones, and those of its own commands. Read under the mailbox locks."""

    def __init__(self, tx: Transaction, keys: Sequence[str]) -> None:
        self.tx = tx
        self._known = {(row[0], row[1]): tuple(row[2:]) for row in tx.rows(SELECT_RECEIPTS, keys=list(keys))}
        self._new: list[tuple[Any, ...]] = []

    def answer(self, person: int, key: str, command: str, fingerprint: bytes) -> Any:
        """The first answer to this command, None if it is new; Conflict if the key stood for something else."""
        found = self._known.get((person, key))
        if found is None:
            return None
        if found[0] != command or bytes(found[1]) != fingerprint:
            raise Conflict("This key was used for another command before. Use a new key.")
        return json.loads(found[2])

    def note(self, person: int, key: str, command: str, fingerprint: bytes, answer: Any) -> None:
        """Remember the first answer."""
        text = encode(answer).decode()
        self._known[person, key] = (command, fingerprint, text)
        self._new.append((person, key, command, fingerprint, text, self.tx.now))

    def save(self) -> None:
        """Write the new receipts by one statement."""
        self.tx.write(INSERT_RECEIPTS, self._new)


def once(tx: Transaction, key: str, command: str, fingerprint: bytes, run: Callable[[], Any]) -> Any:
    """Carry out `run` under a key of the person who asks, or give its first answer (JSON values) again.

    The key is claimed before anything else is locked: two that come at once wait for each other here, and no lock is held
    out of order.
    """
    claim = f'"{secrets.token_hex(8)}"'
    tx.write(CLAIM_RECEIPT, [(tx.me.person, key, command, fingerprint, claim, tx.now)])
    first = Receipts(tx, [key])
    answer = first.answer(tx.me.person, key, command, fingerprint)
    if answer != json.loads(claim):
        return answer
    answer = run()
    tx.write(ANSWER_RECEIPT, [(key, tx.me.person, json.dumps(answer))])
    return answer


def forget_receipts(tx: Transaction, _what: None = None) -> bool:
    """One step of forgetting what is older than 30 days; the answer is whether there may be more."""
    old = [(row[0], row[1]) for row in tx.rows(OLD_RECEIPTS, before=tx.now - KEPT, limit=STEP)]
    if old:
        tx.rows(DELETE_RECEIPTS, old=old)
    return len(old) == STEP


def _old(_: Sets) -> Executable:
    return (
        select(_RECEIPTS.c.key, _RECEIPTS.c.person_id)
        .where(_RECEIPTS.c.created_at < parameter("before"))
        .limit(parameter("limit"))
    )


def _delete_old(sets: Sets) -> Executable:
    old = sets.relation("old", key=_RECEIPTS.c.key.type, person=_RECEIPTS.c.person_id.type)
    return delete(_RECEIPTS).where(tuple_(_RECEIPTS.c.key, _RECEIPTS.c.person_id).in_(select(old.c.key, old.c.person)))


OLD_RECEIPTS, DELETE_RECEIPTS = Statement(_old), Statement(_delete_old)
