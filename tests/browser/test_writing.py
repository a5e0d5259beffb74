"""Drafts, new messages, the people one can write to."""

import re

import pytest
from playwright.sync_api import Route, expect

from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser
NOTEBOOK = "I’ll bring the notebook"


def test_drafts_survive_a_reload_and_stay_in_their_conversation(visit: Visit) -> None:
    ben = visit("ben")
    ben.open_row(NOTEBOOK)
    ben.composer.fill("For Dana only")
    expect(ben.page.get_by_text("Draft saved")).to_be_visible()
    ben.open_row("Sleep diary")
    expect(ben.composer).to_have_value("")
    ben.composer.fill("For Eli, not yet saved")
    ben.page.reload()
    expect(ben.messages.first).to_be_visible()
    expect(ben.composer).to_have_value("For Eli, not yet saved")
    ben.open_row(NOTEBOOK)
    expect(ben.composer).to_have_value("For Dana only")
    ben.write("For Dana, sent")
    expect(ben.message("For Dana, sent")).to_contain_text(re.compile(r"\d:\d\d"))
    expect(ben.composer).to_have_value("")
    ben.page.reload()
    expect(ben.message("For Dana, sent")).to_be_visible()
    expect(ben.composer).to_have_value("")


def test_enter_sends_on_a_desktop_and_makes_a_line_on_a_phone(visit: Visit) -> None:
    ben, dana = visit("ben"), visit("dana", phone=True)
    for one in (ben, dana):
        one.open_row(NOTEBOOK)
        one.composer.focus()
    ben.page.keyboard.type("one")
    ben.page.keyboard.press("Shift+Enter")
    ben.page.keyboard.type("two")
    ben.page.keyboard.press("Enter")
    expect(dana.message("one\ntwo")).to_be_visible()
    dana.page.keyboard.type("three")
    dana.page.keyboard.press("Enter")
    expect(dana.composer).to_have_value("three\n")


def test_whoever_does_not_like_it_lets_enter_make_a_line_on_this_device(visit: Visit) -> None:
    ben, dana = visit("ben", path="/account"), visit("dana", phone=True, path="/account")
    expect(dana.page.get_by_label("Enter sends the message")).to_be_hidden()
    ben.page.get_by_label("Enter sends the message").uncheck()
    expect(ben.page.get_by_text("Saved for this browser")).to_be_visible()
    assert ben.barriers() == []
    ben.open("/inbox")
    ben.open_row(NOTEBOOK)
    ben.composer.focus()
    ben.page.keyboard.type("one")
    ben.page.keyboard.press("Enter")
    ben.page.keyboard.type("two")
    expect(ben.composer).to_have_value("one\ntwo")
    ben.page.keyboard.press("Control+Enter")
    expect(ben.message("one\ntwo")).to_be_visible()


def test_a_new_message_finds_its_person_by_name_and_opens_the_conversation(visit: Visit) -> None:
    ben, cleo = visit("ben"), visit("cleo")
    ben.link("Compose").click()
    to = ben.page.get_by_role("combobox", name="To")
    to.focus()
    to.press_sequentially("cle")
    option = ben.page.get_by_role("option", name="Cleo Marsh")
    expect(option).to_have_attribute("aria-selected", "true")
    to.press("Enter")
    ben.page.get_by_label("Subject").fill("Room 2")
    ben.page.get_by_label("Message", exact=True).fill("Is it free at four?")
    ben.button("Send").click()
    expect(ben.page.get_by_role("heading", name="Room 2")).to_be_visible()
    expect(cleo.row("Room 2")).to_contain_text("Is it free at four?")


def test_in_compose_one_asks_to_be_told_if_it_stays_unread(visit: Visit) -> None:
    ben = visit("ben", path="/inbox#compose")
    to, more, watch = ben.page.get_by_role("combobox", name="To"), ben.button("More ways to send"), ben.page.locator("qr-watch")
    to.press_sequentially("dana")
    ben.page.get_by_role("option", name="Dana Reed").click()
    for days in ("5 days", "2 days"):
        more.click()
        ben.page.get_by_role("menuitemradio", name=days).click()
        expect(watch).to_have_text(f"Tell me if unread after {days}")
    assert ben.barriers() == []
    to.press_sequentially("cleo")
    ben.page.get_by_role("option", name="Cleo Marsh").click()
    ben.button("Remove Dana Reed").click()
    expect(watch).to_be_hidden()
    expect(more).to_be_hidden()
    ben.button("Remove Cleo Marsh").click()
    to.press_sequentially("dana")
    ben.page.get_by_role("option", name="Dana Reed").click()
    more.click()
    expect(ben.page.get_by_role("menuitemradio", checked=True)).to_have_count(0)
    ben.page.get_by_role("menuitemradio", name="1 day").click()
    ben.page.get_by_label("Subject").fill("The form")
    ben.page.get_by_label("Message", exact=True).fill("Please bring it.")
    ben.button("Send").click()
    mine = ben.message("Please bring it.")
    expect(mine).to_contain_text("Tell me if unread after 1 day")
    dana = visit("dana")
    dana.open_row("The form")
    expect(mine).to_contain_text("Read ")
    expect(mine).not_to_contain_text("Tell me")
    expect(dana.message("Please bring it.")).not_to_contain_text("Tell me")


def test_a_client_whose_gate_is_shut_is_enabled_in_the_composer(visit: Visit) -> None:
    ben = visit("ben", path="/inbox#compose")
    to = ben.page.get_by_role("combobox", name="To")
    to.focus()
    to.press_sequentially("gus")
    ben.page.get_by_role("option", name="Gus Okafor").click()
    expect(ben.button("Send")).to_be_disabled()
    ben.button("Enable Secure Messaging").click()
    ben.page.get_by_label("Message", exact=True).fill("Welcome, Gus.")
    ben.button("Send").click()
    expect(ben.message("Welcome, Gus.")).to_be_visible()


@pytest.mark.parametrize("username", ["ben", "dana"])
def test_on_a_phone_clip_text_and_arrow_stand_in_one_line(visit: Visit, username: str) -> None:
    who = visit(username, phone=True)
    who.open_row("notebook on Friday")
    clip = who.page.locator("qr-composer .clip:visible")
    expect(clip).to_be_visible()
    boxes = [part.bounding_box() for part in (clip, who.composer, who.page.locator("qr-composer .send:visible"))]
    assert all(boxes)
    assert len({box["y"] + box["height"] for box in boxes if box}) == 1
    assert [box["x"] for box in boxes if box] == sorted(box["x"] for box in boxes if box)


def test_a_new_message_needs_a_person_and_a_text(visit: Visit) -> None:
    ben = visit("ben", path="/inbox#compose")
    ben.button("Send").click()
    expect(ben.page.get_by_text("Choose who this is for.")).to_be_visible()
    expect(ben.page.get_by_text("Write a message first.")).to_be_visible()


def test_whoever_types_fast_picks_nobody_whom_they_did_not_name(visit: Visit) -> None:
    ben = visit("ben", path="/inbox#compose")
    to, chips = ben.page.locator("#compose-to"), ben.page.locator("qr-people .chip")
    to.click()
    expect(ben.page.get_by_role("option", name="Ada Lindgren")).to_be_visible()
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    ben.page.route("**/api/find_people", hold)
    to.press_sequentially("Eli")
    for key in ("ArrowDown", "Enter"):
        to.press(key)
    expect(ben.page.get_by_role("option", name="Ada Lindgren")).to_be_visible()
    expect(chips).to_have_count(0)
    for route in held:
        route.continue_()
    ben.page.unroute("**/api/find_people")
    to.press_sequentially(" ")
    expect(ben.page.get_by_role("option", name="Eli Navarro", selected=True)).to_be_visible()
    to.press("Enter")
    expect(chips).to_have_text(["Eli Navarro"])


def test_everything_can_be_done_by_keyboard(visit: Visit) -> None:
    ben = visit("ben")
    expect(ben.rows.first).to_be_visible()
    keyboard = ben.page.keyboard
    keyboard.press("Tab")
    expect(ben.link("Skip to content")).to_be_focused()
    ben.row(NOTEBOOK).get_by_role("checkbox").focus()
    keyboard.press("Space")
    expect(ben.page.get_by_text("1 selected")).to_be_visible()
    keyboard.press("Space")
    keyboard.press("Tab")
    keyboard.press("Enter")
    expect(ben.page.get_by_role("heading", name="Dana Reed")).to_be_focused()
    keyboard.press("Tab")
    expect(ben.button("Reply")).to_be_focused()
    keyboard.press("Enter")
    expect(ben.composer).to_be_focused()
    keyboard.type("By keyboard")
    keyboard.press("Enter")
    expect(ben.message("By keyboard")).to_be_visible()
    ben.icon.focus()
    keyboard.press("Enter")
    expect(ben.panel).to_be_visible()
    keyboard.press("Escape")
    expect(ben.panel).to_be_hidden()
    expect(ben.icon).to_be_focused()
