"""A lane: groups of commands in transactions on one connection, and what was written read there again."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Sequence
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from chat.lib.database import writing_engine
from chat.lib.sql import Changes, Rows
from chat.models import Mailbox, Receipt
from chat.models.columns import table
from chat.queries.changes import hello
from chat.runtime.lane import Lane, Unavailable, Work, grouped
from chat.transaction import Asked, Keys, Policy, Reading, Transaction, Who, set_based
from tests.databases import RING, Template, closing_engine


def carry_out(lane: Lane, *works: Work) -> list[Any]:
    answered: list[Work] = []
    lane.carry_out(works, lambda done, _: answered.extend(done))
    lane.close()
    assert sorted(map(id, answered)) == sorted(map(id, works))
    return [work.result for work in works]


RENUMBER = Changes(table(Mailbox), ("person_id",), ("change",))
OWE = Rows(table(Receipt), ("person_id", "key", "command", "fingerprint", "answer", "created_at"))
NUMBERS = text("SELECT change FROM mailbox WHERE person_id IN (:ben, :dana) ORDER BY change")


@set_based
def only_write(tx: Transaction, asked: Sequence[Asked[int]]) -> list[None]:
    """Writes without a question. A negative number is a receipt of nobody, which the database refuses: late, on PostgreSQL."""
    tx.write(RENUMBER, [(one.who.person, one.what) for one in asked if one.what > 0])
    tx.write(OWE, [(10**9, str(one.what), "", b"", "", 0) for one in asked if one.what < 0])
    return [None for _ in asked]


def test_a_group_that_only_writes_is_committed(address: str, template: Template) -> None:
    ben, dana = template.cast["ben"], template.cast["dana"]
    with closing_engine(writing_engine(address)) as engine:
        carry_out(Lane(engine, Keys(RING), Policy()), Work(only_write, ben, 901), Work(only_write, dana, 902))
        with engine.connect() as other:
            assert other.scalars(NUMBERS, {"ben": ben.person, "dana": dana.person}).all() == [901, 902]


def test_a_write_that_the_database_refuses_late_fails_alone(address: str, template: Template) -> None:
    ben, dana = template.cast["ben"], template.cast["dana"]
    with closing_engine(writing_engine(address)) as engine:
        lane = Lane(engine, Keys(RING), Policy())
        works = [Work(only_write, ben, 901), Work(only_write, ben, -1), Work(only_write, dana, 902)]
        results = carry_out(lane, *works)
        assert "foreign key" in str(results[1]).lower()
        assert (results[0], results[2]) == (None, None)
        with engine.connect() as other:
            assert other.scalars(NUMBERS, {"ben": ben.person, "dana": dana.person}).all() == [901, 902]


@set_based
def one_action(tx: Transaction, asked: Sequence[Asked[Any]]) -> list[Any]:
    return []


@set_based
def another_action(tx: Transaction, asked: Sequence[Asked[Any]]) -> list[Any]:
    return []


def plain_action(tx: Transaction, what: Any) -> None:
    return None


@given(st.lists(st.tuples(st.sampled_from([one_action, another_action, plain_action]), st.integers(0, 3))))
@settings(deadline=None, derandomize=True, database=None)
def test_groups_hold_one_action_each_and_everybodys_order(asked: list[tuple[Callable[..., Any], int]]) -> None:
    works = [Work(action, Who(person, 1, "client") if person else None, n) for n, (action, person) in enumerate(asked)]
    groups = grouped(works)
    carried_out = [work for group in groups for work in group]
    assert sorted(work.what for work in carried_out) == list(range(len(works)))
    for person in range(4):
        mine = [work.what for work in carried_out if (work.who.person if work.who else 0) == person]
        assert mine == sorted(mine)
    for group in groups:
        assert len({work.action for work in group}) == 1
        assert len(group) == 1 or group[0].action is not plain_action


def test_a_connection_that_was_cut_is_replaced(postgresql_template: Template) -> None:
    tries = []

    def cut(tx: Transaction, what: Any) -> str:
        tries.append(1)
        if len(tries) == 1:
            tx.connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
        return "done"

    with postgresql_template.copy() as address, closing_engine(writing_engine(address)) as engine:
        assert carry_out(Lane(engine, Keys(RING), Policy()), Work(cut, None, None)) == ["done"]
    assert len(tries) == 2


def test_a_real_deadlock_is_run_again(postgresql_template: Template) -> None:
    ben, dana = postgresql_template.cast["ben"].person, postgresql_template.cast["dana"].person
    locked, tries = threading.Barrier(2, timeout=10), []
    raise_change = text("UPDATE mailbox SET change = change + 1 WHERE person_id = :person")

    def in_the_wrong_order(tx: Transaction, what: Any) -> None:
        tries.append(1)
        tx.connection.execute(text("SET LOCAL deadlock_timeout = '10ms'"))  # so that this one finds the deadlock
        tx.connection.execute(raise_change, {"person": ben})
        if len(tries) == 1:
            locked.wait()
        tx.connection.execute(raise_change, {"person": dana})

    with postgresql_template.copy() as address, closing_engine(writing_engine(address)) as engine:

        def other() -> None:
            with engine.begin() as connection:
                connection.execute(raise_change, {"person": dana})
                locked.wait()
                connection.execute(raise_change, {"person": ben})

        thread = threading.Thread(target=other)
        thread.start()
        results = carry_out(Lane(engine, Keys(RING), Policy()), Work(in_the_wrong_order, None, None))
        thread.join()
        with engine.connect() as connection:
            changes = connection.execute(text("SELECT change FROM mailbox WHERE change > 0")).scalars().all()
    assert (results, len(tries), changes) == ([None], 2, [2, 2])


# What was written, read there again


def change_of(reading: Reading, who: Who) -> int:
    """The number of somebody's last change."""
    return hello(Reading(reading.connection, reading.keys, who=who))[1]


def test_it_reads_what_it_wrote_and_keeps_nobody_from_writing_meanwhile(sqlite_template: Template) -> None:
    ben, dana = sqlite_template.cast["ben"], sqlite_template.cast["dana"]
    with sqlite_template.copy() as address, closing_engine(writing_engine(address)) as engine:
        lane = Lane(engine, Keys(RING), Policy())

        def question(reading: Reading, who: Who) -> tuple[int, int]:
            before = change_of(reading, who)
            with closing_engine(writing_engine(address)) as other:
                carry_out(Lane(other, Keys(RING), Policy()), Work(only_write, dana, 950))
            return before, change_of(reading, dana)

        lane.carry_out([Work(only_write, ben, 901)], lambda *_: None)
        assert lane.remembers
        assert lane.answer(question, (ben,)) == (901, 0), "one snapshot, whatever others write meanwhile"
        assert lane.answer(change_of, (dana,)) == 950
        assert carry_out(lane, Work(only_write, ben, 902)) == [None], "and it writes again"


def test_an_answer_that_fails_is_told_and_the_next_one_comes(sqlite_template: Template) -> None:
    ben, wrong = sqlite_template.cast["ben"], ValueError("damaged")

    def fails(reading: Reading, error: Exception) -> None:
        change_of(reading, ben)
        raise error

    with sqlite_template.copy() as address, closing_engine(writing_engine(address)) as engine:
        lane = Lane(engine, Keys(RING), Policy())
        assert lane.answer(fails, (wrong,)) is wrong
        for sentence in ("disk I/O error", "database is locked"):
            gone = OperationalError("SELECT", {}, sqlite3.OperationalError(sentence))
            assert isinstance(lane.answer(fails, (gone,)), Unavailable)
        assert lane.answer(change_of, (ben,)) == 0
        assert carry_out(lane, Work(only_write, ben, 902)) == [None]


def test_where_the_database_remembers_for_all_a_lane_need_not(postgresql_template: Template) -> None:
    with postgresql_template.copy() as address, closing_engine(writing_engine(address)) as engine:
        assert not Lane(engine, Keys(RING), Policy()).remembers
