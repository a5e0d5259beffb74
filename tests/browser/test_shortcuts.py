"""Everything by keyboard: shortcuts with their sheet, and a whole flow by the plain keys."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.keyboard import focused, press, tab_to
from tests.browser.visitor import imported

pytestmark = pytest.mark.browser
READY = f"async () => {{ await {imported('lib/shortcuts.js')}; }}"


def test_single_keys_do_what_the_sheet_says_and_nothing_while_one_types(visit: Visit) -> None:
    ben = visit("ben")
    expect(ben.rows.first).to_be_visible()
    ben.page.evaluate(READY)
    press(ben, "?")
    sheet = ben.page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(sheet).to_contain_text("Go to Trash")
    assert ben.barriers() == []
    press(ben, "Escape", "g", "t")
    expect(ben.page).to_have_url(f"{ben.address}/trash")
    press(ben, "g", "i", "j", "j", "Enter")
    expect(ben.messages.first).to_be_visible()
    press(ben, "r")
    expect(ben.composer).to_be_focused()
    ben.page.keyboard.type("c?#gt")
    expect(ben.composer).to_have_value("c?#gt")
    expect(sheet).to_have_count(0)
    expect(ben.page).to_have_url(re.compile(r"/inbox/[\w-]+$"))
    press(ben, "Control+A", "Delete")
    ben.page.get_by_role("heading", level=2).filter(visible=True).first.focus()
    press(ben, "#")
    expect(ben.page.locator(".toast")).to_contain_text("Conversation moved to the trash")
    press(ben, "m")
    expect(ben.panel).to_be_visible()


def test_who_only_answers_is_offered_no_shortcut_to_a_new_message(visit: Visit) -> None:
    hal = visit("hal", path="/account")
    hal.page.evaluate(READY)
    expect(hal.page.get_by_role("heading", level=1)).to_be_visible()
    press(hal, "?")
    sheet = hal.page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(sheet).to_contain_text("Go to Trash")
    expect(sheet).not_to_contain_text("Write a new message")
    press(hal, "Escape", "c")
    expect(hal.page).to_have_url(f"{hal.address}/account")
    press(hal, "g", "i")
    expect(hal.page).to_have_url(f"{hal.address}/inbox")


def test_shortcuts_can_be_switched_off_for_whoever_speaks_to_the_computer(visit: Visit) -> None:
    ben = visit("ben", path="/account")
    ben.page.evaluate(READY)
    ben.page.get_by_role("switch", name="Keyboard shortcuts").uncheck()
    expect(ben.page.locator(".toast")).to_be_visible()
    ben.page.get_by_role("heading", level=1).click()
    press(ben, "g", "t")
    expect(ben.page).to_have_url(f"{ben.address}/account")
    ben.open("/inbox")
    ben.page.evaluate(READY)
    press(ben, "?")
    expect(ben.page.get_by_role("dialog")).to_have_count(0)


def test_one_reads_answers_prints_and_writes_anew_by_the_plain_keys_and_sees_where_one_is(visit: Visit) -> None:
    ben, eli = visit("ben"), visit("eli")
    expect(ben.rows.first).to_be_visible()
    press(ben, "Tab")
    assert focused(ben) == "Skip to content"
    tab_to(ben, "^Unread, 3 messages, Cleo Marsh")
    press(ben, "Enter")
    expect(ben.message("Can you cover the group")).to_be_visible()
    expect(ben.page.locator("qr-conversation h2[data-quiet-focus]")).to_be_focused()
    tab_to(ben, "^Reply$")
    press(ben, "Enter")
    expect(ben.composer).to_be_focused()
    ben.page.keyboard.type("I can.")
    press(ben, "Enter")
    expect(ben.message("I can.")).to_be_visible()
    ben.open("/inbox#compose")
    expect(ben.page.locator("#compose-to")).to_be_visible()
    tab_to(ben, "^To$")
    ben.page.keyboard.type("Eli")
    expect(ben.page.get_by_role("option", name=re.compile("Eli Navarro"), selected=True)).to_be_visible()
    press(ben, "ArrowDown", "Enter")
    tab_to(ben, "^Message")
    ben.page.keyboard.type("A word by keyboard.")
    tab_to(ben, "^Send")
    press(ben, "Enter")
    expect(eli.row("A word by keyboard.")).to_be_visible()
