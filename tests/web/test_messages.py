"""Messages over HTTP: what is sent, and what a page of them looks like."""

import uuid
from typing import Any

import pytest

from tests.web.doors import Doors
from tests.web.practice import CANARY


async def send(doors: Doors, author: str, **fields: Any) -> Any:
    """A message; the answer as it is."""
    command = {"key": str(uuid.uuid4()), "body": "Hello", **fields}
    return await doors.post(doors.practice.cookies[author], "send_message", command)


def talk(doors: Doors) -> str:
    """Dana's conversation with Ben, Moe and Dee."""
    return doors.desk.wire.conversation_id(doors.practice.ids["talk"])


async def test_a_sent_message_stands_at_its_place_in_the_page(doors: Doors) -> None:
    sent = await send(doors, "ben", conversation=talk(doors), body="See you on Friday.")
    assert (sent.status_code, sent.json()) == (200, {"conversation": talk(doors), "seq": 2})
    page = (await doors.get(doors.practice.cookies["dana"], f"/api/conversations/{talk(doors)}/messages")).json()
    assert [(one["seq"], one["after"], one["body"]) for one in page["messages"]] == [(1, 0, CANARY), (2, 1, "See you on Friday.")]
    assert page["messages"][1]["author"] == doors.person("ben")
    assert page["messages"][1]["author_name"] == "Ben Larsen"
    assert page["draft"]["body"] == f"{CANARY} Later."
    assert page["conversation"]["subject"] == "Friday"
    assert page["next"] is None


EVERYTHING = [
    "🙂 é \u202e \u0000 \u2028 \ufdfd",
    "a\r\nb\n\n\tc",
    "<script>alert(1)</script>",
    "\u200f\u05e9\u05dc\u05d5\u05dd",
    "\U0010ffff",
    "x" * 10_000,
]


@pytest.mark.parametrize("body", EVERYTHING)
async def test_all_of_unicode_comes_back_as_it_was_sent(doors: Doors, body: str) -> None:
    assert (await send(doors, "ben", conversation=talk(doors), body=body)).status_code == 200
    page = await doors.get(doors.practice.cookies["dana"], f"/api/conversations/{talk(doors)}/messages?after=1")
    assert [one["body"] for one in page.json()["messages"]] == [body]


async def test_pages_go_back_to_the_first_message_and_forward_to_the_last(doors: Doors) -> None:
    for number in range(119):
        await send(doors, "ben", conversation=talk(doors), body=str(number))
    seen: list[int] = []
    before: int | None = None
    while before is not None or not seen:
        query = f"?before={before}" if before else ""
        page = (await doors.get(doors.practice.cookies["dana"], f"/api/conversations/{talk(doors)}/messages{query}")).json()
        seen = [one["seq"] for one in page["messages"]] + seen
        before = page["next"]
    assert seen == list(range(1, 121))
    address = f"/api/conversations/{talk(doors)}/messages?after="
    first = (await doors.get(doors.practice.cookies["dana"], f"{address}0")).json()
    assert [one["seq"] for one in first["messages"]] == list(range(1, 101))
    rest = (
        await doors.get(doors.practice.cookies["dana"], f"/api/conversations/{talk(doors)}/messages?after={first['next']}")
    ).json()
    assert [one["seq"] for one in rest["messages"]] == list(range(101, 121))
    assert rest["next"] is None


@pytest.mark.parametrize("query", ["before=x", "before=-1", "after=1.5", "after=٣", "after=", "before=" + "9" * 30])
async def test_a_page_that_cannot_be_is_refused_in_a_sentence(doors: Doors, query: str) -> None:
    answer = await doors.get(doors.practice.cookies["dana"], f"/api/conversations/{talk(doors)}/messages?{query}")
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "invalid")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"body": " \n "}, "body"),
        ({"body": "x" * 10_001}, "body"),
        ({"body": None}, "body"),
        ({"subject": "New"}, "subject"),
        ({"to": []}, "to"),
        ({"to": ["A" * 22]}, None),
        ({"key": "1"}, "key"),
        ({"key": "z" * 36}, "key"),
        ({"expects": "everybody"}, "expects"),
        ({"bcc": []}, "bcc"),
    ],
)
async def test_a_message_that_cannot_be_sent_says_why(doors: Doors, fields: dict[str, Any], field: str | None) -> None:
    before = doors.dump()
    answer = await send(doors, "ben", conversation=talk(doors), **fields)
    assert answer.status_code == (400 if field else 404)
    assert answer.json()["error"].get("field") == field
    assert doors.dump() == before


async def test_whoever_else_would_read_it_is_said_before_it_is_sent(doors: Doors) -> None:
    wrong = await send(doors, "ben", conversation=talk(doors), expects=[doors.person("dana"), doors.person("moe")])
    assert (wrong.status_code, wrong.json()["error"]["people"]) == (409, ["Dana Reed"])
    assert (await send(doors, "ben", conversation=talk(doors), expects=[doors.person("dana")])).status_code == 200


async def test_opening_a_conversation_is_a_view_on_record_once_in_a_while(doors: Doors) -> None:
    def views() -> int:
        return sum("'view'" in row for row in doors.dump()["audit_entry"])

    before = views()
    for _ in range(3):
        await doors.get(doors.practice.cookies["ben"], f"/api/conversations/{talk(doors)}/messages")
    assert views() == before + 1
    await doors.get(doors.practice.cookies["dana"], f"/api/conversations/{talk(doors)}/messages")
    assert views() == before + 2
