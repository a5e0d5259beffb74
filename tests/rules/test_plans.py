"""No statement of the house walks through a whole table that grows: what is quick today is quick with a million rows."""

from __future__ import annotations

import importlib
import json
import pkgutil
import re
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import insert, select

import chat
from chat.lib.sql import SQLITE, Statement, driver
from chat.models import Person
from chat.models.columns import table
from chat.models.conversations import CONVERSATIONS, PARTICIPANTS
from tests.databases import House
from tests.people import NOON

SMALL = {"installation", "organization", "away", "mass_message", "audit_head", "erasure", "deletion", "worker", "alembic_version"}
"""Tables of a row an organization, or with rows only as long as there is something to do."""
ALLOWED = {
    "chat.cli.demo.SETTLE_ALERTS": "once, in a practice that was just made",
    "chat.actions.forgetting.OLDEST_ALERTS": "takes the first rows by their number and stops",
    "chat.actions.forgetting.OLDEST_LINKS": "takes the first rows by their number and stops",
    "chat.actions.forgetting.OLD_EVENTS": "every ten minutes, and what it looks through is thirty days at most",
    "chat.actions.deletions.EXPIRED": "walks the index of what lies in a trash, fifteen days at most",
    "chat.queries.audit.WAITING": "walks the index of what has no place yet, a second's worth",
    "chat.queries.chains.WAITING": "walks the index of what has no place yet, a second's worth",
    "chat.queries.chains.LATE_ROWS": "walks the index of what has no place yet, a second's worth",
    "chat.queries.figures.DUE": "walks the index of what is not settled yet",
    "chat.queries.figures.FAILED": "walks the index of what failed, ninety days at most",
    "chat.queries.keys.USES": "an operator's question",
    "chat.queries.records.CLIENTS": "an operator's question",
    "chat.queries.chains.CHAINED": "reads the whole chain, on purpose",
}


def statements() -> Iterator[tuple[str, Statement]]:
    """Every compiled statement of the house, by the name of its module and its own."""
    seen: set[int] = set()
    for module in pkgutil.walk_packages(chat.__path__, "chat."):
        if ".migrations" in module.name or module.name.endswith("__main__"):
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            if isinstance(value, Statement) and id(value) not in seen:
                seen.add(id(value))
                yield f"{module.name}.{name}", value


EVERY = dict(statements())


def test_the_statements_are_found() -> None:
    assert {"chat.queries.changes.CHANGED", "chat.actions.batch.LOCK_MAILBOXES"} <= set(EVERY)
    assert set(ALLOWED) <= set(EVERY), "allowed, but not there any more"


def test_no_statement_walks_through_a_table(house: House) -> None:
    walked = {name: sorted(scans(house, one) - SMALL) for name, one in EVERY.items() if name not in ALLOWED}
    assert [f"{name}: {tables}" for name, tables in walked.items() if tables] == []


def test_a_walk_is_seen(house: House) -> None:
    assert scans(house, EVERY["chat.cli.demo.SETTLE_ALERTS"]) == {"alert"}


HEAVY = ("chat.queries.changes.CHANGED", "chat.access.CONVERSATIONS_OF", "chat.access.SILENT_OF")
"""What asks for a few of the conversations of somebody who may take part in ten thousand."""


def crowd(house: House, size: int = 400) -> None:
    """Ben writes with so many: he takes part in hundreds of conversations, everybody else in one or two."""
    house_of = {"organization_id": house.ben.organization, "created_at": NOON}
    more = {"role": "client", "active": True, "in_portal": False, "messaging_enabled": True, "version": 1}
    house.connection.execute(
        insert(table(Person)), [house_of | more | {"name": f"N{at}", "search_name": f"n{at}"} for at in range(size)]
    )
    clients = [row[0] for row in house.run(select(table(Person).c.id).where(table(Person).c.name.like("N%")))]
    talk = house_of | {"direct": False, "last_seq": 0, "key_month": 0}
    house.connection.execute(insert(CONVERSATIONS), [talk | {"birth": f"t:{one}", "client_id": one} for one in clients])
    talks = house.run(
        select(CONVERSATIONS.c.id, CONVERSATIONS.c.client_id).where(CONVERSATIONS.c.birth.in_([f"t:{n}" for n in clients]))
    )
    numbers = ("read_through", "receipt_through", "visible", "unread", "newest", "change", "message_change")
    parts = [(number, person) for number, client in talks for person in (client, house.ben.person)]
    zero = dict.fromkeys(numbers, 0)
    house.connection.execute(
        insert(PARTICIPANTS), [zero | {"conversation_id": number, "person_id": person} for number, person in parts]
    )
    house.connection.exec_driver_sql("ANALYZE")


@pytest.mark.parametrize("name", HEAVY)
def test_no_statement_goes_through_all_that_one_person_takes_part_in(house: House, name: str) -> None:
    crowd(house)
    if house.connection.dialect.name == SQLITE:
        text = EVERY[name].text(house.connection)
        plan = driver(house.connection).execute(f"EXPLAIN QUERY PLAN {text}", [None] * text.count("?")).fetchall()
        (step,) = (row[3].partition("USING ")[2] for row in plan if row[3].startswith("SEARCH participant "))
    else:
        # What is read whole because it is small here would be read by its index where it is large.
        driver(house.connection).execute("SET LOCAL enable_mergejoin = off")
        driver(house.connection).execute("SET LOCAL enable_hashjoin = off")
        (part,) = (node for node in nodes(planned(house, EVERY[name])) if node.get("Relation Name") == "participant")
        step = next(str(node["Index Cond"]) for node in nodes(part) if "Index Cond" in node)
    columns = set(re.findall(r"(\w+) ?[=>]", step))
    assert columns & {"person_id", "conversation_id"}
    assert columns != {"person_id"}, "by the person alone"


def scans(house: House, statement: Statement) -> set[str]:
    """The tables of which this statement's plan reads every row, or every entry of an index."""
    text = statement.text(house.connection)
    if house.connection.dialect.name == SQLITE:
        if text.startswith("INSERT"):
            return set()  # its plan names all that refers to the table, for keys that are checked at the commit: ours are at once
        plan = driver(house.connection).execute(f"EXPLAIN QUERY PLAN {text}", [None] * text.count("?")).fetchall()
        known = tables(house)
        named = {name: name for name in known} | {
            alias: name for name, alias in re.findall(r"(\w+) AS \"?(\w+)", text) if name in known
        }
        return {table for row in plan if (table := walked(row[3], named))}
    return {node["Relation Name"] for node in nodes(planned(house, statement)) if node["Node Type"] == "Seq Scan"}


def planned(house: House, statement: Statement) -> dict[str, Any]:
    """PostgreSQL's plan for a statement, as the house has it planned: once, whatever the parameters will be."""
    text = statement.text(house.connection)
    driver(house.connection).execute("SET LOCAL enable_seqscan = off")
    names = list(dict.fromkeys(re.findall(r"%\((\w+)\)s", text)))
    for at, name in enumerate(names, 1):
        text = text.replace(f"%({name})s", f"${at}")
    with driver(house.connection).cursor() as cursor:
        return explained(cursor, text.replace("%%", "%"))


def explained(cursor: Any, text: str) -> dict[str, Any]:
    """PostgreSQL's plan for whatever the parameters will be. With sequential scans forbidden, one is left where none helps."""
    (answer,) = cursor.execute(f"EXPLAIN (GENERIC_PLAN, FORMAT JSON) {text}").fetchone()
    plan = json.loads(answer) if isinstance(answer, str) else answer
    return dict(plan[0]["Plan"])


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A plan's node and all below it."""
    yield plan
    for part in plan.get("Plans", ()):
        yield from nodes(part)


def walked(step: str, named: dict[str, str]) -> str | None:
    """The table that this step of SQLite's plan walks through; one under another name counts as the table it stands for."""
    found = re.match(r"SCAN (\w+)", step)
    return named.get(found[1]) if found else None


def tables(house: House) -> set[str]:
    """The names of all tables."""
    rows = driver(house.connection).execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    return {row[0] for row in rows}


@pytest.mark.parametrize(
    ("step", "table"),
    [("SCAN alert", "alert"), ("SCAN sent", "alert"), ("SCAN value", None), ("SEARCH alert USING x", None)],
)
def test_a_step_of_sqlite_is_read(step: str, table: str | None) -> None:
    assert walked(step, {"alert": "alert", "sent": "alert"}) == table
