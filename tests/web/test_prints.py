"""Print: one PDF of what is one's own; read only once it exists, and nothing left behind when it fails."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from chat.actions.assignments import Assigned, unassign
from chat.printing import Printer
from chat.queries.people import me
from tests.printing.paper import pages
from tests.web.doors import Doors
from tests.web.practice import CANARY

pytestmark = pytest.mark.anyio
Steps = AsyncIterator[Mapping[str, Any]]
Moment = Callable[[], Awaitable[None]]


def talk(doors: Doors, name: str) -> str:
    """A conversation's id on the wire."""
    return doors.desk.wire.conversation_id(doors.practice.ids[name])


def rows(doors: Doors, action: str = "print") -> list[tuple[int, int | None]]:
    """Who did it, to which conversation."""
    with doors.database() as connection:
        asked = "SELECT actor_id, conversation_id FROM audit_entry WHERE action = ? ORDER BY id"
        return [tuple(row) for row in connection.execute(asked, (action,))]


async def unread(doors: Doors, name: str) -> int:
    """How many conversations somebody has something unread in."""
    return (await doors.desk.runtime.ask(me, who=doors.practice.people[name]))["unread"]


class Disturbed(Printer):
    """The real printer; `before` runs between the steps of a document, `after` when the PDF exists and nobody has it."""

    def __init__(
        self, *, before: Callable[[], Awaitable[None]] | None = None, after: Callable[[], Awaitable[None]] | None = None
    ):
        super().__init__()
        self._before, self._after = before, after

    async def conversations(self, printout: Mapping[str, Any], steps: Steps) -> bytes:
        """As the real one."""

        async def disturbed() -> Steps:
            async for step in steps:
                yield step
                if self._before is not None:
                    await self._before()

        document = await super().conversations(printout, disturbed())
        if self._after is not None:
            await self._after()
        return document


async def test_the_selection_is_one_pdf_in_the_order_given(doors: Doors) -> None:
    cookie = doors.practice.cookies["ben"]
    wanted = [talk(doors, "talk"), talk(doors, "ben dana"), talk(doors, "talk")]
    answer = await doors.post(cookie, "print", {"conversations": wanted})
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Cache-Control"] == "no-store"
    assert (answer.headers["X-Printed"], answer.headers["X-Left-Out"]) == ("2", "0")
    today = datetime.now(UTC).date().isoformat()
    assert answer.headers["Content-Disposition"] == f'attachment; filename="messages-{today}.pdf"'
    first, second = pages(answer.content)
    assert "Friday" in first
    assert CANARY in first
    assert f"{CANARY} (ben)" in second
    assert "Printed by Ben Larsen" in first


async def test_what_was_unread_is_read_and_on_record_once_the_pdf_exists(doors: Doors) -> None:
    seen: list[tuple[int, int]] = []

    async def look() -> None:
        seen.append((await unread(doors, "dana"), len(rows(doors))))

    doors.desk.printer = Disturbed(before=look, after=look)
    assert await unread(doors, "dana") == 1
    await doors.post(doors.practice.cookies["dana"], "print", {"conversations": [talk(doors, "ben dana")]})
    await doors.desk.printer.close()
    assert set(seen) == {(1, 0)}
    assert await unread(doors, "dana") == 0
    assert rows(doors) == [(doors.practice.people["dana"].person, doors.practice.ids["ben dana"])]


async def test_what_is_not_ones_own_is_left_out_and_only_counted(doors: Doors) -> None:
    cookie = doors.practice.cookies["ben"]
    foreign = [talk(doors, "cleo fay"), talk(doors, "jon kim"), doors.desk.wire.conversation_id(1 << 40), "nonsense", ""]
    answer = await doors.post(cookie, "print", {"conversations": [*foreign, talk(doors, "ben dana")]})
    assert answer.headers["X-Left-Out"] == str(len(foreign))
    (page,) = pages(answer.content)
    assert "(ben)" in page
    for word in ("(cleo)", "(jon)", "Fay", "Kim"):
        assert word not in page
    assert len(rows(doors)) == 1
    alone = [await doors.post(cookie, "print", {"conversations": [one]}) for one in foreign]
    assert {one.status_code for one in alone} == {404}
    assert len({one.content for one in alone}) == 1


async def test_a_mass_message_stands_for_its_conversations_between_others_in_the_order_given(doors: Doors) -> None:
    ben = doors.practice.cookies["ben"]
    listed = (await doors.get(ben, "/api/mass_messages")).json()["mass_messages"]
    sent = next(row["id"] for row in listed if row["subject"] == "Closed on Friday")
    waiting = next(row["id"] for row in listed if row["subject"] == "Closed on Monday")
    answer = await doors.post(ben, "print", {"conversations": [talk(doors, "talk"), sent, talk(doors, "ben dana"), waiting]})
    assert (answer.headers["X-Printed"], answer.headers["X-Left-Out"]) == ("3", "1")
    assert ["Friday" in page for page in pages(answer.content)] == [True, True, False]
    assert "Eli Navarro" in pages(answer.content)[1]
    foreign = await doors.post(doors.practice.cookies["cleo"], "print", {"conversations": [sent]})
    assert foreign.status_code == 404


@pytest.mark.parametrize("given", [{}, {"conversations": []}, {"conversations": [1]}, {"conversations": "x"}, {"more": 1}])
async def test_what_cannot_be_understood_is_a_sentence(doors: Doors, given: object) -> None:
    answer = await doors.post(doors.practice.cookies["ben"], "print", given)
    assert answer.status_code == 400
    assert answer.json()["error"]["field"]


async def test_a_killed_printing_process_is_a_sentence_and_marks_nothing(doors: Doors) -> None:
    killed: list[int] = []

    async def kill() -> None:
        if not killed and doors.desk.printer.process_id:
            killed.append(doors.desk.printer.process_id)
            os.kill(killed[0], signal.SIGKILL)

    doors.desk.printer = Disturbed(before=kill)
    answer = await doors.post(doors.practice.cookies["dana"], "print", {"conversations": [talk(doors, "ben dana")]})
    await doors.desk.printer.close()
    assert killed
    assert answer.status_code == 503
    assert "try again" in answer.json()["error"]["message"]
    assert answer.headers["Retry-After"]
    assert await unread(doors, "dana") == 1
    assert rows(doors) == []


async def test_who_hangs_up_ends_the_work_and_has_read_nothing(doors: Doors) -> None:
    begun, never = asyncio.Event(), asyncio.Event()
    printing: list[int] = []

    async def hold() -> None:
        printing.append(doors.desk.printer.process_id or 0)
        begun.set()
        await never.wait()

    doors.desk.printer = Disturbed(before=hold)
    body = json.dumps({"conversations": [talk(doors, "ben dana")]}).encode()
    said = iter([{"type": "http.request", "body": body, "more_body": False}])

    async def receive() -> dict[str, Any]:
        message = next(said, None)
        if message is None:
            await begun.wait()
        return message or {"type": "http.disconnect"}

    async def send(_: Any) -> None:
        pass

    await asyncio.wait_for(doors.app(request_scope(doors, "dana"), receive, send), 30)
    with pytest.raises(ProcessLookupError):
        os.kill(printing[0], 0)
    assert await unread(doors, "dana") == 1
    assert rows(doors) == []


def request_scope(doors: Doors, name: str) -> dict[str, Any]:
    """A request to print, as the server hands it on."""
    cookie = f"{doors.desk.cookie}={doors.practice.cookies[name]}".encode()
    headers = [(b"cookie", cookie), (b"content-type", b"application/json"), (b"sec-fetch-site", b"same-origin")]
    place = {"path": "/api/print", "raw_path": b"/api/print", "root_path": "", "query_string": b"", "scheme": "http"}
    ends = {"server": ("localhost", 8000), "client": ("192.0.2.1", 4711)}
    return (
        {"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "headers": headers} | place | ends
    )


async def test_who_loses_the_client_meanwhile_gets_no_pdf(doors: Doors) -> None:
    people = doors.practice.people

    async def end() -> None:
        if not rows(doors, "unassign")[1:]:  # one was there before
            await doors.desk.runtime.perform(unassign, people["ada"], Assigned(people["dana"].person, people["ben"].person))

    before = len(rows(doors))
    for moment, status in (({"after": end}, 409), ({"before": end}, 404)):
        doors.desk.printer = Disturbed(**moment)
        answer = await doors.post(doors.practice.cookies["ben"], "print", {"conversations": [talk(doors, "ben dana")]})
        await doors.desk.printer.close()
        assert answer.status_code == status
        assert b"%PDF" not in answer.content
    assert len(rows(doors)) == before
