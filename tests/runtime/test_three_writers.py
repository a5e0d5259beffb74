"""Three processes write into the same conversations of one PostgreSQL at once; then everything is counted anew."""

from __future__ import annotations

import multiprocessing
import random
from collections import Counter
from typing import Any

import pytest
from sqlalchemy import select

from chat.actions.mailboxes import Selection, move_to_inbox, move_to_trash
from chat.actions.marks import MarkRead, MarkUnread, mark_read, mark_unread
from chat.actions.messages import SendMessage, send_messages
from chat.errors import NotFound
from chat.lib.database import reading_engine, writing_engine
from chat.models import Conversation, Mailbox, Message, Receipt
from chat.models.columns import table
from chat.runtime.lane import Lane, Work
from chat.transaction import Keys, Policy, Who
from tests import recount
from tests.databases import RING, Template, closing_engine

WRITERS, GROUPS, TOGETHER = 3, 30, 6
PAIRS = (("ben", "dana"), ("dana", "ben"), ("ben", "eli"), ("eli", "ben"), ("ada", "dana"), ("ben", "cleo"), ("cleo", "ben"))
Outcome = tuple[str, Any, int]


def write(number: int, address: str, cast: dict[str, Who], begin: Any, outcomes: Any) -> None:
    """One process: so many groups of sends, marks and moves, by everybody, in conversations that all processes use."""
    luck = random.Random(number)
    places: dict[int, bool] = {}
    told: list[Outcome] = []
    with closing_engine(writing_engine(address)) as engine:
        lane = Lane(engine, Keys(RING), Policy())
        begin.wait()
        for group in range(GROUPS):
            works = [work(luck, cast, places, f"{number}-{group}-{n}") for n in range(TOGETHER)]
            lane.carry_out(works, lambda *_: None)
            for one in works:
                sent = isinstance(one.what, SendMessage) and isinstance(one.result, dict)
                if sent:
                    places[one.result["conversation"]] = True
                    told.append((one.what.key, one.result, one.who.person if one.who else 0))
                elif one.result != {} and not (isinstance(one.result, NotFound) and not isinstance(one.what, SendMessage)):
                    told.append(("unexpected", repr(one.result), 0))
        lane.close()
    outcomes.put(told)


def work(luck: random.Random, cast: dict[str, Who], places: dict[int, bool], key: str) -> Work:
    """Mostly a send; else something with conversations that this process knows of, the author's own or not."""
    author, other = luck.choice(PAIRS)
    kind = luck.random()
    if kind < 0.6 or not places:
        return Work(send_messages, cast[author], SendMessage(key, f"Message {key}", to=(cast[other].person,)))
    some = tuple(luck.sample(list(places), min(3, len(places))))
    if kind < 0.8:
        return Work(mark_read, cast[author], MarkRead(some[0], luck.randrange(1, 200)))
    if kind < 0.9:
        return Work(mark_unread, cast[author], MarkUnread(some))
    return Work(luck.choice([move_to_trash, move_to_inbox]), cast[author], Selection(some))


@pytest.mark.journey
def test_three_processes_lose_and_double_nothing(postgresql_template: Template) -> None:
    spawn = multiprocessing.get_context("spawn")
    with postgresql_template.copy() as address:
        begin, outcomes = spawn.Barrier(WRITERS, timeout=60), spawn.Queue()
        arguments = [(number, address, postgresql_template.cast, begin, outcomes) for number in range(WRITERS)]
        processes = [spawn.Process(target=write, args=given) for given in arguments]
        for process in processes:
            process.start()
        told = [one for _ in processes for one in outcomes.get(timeout=120)]
        for process in processes:
            process.join(30)
        assert [process.exitcode for process in processes] == [0] * WRITERS
        with closing_engine(reading_engine(address)) as engine, engine.connect() as connection:
            compare(connection, told)
            assert recount.faults(connection) == []


def compare(connection: Any, told: list[Outcome]) -> None:
    """What the senders were told is what is there: each acknowledged message once, in one order, and nothing else."""
    assert [one for one in told if one[0] == "unexpected"] == []
    messages, receipts, talks = table(Message), table(Receipt), table(Conversation)
    here = (messages.c.conversation_id, messages.c.seq, messages.c.author_id)
    stored = {(row[0], row[1]): row[2] for row in connection.execute(select(*here))}
    acknowledged = {(answer["conversation"], answer["seq"]): person for _, answer, person in told}
    assert len(told) > WRITERS * GROUPS * TOGETHER / 3
    assert stored == acknowledged
    assert len(stored) == len(told)
    keys = Counter(connection.execute(select(receipts.c.key)).scalars())
    assert keys == Counter(key for key, _, _ in told)
    births = connection.execute(select(talks.c.birth)).scalars().all()
    assert len(births) == len(set(births)) == len({frozenset(pair) for pair in PAIRS})
    # Each message is a change for both; so the counters rose at least so far, whoever raised them.
    changes = connection.execute(select(table(Mailbox).c.change)).scalars().all()
    assert sum(changes) >= 2 * len(told)
