"""Inbox, Sent, Trash, and the search."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser


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
