"""Folders over HTTP."""

import pytest

from tests.web.doors import Doors
from tests.web.test_messages import send


async def test_a_folder_lists_newest_first_and_by_pages(doors: Doors) -> None:
    for number in range(60):
        await send(doors, "ben", to=[doors.person("dana")], subject=f"Thread {number}")
    subjects: list[str] = []
    before = ""
    while before is not None:
        page = (await doors.get(doors.practice.cookies["dana"], f"/api/conversations?folder=inbox{before}")).json()
        subjects += [row["subject"] for row in page["conversations"]]
        before = None if page["next"] is None else f"&before={page['next']}"  # type: ignore[assignment]
    assert subjects[:60] == [f"Thread {number}" for number in reversed(range(60))]
    assert len(subjects) == len(set(subjects)) == 61, "… and the direct conversation with Ben"


async def test_a_search_finds_by_the_names_of_the_others(doors: Doors) -> None:
    cookie = doors.practice.cookies["ben"]
    for search, found in (("dana", 3), ("REED dan", 3), ("hal", 1), ("moe", 1), ("kim", 0), ("ben", 0), ("%", 0)):
        rows = [
            row
            for folder in ("inbox", "sent")
            for row in (await doors.post(cookie, "find_conversations", {"folder": folder, "search": search})).json()[
                "conversations"
            ]
        ]
        assert len({row["id"] for row in rows}) == found, search


@pytest.mark.parametrize("query", ["folder=drafts", "folder=", "folder=inbox&before=x", "folder=inbox&before=1.AAAA"])
async def test_a_folder_that_is_not_there_is_refused_in_a_sentence(doors: Doors, query: str) -> None:
    answer = await doors.get(doors.practice.cookies["dana"], f"/api/conversations?{query}")
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "invalid")


@pytest.mark.parametrize("before", [[], 1, True, {}, ["1.AAAA"]])
async def test_a_page_that_is_no_text_is_refused_in_a_sentence(doors: Doors, before: object) -> None:
    asked = {"folder": "inbox", "search": "", "before": before}
    answer = await doors.post(doors.practice.cookies["dana"], "find_conversations", asked)
    assert (answer.status_code, answer.json()["error"]["field"]) == (400, "before")


async def test_names_never_stand_in_an_address(doors: Doors) -> None:
    assert (await doors.get(doors.practice.cookies["ben"], "/api/find_people?search=dana")).status_code == 405


async def test_a_conversation_that_was_edited_by_hand_is_refused_by_name_and_another_opens(doors: Doors) -> None:
    damaged = (await send(doors, "ben", to=[doors.person("dana")], subject="Damaged")).json()
    sound = (await send(doors, "ben", to=[doors.person("dana")], subject="Sound")).json()
    number = doors.desk.wire.ids.inner("conversation", damaged["conversation"])
    mine = "conversation_id = ?"
    with doors.database() as connection:
        connection.execute(f"UPDATE message SET body = x'00112233445566778899' WHERE {mine}", (number,))  # noqa: S608
        before = connection.execute(f"SELECT body FROM message WHERE {mine}", (number,)).fetchall()  # noqa: S608
    cookie = doors.practice.cookies["dana"]
    answer = await doors.get(cookie, f"/api/conversations/{damaged['conversation']}/messages")
    assert (answer.status_code, answer.json()["error"]["code"]) == (500, "damaged")
    assert "restore it from a backup" in answer.json()["error"]["message"]
    assert (await doors.get(cookie, f"/api/conversations/{sound['conversation']}/messages")).status_code == 200
    listed = (await doors.get(cookie, "/api/conversations?folder=inbox")).json()["conversations"]
    words = {row["subject"]: row["first_words"] for row in listed}
    assert (words["Damaged"], words["Sound"]) == ("This message cannot be read.", "Hello")
    spanish = (await doors.get(cookie, "/api/conversations?folder=inbox&language=es")).json()["conversations"]
    assert "Este mensaje no se puede leer." in {row["first_words"] for row in spanish}
    with doors.database() as connection:
        assert connection.execute(f"SELECT body FROM message WHERE {mine}", (number,)).fetchall() == before  # noqa: S608
