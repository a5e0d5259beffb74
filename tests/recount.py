"""Counts everything in a database anew from spans and messages, and says what the stored counters have wrong."""

from __future__ import annotations

from collections import Counter, defaultdict

from sqlalchemy import Connection, func, select

from chat.models import Conversation, Mailbox, MassMessage, Message, Participant, ReadMark, Receipt, Span
from chat.models.columns import table

_MASS = table(MassMessage)
Seen = dict[tuple[int, int], list[tuple[int, int | None]]]  # (conversation, person) → (seq, author) of what they may see


def faults(connection: Connection) -> list[str]:
    """One line for each thing that is not as it must be; none for a sound database."""
    seen = _seen(connection)
    return [
        *_holes(connection),
        *_counters(connection, seen),
        *_mailboxes(connection),
        *_marks(connection),
        *_receipts(connection),
    ]


def _seen(connection: Connection) -> Seen:
    messages: dict[int, list[tuple[int, int | None]]] = defaultdict(list)
    here = table(Message)
    for conversation, seq, author in connection.execute(select(here.c.conversation_id, here.c.seq, here.c.author_id)):
        messages[conversation].append((seq, author))
    seen: Seen = defaultdict(list)
    for span in connection.execute(table(Span).select()).mappings():
        if not span["hidden"]:
            last = span["to_seq"] or 1 << 60
            reach = [one for one in messages[span["conversation_id"]] if span["from_seq"] <= one[0] <= last]
            seen[span["conversation_id"], span["person_id"]] += reach
    return seen


def _holes(connection: Connection) -> list[str]:
    messages, talks = table(Message), table(Conversation)
    seqs: dict[int, list[int]] = defaultdict(list)
    for conversation, seq in connection.execute(select(messages.c.conversation_id, messages.c.seq).order_by(messages.c.seq)):
        seqs[conversation].append(seq)
    return [
        f"conversation {number}: last_seq {last}, messages {seqs[number]}"
        for number, last in connection.execute(select(talks.c.id, talks.c.last_seq))
        if seqs[number] != list(range(1, last + 1))
    ]


def _counters(connection: Connection, seen: Seen) -> list[str]:
    found = []
    for part in connection.execute(table(Participant).select()).mappings():
        mine = seen[part["conversation_id"], part["person_id"]]
        # A line that nobody wrote makes nothing unread.
        unread = [seq for seq, author in mine if author not in {None, part["person_id"]} and seq > part["read_through"]]
        counted = {"visible": len(mine), "unread": len(unread), "newest": max((seq for seq, _ in mine), default=0)}
        found += [
            f"conversation {part['conversation_id']}, person {part['person_id']}: {name} {part[name]}, counted {value}"
            for name, value in counted.items()
            if part[name] != value
        ]
    return found


def _mailboxes(connection: Connection) -> list[str]:
    parts = list(connection.execute(table(Participant).select()).mappings())
    found = []
    moved = {
        row[0]: row[1]
        for row in connection.execute(select(_MASS.c.sender_id, func.max(_MASS.c.change)).group_by(_MASS.c.sender_id))
    }
    for box in connection.execute(table(Mailbox).select()).mappings():
        mine = [part for part in parts if part["person_id"] == box["person_id"]]
        unread = sum(part["unread"] > 0 and part["trashed_at"] is None and part["ended_at"] is None for part in mine)
        if unread != box["unread"]:
            found.append(f"mailbox {box['person_id']}: unread {box['unread']}, counted {unread}")
        # A mass message's conversation without a reply is in no folder of its sender's: it has no number yet.
        numbers = Counter(part["change"] for part in mine if part["change"])
        newest = max(*numbers, moved.get(box["person_id"], 0), 0)
        # The horizon is raised alone when pages are to load anew, the other when clients are different, not what one reads.
        told = {newest, box["horizon"], box["clients_change"]}
        if box["change"] not in told or max(numbers.values(), default=1) > 1:
            found.append(f"mailbox {box['person_id']}: change {box['change']}, of its conversations {sorted(numbers.elements())}")
        found += [
            f"mailbox {box['person_id']}: message_change {part['message_change']} beyond change {part['change']}"
            for part in mine
            if part["message_change"] > part["change"]
        ]
    return found


def _marks(connection: Connection) -> list[str]:
    """The marks of each reader are a chain from 0 to what others were told."""
    marks, parts = table(ReadMark), table(Participant)
    chains: dict[tuple[int, int], int] = defaultdict(int)
    found = []
    for mark in connection.execute(marks.select().order_by(marks.c.through)).mappings():
        key = (mark["conversation_id"], mark["person_id"])
        if mark["after"] != chains[key]:
            found.append(f"marks of {key}: {mark['after']} after {chains[key]}")
        chains[key] = mark["through"]
    for conversation, person, through in connection.execute(
        select(parts.c.conversation_id, parts.c.person_id, parts.c.receipt_through)
    ):
        if chains[conversation, person] != through:
            found.append(f"marks of {(conversation, person)}: end at {chains[conversation, person]}, told {through}")
    return found


def _receipts(connection: Connection) -> list[str]:
    sends, messages = table(Receipt), table(Message)
    keys = connection.execute(select(sends.c.answer).where(sends.c.command == "send_message")).scalars().all()
    count = len(connection.execute(select(messages.c.seq).where(messages.c.author_id.is_not(None))).all())
    return (
        []
        if len(set(keys)) == len(keys) == count
        else [f"{count} messages, {len(keys)} receipts, {len(set(keys))} of them apart"]
    )
