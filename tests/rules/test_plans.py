"""No statement of the house walks through a whole table that grows: what is quick today is quick with a million rows."""

from __future__ import annotations

import importlib
import json
import pkgutil
import re
from collections.abc import Iterator
from typing import Any

import pytest

import chat
from chat.lib.sql import SQLITE, Statement, driver
from tests.databases import House

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


def scans(house: House, statement: Statement) -> set[str]:
    """The tables of which this statement's plan reads every row, or every entry of an index."""
    text = statement.text(house.connection)
    if house.connection.dialect.name == SQLITE:
        if text.startswith("INSERT"):
            return set()  # its plan names all that refers to the table, for keys that are checked at the commit: ours are at once
        plan = driver(house.connection).execute(f"EXPLAIN QUERY PLAN {text}", [None] * text.count("?")).fetchall()
        return {table for row in plan if (table := walked(row[3], tables(house)))}
    driver(house.connection).execute("SET LOCAL enable_seqscan = off")
    driver(house.connection).execute("SET LOCAL plan_cache_mode = force_generic_plan")
    names = list(dict.fromkeys(re.findall(r"%\((\w+)\)s", text)))
    for at, name in enumerate(names, 1):
        text = text.replace(f"%({name})s", f"${at}")
    with driver(house.connection).cursor() as cursor:
        plan = explained(cursor, text.replace("%%", "%"))
    return {node["Relation Name"] for node in nodes(plan) if node["Node Type"] == "Seq Scan"}


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


def walked(step: str, known: set[str]) -> str | None:
    """The table that this step of SQLite's plan walks through; one under another name counts as the table it stands for."""
    found = re.match(r"SCAN (\w+)", step)
    return found[1] if found and found[1] in known else None


def tables(house: House) -> set[str]:
    """The names of all tables."""
    rows = driver(house.connection).execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    return {row[0] for row in rows}


@pytest.mark.parametrize(("step", "table"), [("SCAN alert", "alert"), ("SCAN value", None), ("SEARCH alert USING x", None)])
def test_a_step_of_sqlite_is_read(step: str, table: str | None) -> None:
    assert walked(step, {"alert"}) == table
