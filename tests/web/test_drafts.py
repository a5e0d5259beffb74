"""Drafts over HTTP."""

from tests.web.doors import Doors
from tests.web.test_messages import send, talk


async def test_a_draft_is_kept_for_its_author_alone_until_it_is_sent_or_emptied(doors: Doors) -> None:
    ben, dana = doors.practice.cookies["ben"], doors.practice.cookies["dana"]

    async def drafts(cookie: str) -> list[str]:
        return [one["body"] for one in (await doors.get(cookie, "/api/drafts")).json()["drafts"]]

    await doors.post(ben, "save_draft", {"conversation": talk(doors), "body": "Dear Dana"})
    await doors.post(ben, "save_draft", {"to": [doors.person("eli")], "body": "Dear Eli"})
    assert sorted(await drafts(ben)) == ["Dear Dana", "Dear Eli"]
    assert "Dear Dana" not in await drafts(dana)
    await send(doors, "ben", conversation=talk(doors))
    assert await drafts(ben) == ["Dear Eli"]
    await doors.post(ben, "save_draft", {"to": [doors.person("eli")], "body": ""})
    assert await drafts(ben) == []


async def test_a_draft_is_sealed_at_rest(doors: Doors) -> None:
    await doors.post(doors.practice.cookies["ben"], "save_draft", {"conversation": talk(doors), "body": "A sealed word"})
    with doors.database() as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert b"A sealed word" not in doors.practice.database.read_bytes()
