"""Lists and conversations that go on while one looks, and while one does not."""

import uuid

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser
NOTEBOOK = "I’ll bring the notebook"


def person(visitor: Visitor, name: str) -> str:
    """The id of somebody whom one may write to."""
    answer = visitor.context.request.post("/api/find_people", data={"search": name}, headers={"Origin": visitor.address})
    return str(answer.json()["people"][0]["id"])


def send(visitor: Visitor, body: str, **where: object) -> str:
    """A message from another device of theirs; the answer is its conversation."""
    fields = {"key": str(uuid.uuid4()), "body": body, **where}
    answer = visitor.context.request.post("/api/send_message", data=fields, headers={"Origin": visitor.address})
    assert answer.ok, answer.text()
    return str(answer.json()["conversation"])


def test_a_long_inbox_has_every_row_once_whatever_arrives_while_one_scrolls(visit: Visit) -> None:
    cleo = visit("cleo")
    to = [person(cleo, "Ben Larsen")]
    places = [send(cleo, "Please look at it.", to=to, subject=f"Room {n:02}") for n in range(60)]
    ben = visit("ben")
    expect(ben.row("Room 59")).to_be_visible()
    expect(ben.row("Room 03")).to_have_count(0)
    send(cleo, "One more word.", conversation=places[3])
    expect(ben.rows.first).to_contain_text("Room 03")
    expect(ben.row("Room 02")).to_have_count(0)
    ben.rows.last.scroll_into_view_if_needed()
    expect(ben.row("Room 02")).to_have_count(1)
    send(cleo, "And one.", conversation=places[30])
    expect(ben.rows.first).to_contain_text("Room 30")
    expect(ben.rows).to_have_count(66)
    subjects = [text.split(" · ")[0] for text in ben.page.locator("qr-row .subject a").all_text_contents()]
    rooms = [text for text in subjects if text.startswith("Room")]
    assert rooms == ["Room 30", "Room 03", *(f"Room {n:02}" for n in range(59, -1, -1) if n not in {3, 30})]


def test_what_was_said_while_one_was_away_has_no_hole_however_much_it_was(visit: Visit) -> None:
    ben, dana = visit("ben"), visit("dana")
    ben.line_may_break = True
    ben.open_row(NOTEBOOK)
    place = ben.page.url.rpartition("/")[2]
    before = ben.messages.count()
    ben.context.set_offline(True)
    expect(ben.page.get_by_text("No connection.")).to_be_visible()
    for n in range(45):
        send(dana, f"Line {n:02} of a long story.", conversation=place)
    expect(ben.message("Line")).to_have_count(0)
    ben.context.set_offline(False)
    expect(ben.message("Line 44 of")).to_be_visible()
    expect(ben.message("Line")).to_have_count(45)
    expect(ben.messages).to_have_count(before + 45)
    found = ben.page.locator("qr-message .body").all_text_contents()
    assert [text[:7] for text in found if text.startswith("Line")] == [f"Line {n:02}" for n in range(45)]


def test_what_arrives_while_one_searches_is_found_as_the_server_finds_it(visit: Visit) -> None:
    ben, dana, eli = visit("ben"), visit("dana"), visit("eli")
    expect(ben.row("Sleep diary")).to_be_visible()
    ben.page.get_by_role("searchbox", name="Search by name").fill("REED dána")
    expect(ben.rows.filter(has_text="Eli")).to_have_count(0)
    before = ben.rows.count()
    assert before > 0
    for author, subject in ((eli, "From Eli"), (dana, "From Dana")):
        send(author, "Something new.", to=[person(author, "Ben Larsen")], subject=subject)
    expect(ben.row("From Dana")).to_be_visible()
    expect(ben.rows).to_have_count(before + 1)
