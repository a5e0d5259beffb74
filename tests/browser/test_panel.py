"""The chat panel over every page."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser


def test_the_first_time_it_says_what_it_is_and_later_it_opens_the_latest_conversation(visit: Visit) -> None:
    gus = visit("gus", path="/account")
    gus.icon.click()
    expect(gus.panel.get_by_role("heading", name="Talk to people here")).to_be_visible()
    expect(gus.panel.locator("qr-talk")).to_have_count(0)
    ben = visit("ben", path="/help")
    ben.icon.click()
    expect(ben.panel.locator("qr-talk").first).to_have_class(re.compile("current"))
    expect(ben.message("I’ll bring the notebook")).to_be_visible()


def test_a_new_message_to_a_recent_person_continues_the_conversation_with_them(visit: Visit) -> None:
    ben, eli = visit("ben", path="/account"), visit("eli")
    ben.icon.click()
    ben.button("New Message", ben.panel).click()
    expect(ben.panel.get_by_text("Recently messaged")).to_be_visible()
    ben.panel.get_by_role("button", name=re.compile("Eli Navarro")).click()
    expect(ben.message("the office is closed on Thursday")).to_be_visible()
    ben.write("Tuesday at ten it is.")
    expect(eli.row("Tuesday at ten it is.")).to_be_visible()
    ben.panel.get_by_role("link", name="Open in Inbox").click()
    expect(ben.panel).to_be_hidden()
    expect(ben.message("Tuesday at ten it is.")).to_be_visible()


@pytest.mark.parametrize("phone", [True, False], ids=["phone", "desktop"])
def test_a_new_message_of_the_panel_asks_to_be_told_if_it_stays_unread(visit: Visit, phone: bool) -> None:
    ada, fay = visit("ada", phone=phone, path="/account"), visit("fay")
    ada.icon.click()
    ada.button("New Message", ada.panel).first.click()
    ada.seek("fay")
    ada.panel.get_by_role("button", name=re.compile("Fay Lindqvist")).click()
    ada.composer.fill("Please call us.")
    ada.button("More ways to send", ada.panel).click()
    ada.page.get_by_role("menuitemradio", name="3 days").click()
    expect(ada.panel.locator("qr-watch:visible")).to_have_text("Tell me if unread after 3 days")
    assert ada.barriers() == []
    ada.panel.locator("qr-composer .send:visible").click()
    mine = ada.message("Please call us.")
    expect(mine).to_contain_text("Tell me if unread after 3 days")
    expect(ada.panel.locator("qr-watch:visible")).to_have_count(0)
    ada.button("Cancel", mine).click()
    expect(mine).not_to_contain_text("Tell me")
    fay.open_row("Please call us.")
    expect(fay.message("Please call us.")).not_to_contain_text("Tell me")


def test_somebody_new_is_found_by_the_search_bar(visit: Visit) -> None:
    dana = visit("gus", path="/account")
    dana.icon.click()
    dana.button("New Message", dana.panel.locator(".talk-pane")).click()
    dana.seek("ben")
    person = dana.panel.get_by_role("button", name=re.compile("Ben Larsen"))
    expect(person).to_be_visible()


@pytest.mark.parametrize("path", ["/account", "/inbox#compose"], ids=["panel", "compose"])
def test_nobody_is_taken_who_came_under_the_pointer_just_then(visit: Visit, path: str) -> None:
    ben = visit("ben", path=path)
    if path == "/account":
        ben.icon.click()
        ben.button("New Message", ben.panel).click()
        search, people = ben.panel.get_by_role("searchbox"), ben.panel.locator("qr-new-message li")
        taken = ben.panel.locator("qr-composer")
    else:
        search, people = ben.page.get_by_role("combobox", name="To"), ben.page.locator("#compose-to-list li")
        taken = ben.page.locator("qr-people .chips li")
    search.click()
    expect(people.nth(1)).to_be_visible()
    other = people.nth(1).locator(".name").inner_text()
    ben.take_clock()
    ben.page.clock.pause_at(datetime.now(UTC) + timedelta(seconds=10))
    search.fill(other)
    ben.page.clock.run_for(200)
    expect(people).to_have_count(1)
    place = people.first.bounding_box()
    assert place is not None
    middle = place["x"] + place["width"] / 2, place["y"] + place["height"] / 2
    ben.page.mouse.click(*middle)
    expect(taken).to_have_count(0)
    expect(search).to_have_value(other)
    ben.page.clock.run_for(300)
    ben.page.mouse.click(*middle)
    expect(taken).to_have_count(1)


def test_on_a_phone_it_fills_the_screen_and_back_leads_out_of_it(visit: Visit) -> None:
    ben = visit("ben", phone=True, path="/account")
    ben.icon.click()
    expect(ben.panel).to_be_visible()
    expect(ben.messages).to_have_count(0)
    ben.panel.locator("qr-talk", has_text="Sleep diary").get_by_role("link").first.click()
    expect(ben.message("I filled in all seven days")).to_be_visible()
    expect(ben.panel.get_by_role("link", name=re.compile("^Back, 2 other unread"))).to_be_visible()
    ben.page.go_back()
    expect(ben.panel.locator("qr-talk").first).to_be_visible()
    ben.page.go_back()
    expect(ben.panel).to_be_hidden()
    expect(ben.page.get_by_role("heading", name="Account")).to_be_visible()
