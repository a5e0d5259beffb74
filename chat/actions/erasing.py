"""Erasing: messages that nobody can see any more, and every key that could open a copy of them.

In small steps that can be cut off anywhere. A key is destroyed once nothing uses it; what is left of its epoch is sealed
anew before. Bytes that stay behind in old pages, logs or copies are then ciphertext without a key.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Executable, and_, delete, exists, func, or_, select, update

from chat.actions.attachments import enclosure_place
from chat.actions.batch import Batch, Talk
from chat.lib.clock import HOUR, month
from chat.lib.crypto import Unreadable, key_of
from chat.lib.sql import Changes, Sets, Statement, literal, parameter
from chat.models import Enclosure, Erasure, Message, Watch
from chat.models.columns import table
from chat.models.conversations import SPANS
from chat.queries.keeping import FOREVER, Keeping, keeping
from chat.transaction import Transaction

_MESSAGES, _ERASURES, _ENCLOSURES, _WATCHES = table(Message), table(Erasure), table(Enclosure), table(Watch)
STEP = 100
DAMAGED_WAITS = 6 * HOUR


def _nobody_sees() -> ColumnElement[bool]:
    here = and_(
        SPANS.c.conversation_id == _MESSAGES.c.conversation_id, SPANS.c.hidden.is_(False), SPANS.c.from_seq <= _MESSAGES.c.seq
    )
    seen = exists().where(here, or_(SPANS.c.to_seq.is_(None), SPANS.c.to_seq >= _MESSAGES.c.seq))
    mine = _MESSAGES.c.conversation_id == parameter("conversation")
    return and_(mine, ~seen)


def _unseen(_: Sets) -> Executable:
    old = _MESSAGES.c.sent_at <= parameter("before")
    found = select(_MESSAGES.c.seq, _MESSAGES.c.body).where(_nobody_sees(), old)
    return found.order_by(_MESSAGES.c.seq).limit(parameter("limit"))


def _delete(sets: Sets) -> Executable:
    return delete(_MESSAGES).where(_MESSAGES.c.conversation_id == parameter("conversation"), sets.has(_MESSAGES.c.seq, "seqs"))


def _left(_: Sets) -> Executable:
    mine = and_(_MESSAGES.c.conversation_id == parameter("conversation"), _MESSAGES.c.seq > parameter("after"))
    return select(_MESSAGES.c.seq, _MESSAGES.c.body).where(mine).order_by(_MESSAGES.c.seq).limit(parameter("limit"))


def _enclosed(sets: Sets) -> Executable:
    mine = and_(_ENCLOSURES.c.conversation_id == parameter("conversation"), sets.has(_ENCLOSURES.c.seq, "seqs"))
    return select(_ENCLOSURES.c.seq, _ENCLOSURES.c.place, _ENCLOSURES.c.details).where(mine)


def _release(sets: Sets) -> Executable:
    return delete(_ENCLOSURES).where(
        _ENCLOSURES.c.conversation_id == parameter("conversation"), sets.has(_ENCLOSURES.c.seq, "seqs")
    )


def _unwatch(sets: Sets) -> Executable:
    return delete(_WATCHES).where(_WATCHES.c.conversation_id == parameter("conversation"), sets.has(_WATCHES.c.seq, "seqs"))


UNSEEN, DELETE, LEFT = Statement(_unseen), Statement(_delete), Statement(_left)
ENCLOSED, RELEASE, UNWATCH = Statement(_enclosed), Statement(_release), Statement(_unwatch)
RESEAL_FILES = Changes(_ENCLOSURES, ("conversation_id", "seq", "place"), ("details",))
DUE = _ERASURES.c.due_at <= parameter("now")
NEXT = Statement(lambda _: select(_ERASURES.c.conversation_id).where(DUE).order_by(_ERASURES.c.due_at).limit(literal(1)))
_OWN = _ERASURES.c.conversation_id == parameter("conversation")
MINE = Statement(lambda _: select(_ERASURES.c.retired).where(_OWN).with_for_update(key_share=True))
KEPT = Statement(lambda _: select(func.min(_MESSAGES.c.sent_at)).where(_nobody_sees()))
PARK = Changes(_ERASURES, ("conversation_id",), ("retired", "due_at"))
POSTPONE = Statement(lambda _: update(_ERASURES).values(due_at=parameter("later")).where(_OWN))
NOTE_KEYS = Changes(_ERASURES, ("conversation_id",), ("retired",))
RESEAL = Changes(_MESSAGES, ("conversation_id", "seq"), ("body",))
SETTLE = Statement(lambda _: delete(_ERASURES).where(_OWN))


def erase(tx: Transaction, _what: None = None) -> bool:
    """One step: some messages of one conversation erased or sealed anew. The answer is whether there is more to do.

    What a hold, a retention or a practice that deletes nothing keeps stays, for nobody to see, until that is over.
    """
    rows = tx.rows(NEXT, now=tx.now)
    if not rows:
        return False
    number = rows[0][0]
    batch = Batch(tx, conversations=[number])
    # Under the locks, this row's the last of them: another worker may have gone further, and what keeps it may have changed.
    for (retired,) in tx.rows(MINE, conversation=number):
        _step(tx, batch.talks[number], {int(word) for word in retired.split()})
    batch.save()
    return True


def _step(tx: Transaction, talk: Talk, keys: set[int]) -> None:
    rules = keeping(tx, [talk.id])[talk.id]
    before = rules.erasable(tx.now)
    unseen = tx.rows(UNSEEN, conversation=talk.id, before=before, limit=STEP) if before is not None else []
    if unseen:
        _erase(tx, talk, unseen, keys)
    else:
        _finish(tx, talk, keys, rules)


def _finish(tx: Transaction, talk: Talk, keys: set[int], rules: Keeping) -> None:
    """What is left is sealed anew; then the keys go, and what is kept unseen waits until it may be erased. If something of it
    does not open, nothing is destroyed: the conversation waits, so that what is damaged can be mended, and no other waits for it.
    """
    subject: dict[str, Any] = {"organization_id": talk.organization, "client_id": talk.client, "conversation_id": talk.id}
    try:
        if _seal_anew(tx, talk, keys):
            return
    except Unreadable:
        tx.rows(POSTPONE, conversation=talk.id, later=tx.now + DAMAGED_WAITS)
        tx.audit("erase", outcome="failed", details="something of it is damaged", **subject)
        return
    oldest = tx.rows(KEPT, conversation=talk.id)[0][0]
    if oldest is None:
        tx.rows(SETTLE, conversation=talk.id)
    else:
        tx.write(PARK, [(talk.id, "", FOREVER if rules.erasable(tx.now) is None else oldest + rules.retention)])
    tx.destroy_keys(keys)
    if keys or oldest is None:
        tx.audit("erase", **subject)


def _erase(tx: Transaction, talk: Talk, unseen: Sequence[Any], keys: set[int]) -> None:
    tx.rows(DELETE, conversation=talk.id, seqs=[row[0] for row in unseen])
    tx.rows(UNWATCH, conversation=talk.id, seqs=[row[0] for row in unseen])
    # The files that nothing holds any more are swept from storage; their keys go with this conversation's.
    tx.rows(RELEASE, conversation=talk.id, seqs=[row[0] for row in unseen])
    keys |= {key_of(row[1]) for row in unseen}
    if talk.data_key in keys:
        # The next message begins a new epoch.
        talk.data_key, talk.key_month, talk.dirty = None, 0, True
    tx.write(NOTE_KEYS, [(talk.id, "\n".join(str(key) for key in sorted(keys)))])


def _seal_anew(tx: Transaction, talk: Talk, keys: set[int]) -> bool:
    """Seal some of what is left under the keys that must go; whether there was anything."""
    after = 0
    found: list[Any] = []
    while len(found) < STEP and (page := tx.rows(LEFT, conversation=talk.id, after=after, limit=STEP)):
        found += [row for row in page if key_of(row[1]) in keys]
        after = page[-1][0]
    subject = talk.subject is not None and key_of(talk.subject) in keys
    if subject and not after:
        # Nothing of the conversation is left for anybody: its subject goes, too.
        talk.subject, talk.dirty, subject = None, True, False
    if not found and not subject:
        return False
    # All is opened before anything is written.
    bodies = [(row[0], place := f"message.body:{talk.id}:{row[0]}", tx.open(place, row[1])) for row in found[:STEP]]
    held = tx.rows(ENCLOSED, conversation=talk.id, seqs=[row[0] for row in found[:STEP]])
    files = [(row[0], row[1], place := enclosure_place(talk.id, row[0], row[1]), tx.open(place, row[2])) for row in held]
    head = f"conversation.subject:{talk.id}"
    said = tx.open(head, talk.subject) if subject and talk.subject is not None else None
    _renew(tx, talk)
    tx.write(RESEAL, [(talk.id, seq, tx.seal(talk.data_key, place, body)) for seq, place, body in bodies])
    tx.write(RESEAL_FILES, [(talk.id, seq, at, tx.seal(talk.data_key, place, file)) for seq, at, place, file in files])
    if said is not None:
        talk.subject = tx.seal(talk.data_key, head, said)
    return True


def _renew(tx: Transaction, talk: Talk) -> None:
    if talk.data_key is None:
        talk.data_key, talk.key_month = tx.make_keys([f"conversation:{talk.id}"])[0], month(tx.now)
    talk.dirty = True
