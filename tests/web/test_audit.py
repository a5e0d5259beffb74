"""The audit trail's doors: filters, CSV, and no content where no entry can be written."""

import csv
import io
import sqlite3
from contextlib import closing
from datetime import UTC, datetime

import pytest

from chat import house
from chat.actions.chains import append
from chat.queries.chains import unchained
from tests.web.doors import Doors
from tests.web.practice import CANARY


async def chain(doors: Doors) -> None:
    """What the job does."""
    key = house.audit_key(house.open_vault(doors.desk.settings))
    while links := await doors.desk.runtime.ask(unchained, key, "test"):
        await doors.desk.runtime.perform(append, None, links, job=True)


def today() -> str:
    """The day, where the practice is."""
    return datetime.now(UTC).date().isoformat()


async def test_an_administrator_finds_who_read_a_clients_messages(doors: Doors) -> None:
    cookies, talk = doors.practice.cookies, doors.desk.wire.conversation_id(doors.practice.ids["talk"])
    assert (await doors.get(cookies["ben"], f"/api/conversations/{talk}/messages")).status_code == 200
    await chain(doors)
    path = f"/api/audit?client={doors.person('dana')}&kind=seen&from={today()}&until={today()}"
    answer = (await doors.get(cookies["ada"], path)).json()
    assert answer["waiting"] == 0
    assert answer["audit"][0]["actor"] == {"id": doors.person("ben"), "name": "Ben Larsen"}
    assert answer["audit"][0]["what"] == "Read messages"
    assert CANARY not in str(answer)
    assert (await doors.get(cookies["ada"], f"/api/audit?client={doors.person('dana')}&until=2001-01-01")).json()["audit"] == []


async def test_pages_follow_each_other(doors: Doors) -> None:
    ada = doors.practice.cookies["ada"]
    for _ in range(60):
        await doors.post(ada, "find_clients", {})
        await doors.get(ada, f"/api/clients/{doors.person('dana')}/contact_log")
    await chain(doors)
    first = (await doors.get(ada, "/api/audit")).json()
    second = (await doors.get(ada, f"/api/audit?before={first['next']}")).json()
    ids = [row["id"] for page in (first, second) for row in page["audit"]]
    assert len(first["audit"]) == 50
    assert len(ids) == len(set(ids)) > 50


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("kind=everything", 400),
        ("from=yesterday", 400),
        ("until=9999-12-31", 400),
        ("before=1.x", 400),
        ("before=x", 400),
        ("client=x", 404),
    ],
)
async def test_what_cannot_be_looked_for_is_said(doors: Doors, query: str, status: int) -> None:
    answer = await doors.get(doors.practice.cookies["ada"], f"/api/audit?{query}")
    assert answer.status_code == status
    assert answer.json()["error"]["message"]


async def test_a_name_that_is_a_formula_is_text_in_the_csv(doors: Doors) -> None:
    cookies = doors.practice.cookies
    talk = doors.desk.wire.conversation_id(doors.practice.ids["talk"])
    assert (await doors.get(cookies["ben"], f"/api/conversations/{talk}/messages")).status_code == 200
    with closing(sqlite3.connect(doors.desk.settings.data / "quietroom.db")) as connection, connection:
        connection.execute("UPDATE person SET name = '=HYPERLINK(1)' WHERE username = 'dana'")
    await chain(doors)
    answer = await doors.get(cookies["ada"], f"/api/audit.csv?client={doors.person('dana')}")
    assert answer.headers["content-disposition"] == 'attachment; filename="audit.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"), newline="")))
    assert rows[0]["What"] in {"Read messages", "Exported this history"}
    assert {row["Client"] for row in rows} == {"'=HYPERLINK(1)"}
    await chain(doors)
    newest = (await doors.get(cookies["ada"], "/api/audit")).json()["audit"][0]
    assert newest["action"] == "export_audit"


BREAKS = {
    "refused": "CREATE TRIGGER no BEFORE INSERT ON audit_entry BEGIN SELECT RAISE(ABORT, 'no'); END",
    "gone": "ALTER TABLE audit_entry RENAME TO elsewhere",
}


@pytest.mark.parametrize("how", BREAKS)
async def test_without_its_entry_no_content_leaves(doors: Doors, how: str) -> None:
    cookies, ids = doors.practice.cookies, doors.practice.ids
    talk, file = doors.desk.wire.conversation_id(ids["talk"]), doors.desk.wire.ids.outer("enclosure", ids["enclosure"])
    dana = doors.person("dana")
    paths = [f"/api/conversations/{talk}/messages", f"/api/attachments/{file}", f"/api/clients/{dana}/contact_log"]
    paths += [f"/api/clients/{dana}/contact_log.csv", f"/api/audit.csv?client={dana}"]
    for path in paths[:4]:
        assert (await doors.get(cookies["ben"], path)).status_code == 200, "or the refusal means nothing"
    with closing(sqlite3.connect(doors.desk.settings.data / "quietroom.db")) as connection, connection:
        connection.execute("DELETE FROM audit_entry")
        connection.execute(BREAKS[how])
    for path in paths:
        answer = await doors.get(cookies["ada" if "audit" in path else "ben"], path)
        assert answer.status_code in {500, 503}, path
        assert CANARY not in answer.text
        assert "message" in answer.json()["error"]
    printed = await doors.post(cookies["ben"], "print", {"conversations": [talk]})
    assert printed.status_code in {500, 503}
    assert not printed.content.startswith(b"%PDF")
