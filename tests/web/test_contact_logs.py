"""The contact log at its doors: the whole of it as CSV and as PDF, on record before it leaves."""

from __future__ import annotations

import asyncio
import os
import signal
import uuid
from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest

from chat.actions.assignments import Assigned, unassign
from chat.actions.contact_logs import NewEntry, add_contact_log_entry
from chat.printing import Printer
from chat.web import contact_logs
from tests.printing.paper import bare, pages
from tests.web.doors import Doors

pytestmark = pytest.mark.anyio
FORMULA = "=HYPERLINK(0) 🙂 שלום"


async def write(doors: Doors, *texts: str, client: str = "dana") -> None:
    """Entries by Ben's hand."""
    people = doors.practice.people
    for text in texts:
        entry = NewEntry(str(uuid.uuid4()), people[client].person, text)
        await doors.desk.runtime.perform(add_contact_log_entry, people["ben"], entry)


def address(doors: Doors, kind: str, client: str = "dana") -> str:
    return f"/api/clients/{doors.person(client)}/contact_log.{kind}"


def rows(doors: Doors) -> list[tuple[Any, ...]]:
    """The exports on record: who, whose log, as what."""
    with doors.database() as connection:
        asked = "SELECT actor_id, client_id, details FROM audit_entry WHERE action = 'export_contact_log' ORDER BY id"
        return [tuple(row) for row in connection.execute(asked)]


async def test_the_pdf_holds_every_entry_under_a_neutral_name_and_is_on_record(
    doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contact_logs, "EXPORTED", 2)
    await write(doors, *(f"canary-{n}" for n in range(5)))
    await write(doors, "of Eli", client="eli")
    answer = await doors.get(doors.practice.cookies["ada"], address(doors, "pdf"))
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="contact-log.pdf"'
    assert answer.headers["Cache-Control"] == "no-store"
    (text,) = pages(answer.content)
    assert [int(part[0]) for part in text.split("canary-")[1:]] == [4, 3, 2, 1, 0]
    assert "of Eli" not in text
    assert "Exported by Ada Lindgren" in text
    people = doors.practice.people
    assert rows(doors) == [(people["ada"].person, people["dana"].person, "PDF")]


async def test_both_exports_hold_the_same_text_and_the_spreadsheet_runs_none_of_it(doors: Doors) -> None:
    await write(doors, FORMULA)
    ben = doors.practice.cookies["ben"]
    table = (await doors.get(ben, address(doors, "csv"))).content.decode("utf-8-sig")
    assert f"'{FORMULA}" in table
    assert "HYPERLINK(0)" in bare(pages((await doors.get(ben, address(doors, "pdf"))).content)[0])
    assert [row[2] for row in rows(doors)] == ["CSV", "PDF"]


class Disturbed(Printer):
    """The real printer; something happens between the first step of a document and the next."""

    def __init__(self, disturb: Any) -> None:
        super().__init__()
        self._disturb = disturb

    async def contact_log(self, head: Mapping[str, Any], steps: AsyncIterator[Mapping[str, Any]]) -> bytes:
        """As the real one."""

        async def disturbed() -> AsyncIterator[Mapping[str, Any]]:
            async for step in steps:
                yield step
                await self._disturb()

        return await super().contact_log(head, disturbed())


async def test_who_loses_the_client_meanwhile_gets_no_pdf_and_nothing_is_on_record(doors: Doors) -> None:
    await write(doors, "canary")
    people = doors.practice.people

    async def end() -> None:
        await doors.desk.runtime.perform(unassign, people["ada"], Assigned(people["dana"].person, people["ben"].person))

    doors.desk.printer = Disturbed(end)
    answer = await doors.get(doors.practice.cookies["ben"], address(doors, "pdf"))
    await doors.desk.printer.close()
    assert answer.status_code == 404
    assert rows(doors) == []


async def test_a_killed_printing_process_is_a_sentence_and_nothing_is_on_record(doors: Doors) -> None:
    await write(doors, "canary")

    async def kill() -> None:
        os.kill(doors.desk.printer.process_id or 0, signal.SIGKILL)

    doors.desk.printer = Disturbed(kill)
    answer = await doors.get(doors.practice.cookies["ben"], address(doors, "pdf"))
    await doors.desk.printer.close()
    assert answer.status_code == 503
    assert answer.json()["error"]["message"] == "The PDF could not be made. Please try again."
    assert rows(doors) == []


async def test_conversations_and_a_log_are_made_one_after_the_other_by_the_same_process(doors: Doors) -> None:
    await write(doors, "canary")
    ben = doors.practice.cookies["ben"]
    talk = doors.desk.wire.conversation_id(doors.practice.ids["ben dana"])
    log, talks = await asyncio.gather(doors.get(ben, address(doors, "pdf")), doors.post(ben, "print", {"conversations": [talk]}))
    assert "canary" in pages(log.content)[0]
    assert "(ben)" in pages(talks.content)[0]
