"""Taking messages along, at its doors: what is one's own, once, on record before it leaves."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import os
import signal
import zipfile
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote
from uuid import uuid4

import pytest
from fhir.resources.R4B.bundle import Bundle as Fhir

from chat.actions.assignments import Assigned, HandOver, hand_over, unassign
from chat.printing import Printer, bundles
from chat.web import exports
from tests.printing.paper import pages
from tests.web.doors import Doors
from tests.web.practice import CANARY

pytestmark = pytest.mark.anyio
Steps = AsyncIterator[Mapping[str, Any]]


def rows(doors: Doors) -> list[tuple[int, int, int | None]]:
    """The exports on record: who, which conversation, whose record."""
    with doors.database() as connection:
        asked = (
            "SELECT actor_id, conversation_id, client_id FROM audit_entry WHERE action = 'export_own' ORDER BY conversation_id"
        )
        return [tuple(row) for row in connection.execute(asked)]


def opened(content: bytes) -> zipfile.ZipFile:
    found = zipfile.ZipFile(io.BytesIO(content))
    assert found.testzip() is None
    return found


def text(found: zipfile.ZipFile) -> str:
    return "".join("".join(pages(found.read(name))) for name in found.namelist() if name.endswith(".pdf"))


class Disturbed(Printer):
    """The real printer; `before` runs before each document."""

    def __init__(self, before: Callable[[], Awaitable[None]]) -> None:
        super().__init__()
        self._before = before

    async def conversations(self, printout: Mapping[str, Any], steps: Steps) -> bytes:
        """As the real one."""
        await self._before()
        return await super().conversations(printout, steps)


async def test_a_client_gets_all_that_they_see_with_the_files_and_nothing_else(doors: Doors) -> None:
    answer = await doors.get(doors.practice.cookies["dana"], "/api/export")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/zip"
    assert answer.headers["Cache-Control"] == "no-store"
    today = datetime.now(UTC).date().isoformat()
    assert answer.headers["Content-Disposition"] == f'attachment; filename="messages-{today}.zip"'
    found = opened(answer.content)
    said = text(found)
    assert CANARY in said
    assert f"{CANARY} (ben)" in said
    for foreign in ("(cleo)", "(jon)", "Fay", "Kim", "contact log"):
        assert foreign not in said
    assert any(name.startswith("files/") and name.endswith(".png") for name in found.namelist())
    bundle = json.loads(found.read("messages-1.fhir.json"))
    Fhir.model_validate(bundle)
    told = [part for entry in bundle["entry"] for part in entry["resource"]["payload"]]
    assert any(f"{CANARY} (ben)" in part.get("contentString", "") for part in told)
    urls = [unquote(part["contentAttachment"]["url"]) for part in told if "contentAttachment" in part]
    assert set(urls) <= set(found.namelist())
    assert urls
    dana = doors.practice.people["dana"].person
    assert len(rows(doors)) > 1
    assert {(who, whose) for who, _, whose in rows(doors)} == {(dana, dana)}


async def test_the_papers_speak_the_language_of_who_asks(doors: Doors) -> None:
    people = doors.practice.people
    given = HandOver(people["ben"].person, people["cleo"].person, history=True, clients=(people["dana"].person,))
    await doors.desk.runtime.perform(hand_over, people["ada"], given)
    dana = doors.practice.cookies["dana"]
    english = text(opened((await doors.get(dana, "/api/export", Accept_Language="en")).content))
    spanish = text(opened((await doors.get(dana, "/api/export", Accept_Language="es")).content))
    assert "reads this conversation from today" in english
    assert "lee esta conversación desde hoy" in spanish
    assert ("Page 1 of" in english, "Página 1 de" in spanish) == (True, True)


async def test_a_subject_that_cannot_be_read_is_said_to_be_so_on_paper_and_keeps_nothing_else_back(doors: Doors) -> None:
    thread = {"key": str(uuid4()), "to": [doors.person("dana")], "subject": "Sleep", "body": "How was the night?"}
    assert (await doors.post(doors.practice.cookies["ben"], "send_message", thread)).status_code == 200
    with doors.database() as connection:
        connection.execute("UPDATE conversation SET subject = x'00112233445566778899' WHERE subject IS NOT NULL")
    dana = doors.practice.cookies["dana"]
    rows = (await doors.get(dana, "/api/conversations?folder=inbox")).json()["conversations"]
    damaged = [row["id"] for row in rows if row["subject"] == "This subject cannot be read."]
    assert damaged, "or the test shows nothing"
    for number in damaged:
        assert (await doors.get(dana, f"/api/conversations/{number}/messages")).status_code == 200
    exported = opened((await doors.get(dana, "/api/export", Accept_Language="es")).content)
    assert "Este asunto no se puede leer." in text(exported)
    assert f"{CANARY} (ben)" in text(exported)
    printed = await doors.post(dana, "print", {"conversations": damaged}, Accept_Language="es")
    assert (printed.status_code, printed.headers["X-Left-Out"]) == (200, "0")
    assert "Este asunto no se puede leer." in "".join(pages(printed.content))


async def test_it_is_on_record_before_anything_leaves(doors: Doors) -> None:
    seen: list[int] = []

    async def look() -> None:
        seen.append(len(rows(doors)))

    doors.desk.printer = Disturbed(look)
    await doors.get(doors.practice.cookies["dana"], "/api/export")
    await doors.desk.printer.close()
    assert seen
    assert seen[0] == len(rows(doors))


async def test_a_contact_gets_what_they_were_ccd_on(doors: Doors) -> None:
    answer = await doors.get(doors.practice.cookies["hal"], "/api/export")
    assert (answer.status_code, "Hal Reed" in text(opened(answer.content))) == (200, True)
    assert f"{CANARY} (ben)" not in text(opened(answer.content))


async def test_staff_get_what_they_wrote_with_one_client(doors: Doors) -> None:
    cookie = doors.practice.cookies["ben"]
    answer = await doors.get(cookie, f"/api/clients/{doors.person('dana')}/export")
    said = text(opened(answer.content))
    assert f"{CANARY} (ben)" in said
    assert "Eli" not in said
    people = doors.practice.people
    assert {(who, whose) for who, _, whose in rows(doors)} == {(people["ben"].person, people["dana"].person)}
    assert (await doors.get(cookie, "/api/export")).status_code == 404
    assert (await doors.get(cookie, f"/api/clients/{doors.person('fay')}/export")).status_code == 404
    assert (await doors.get(doors.practice.cookies["dana"], f"/api/clients/{doors.person('dana')}/export")).status_code == 404


async def test_what_was_unread_stays_unread(doors: Doors) -> None:
    cookie = doors.practice.cookies["dana"]
    before = (await doors.get(cookie, "/api/me")).json()["unread"]
    await doors.get(cookie, "/api/export")
    assert before == (await doors.get(cookie, "/api/me")).json()["unread"] > 0


async def test_with_nothing_to_export_there_is_a_sentence(doors: Doors) -> None:
    answer = await doors.get(doors.practice.cookies["ada"], f"/api/clients/{doors.person('dana')}/export")
    assert (answer.status_code, answer.json()["error"]["message"]) == (409, "There are no messages to export yet.")


async def test_who_exports_already_or_when_many_do_waits(doors: Doors, monkeypatch: pytest.MonkeyPatch) -> None:
    dana = doors.practice.people["dana"].person
    doors.desk.exporting.add(dana)
    again = await doors.get(doors.practice.cookies["dana"], "/api/export")
    assert (again.status_code, again.json()["error"]["code"]) == (409, "conflict")
    monkeypatch.setattr(exports, "AT_ONCE", 1)
    other = await doors.get(doors.practice.cookies["hal"], "/api/export")
    assert (other.status_code, other.headers["Retry-After"]) == (503, "30")
    doors.desk.exporting.clear()
    assert (await doors.get(doors.practice.cookies["hal"], "/api/export")).status_code == 200
    assert doors.desk.exporting == set()


async def test_a_killed_printing_process_is_a_sentence_and_the_next_export_works(doors: Doors) -> None:
    printer = Printer()

    async def kill() -> None:
        await asyncio.sleep(0)
        if printer.process_id:
            with contextlib.suppress(ProcessLookupError):  # killed already, and not yet noticed
                os.kill(printer.process_id, signal.SIGKILL)

    class Killed(Disturbed):
        async def conversations(self, printout: Mapping[str, Any], steps: Steps) -> bytes:
            async def disturbed() -> Steps:
                async for step in steps:
                    yield step
                    await kill()

            return await printer.conversations(printout, disturbed())

    doors.desk.printer = Killed(kill)
    answer = await doors.get(doors.practice.cookies["dana"], "/api/export")
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "unavailable")
    assert doors.desk.exporting == set()
    doors.desk.printer = Printer()
    assert (await doors.get(doors.practice.cookies["dana"], "/api/export")).status_code == 200
    await doors.desk.printer.close()
    await printer.close()


async def test_what_is_taken_away_while_it_is_made_stays_out(doors: Doors, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundles, "ROOM", 1)
    people = doors.practice.people

    async def lose() -> None:
        if doors.desk.printer.process_id:  # after the first PDF
            pair = Assigned(people["dana"].person, people["ben"].person)
            await doors.desk.runtime.perform(unassign, people["ada"], pair)

    doors.desk.printer = Disturbed(lose)
    answer = await doors.get(doors.practice.cookies["ben"], f"/api/clients/{doors.person('dana')}/export")
    await doors.desk.printer.close()
    found = opened(answer.content)
    assert len(rows(doors)) > 1, "the premise: there was more"
    assert [name for name in found.namelist() if name.endswith(".pdf")] == ["messages-1.pdf"]
    assert f"{CANARY} (ben)" not in text(found), "the conversation that came next"
