"""Inbox, Sent, Trash, and the search."""

import re
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser
FRIDAY = "Friday’s appointment"
NOTEBOOK = "I’ll bring the notebook"


def test_the_trash_can_moves_a_conversation_and_undo_brings_it_back(visit: Visit) -> None:
    ben = visit("ben")
    ben.row("Sleep diary").get_by_role("button", name="Move conversation with Eli Navarro to Trash").click()
    expect(ben.page.get_by_text("Conversation moved to the trash")).to_be_visible()
    expect(ben.rows.filter(has_text="Sleep diary")).to_have_count(0)
    ben.button("Undo").click()
    expect(ben.row("Sleep diary")).to_be_visible()


def test_undo_puts_each_back_where_it_stood_from_a_row_from_several_and_from_inside(visit: Visit) -> None:
    ben = visit("ben")
    other = ben.context.new_page()
    ben.link("Compose").click()
    ben.page.get_by_role("combobox", name="To").press_sequentially("cle")
    ben.page.get_by_role("option", name="Cleo Marsh").click()
    ben.page.get_by_label("Subject").fill("Only sent")
    ben.page.get_by_label("Message", exact=True).fill("Nobody has answered this.")
    ben.button("Send").click()
    expect(ben.page.get_by_role("heading", name="Only sent")).to_be_visible()
    ben.open("/sent")
    other.goto("/sent")
    elsewhere = other.locator("qr-row").filter(has_text="Only sent")
    for way in ("row", "bulk", "inside"):
        expect(elsewhere).to_have_count(1)
        if way == "row":
            ben.row("Only sent").locator(".bin").click()
        elif way == "bulk":
            for subject in ("Only sent", "Sleep diary"):
                ben.row(subject).get_by_role("checkbox").check()
            ben.button("Move to Trash").click()
        else:
            ben.open_row("Only sent")
            ben.button("Move to Trash").click()
        expect(elsewhere).to_have_count(0)
        ben.button("Undo").click()
        expect(elsewhere).to_have_count(1)
        expect(ben.row("Only sent")).to_be_visible()
    ben.link("Inbox").click()
    expect(ben.row("Sleep diary")).to_be_visible()
    expect(ben.rows.filter(has_text="Only sent")).to_have_count(0)


def test_a_row_that_is_pressed_opens_when_it_is_let_go_whatever_arrives_meanwhile(visit: Visit) -> None:
    ben, dana = visit("ben"), visit("dana")
    expect(ben.rows.first).to_contain_text(NOTEBOOK)
    for row, first, said in ((FRIDAY, NOTEBOOK, "Half past three?"), (NOTEBOOK, FRIDAY, "And the pencils.")):
        link = ben.row(row).get_by_role("link")
        talk = (link.get_attribute("href") or "").rpartition("/")[2]
        link.hover()
        ben.page.mouse.down()
        dana.command("send_message", key=str(uuid4()), conversation=talk, body=said)
        expect(ben.row(said)).to_be_visible()
        expect(ben.rows.first).to_contain_text(first)  # nothing moves under the pointer
        ben.page.mouse.up()
        expect(ben.message(said)).to_be_visible()
        expect(ben.rows.first).to_contain_text(said)


def test_the_bulk_bar_appears_with_a_selection_and_acts_on_all_of_it(visit: Visit) -> None:
    ben = visit("ben")
    expect(ben.rows.first).to_be_visible()
    expect(ben.button("Move to Trash")).to_have_count(0)
    for subject in ("Sleep diary", "Opening hours"):
        ben.row(subject).get_by_role("checkbox").check()
    expect(ben.page.get_by_text("2 selected")).to_be_visible()
    ben.button("Move to Trash").click()
    expect(ben.page.get_by_text("2 conversations moved to the trash")).to_be_visible()
    ben.link("Trash").click()
    expect(ben.rows).to_have_count(2)
    expect(ben.row("Opening hours")).to_contain_text("deleted in 15 days")
    ben.page.get_by_role("checkbox", name="Select all").count()
    ben.row("Opening hours").get_by_role("checkbox").check()
    ben.button("Move to Inbox").click()
    expect(ben.rows).to_have_count(1)
    ben.link("Inbox").click()
    expect(ben.row("Opening hours")).to_be_visible()


def test_what_comes_back_from_the_trash_is_as_unread_as_it_was(visit: Visit) -> None:
    ben = visit("ben")
    expect(ben.page).to_have_title(re.compile(r"^\(2\) "))
    ben.row(NOTEBOOK).locator(".bin").click()
    ben.row("Sleep diary").locator(".bin").click()
    expect(ben.page).to_have_title(re.compile(r"^\(1\) "))
    ben.link("Trash").click()
    expect(ben.row(NOTEBOOK).locator(".new")).to_be_visible()
    for name in ("Dana Reed", "Eli Navarro"):
        ben.button(f"Move conversation with {name} to Inbox").click()
    expect(ben.rows).to_have_count(0)
    ben.link("Inbox").click()
    expect(ben.row(NOTEBOOK).locator(".new")).to_be_visible()
    expect(ben.row("Sleep diary").locator(".new")).to_be_hidden()
    expect(ben.page).to_have_title(re.compile(r"^\(2\) "))


def test_deleting_for_good_asks_with_the_number_and_leaves_no_way_back(visit: Visit) -> None:
    ben, eli = visit("ben"), visit("eli")
    ben.open_row("Sleep diary")
    place = ben.page.url.rpartition("/")[2]
    text = ben.messages.last.locator(".body").text_content() or ""
    ben.link("Inbox").click()
    for subject in ("Sleep diary", "Opening hours"):
        ben.row(subject).locator(".bin").click()
        expect(ben.rows.filter(has_text=subject)).to_have_count(0)
    ben.link("Trash").click()
    expect(ben.rows).to_have_count(2)
    ben.row("Sleep diary").get_by_role("checkbox").check()
    ben.page.get_by_role("checkbox", name="Select all").check()
    asked = ben.page.get_by_role("dialog").filter(has_text="Permanently delete 2 conversations?")
    for answer in ("Cancel", "Permanently Delete"):
        ben.button("Permanently Delete").click()
        expect(asked).to_contain_text("cannot be brought back")
        ben.button(answer, asked).click()
        expect(asked).to_be_hidden()
        if answer == "Cancel":
            expect(ben.rows).to_have_count(2)
    expect(ben.rows).to_have_count(0)
    expect(ben.page.get_by_text("2 conversations permanently deleted")).to_be_visible()
    ben.open(f"/inbox/{place}")
    expect(ben.page.get_by_text("This conversation is not here")).to_be_visible()
    ben.problems = [problem for problem in ben.problems if "404" not in problem]
    for verb in ("undo_trash", "move_to_inbox", "mark_unread", "print"):
        fields = {"conversations": [place]}
        refused = ben.context.request.post(f"/api/{verb}", data=fields, headers={"Origin": ben.address})
        assert refused.status == 404, verb
    # The other side has it still, and what is written there now comes without the past.
    eli.open_row("Sleep diary")
    expect(eli.message(text)).to_have_count(1)
    eli.write("Here is the next week.")
    ben.open_row("Sleep diary")
    expect(ben.message("Here is the next week.")).to_be_visible()
    expect(ben.messages).to_have_count(1)


def test_on_a_phone_one_selects_in_a_mode_of_its_own(visit: Visit) -> None:
    ben = visit("ben", phone=True)
    expect(ben.rows.first).to_be_visible()
    expect(ben.row("Sleep diary").get_by_role("checkbox")).to_be_hidden()
    expect(ben.row("Sleep diary").locator(".new")).to_be_hidden()
    ben.button("Select").click()
    ben.row("Sleep diary").get_by_role("checkbox").check()
    ben.button("Mark unread").click()
    expect(ben.row("Sleep diary")).to_have_class(re.compile(r"\bunread\b"))
    expect(ben.row("Sleep diary").locator(".new")).to_be_visible()


def test_the_search_finds_by_name_and_says_so_when_it_does_not(visit: Visit) -> None:
    ben = visit("ben")
    expect(ben.rows).to_have_count(6)
    search = ben.page.get_by_role("searchbox", name="Search by name")
    search.fill("eli")
    expect(ben.rows).to_have_count(2)
    search.fill("nobody")
    expect(ben.page.get_by_text("Nobody called “nobody” here")).to_be_visible()
    assert "nobody" not in ben.page.url
    ben.button("Clear search").click()
    expect(ben.rows).to_have_count(6)


def test_marking_unread_from_inside_closes_the_conversation(visit: Visit) -> None:
    ben = visit("ben")
    ben.open_row("Sleep diary")
    ben.button("Mark unread").click()
    expect(ben.messages).to_have_count(0)
    expect(ben.row("Sleep diary")).to_have_class(re.compile(r"\bunread\b"))
    expect(ben.row("Sleep diary").locator(".new")).to_be_visible()
