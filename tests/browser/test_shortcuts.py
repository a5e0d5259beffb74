"""Everything by keyboard: shortcuts with their sheet, and a whole flow by the plain keys."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser
READY = "async () => { await import('/static/js/lib/shortcuts.js'); }"


def press(visitor: Visitor, *keys: str) -> None:
    """One after the other."""
    for key in keys:
        visitor.page.keyboard.press(key)


def focused(visitor: Visitor) -> str:
    """What has the focus, by its name; and one must see that it has."""
    return str(
        visitor.page.evaluate(
            """() => {
                const element = document.activeElement;
                if (element === document.body) return "";
                const looks = (one) => [getComputedStyle(one), getComputedStyle(one, "::after")];
                const seen = looks(element).some((one) => one.outlineStyle !== "none" && parseFloat(one.outlineWidth) > 0);
                const around = element.closest(".search, .people-field");
                const outlined = around && getComputedStyle(around).outlineStyle !== "none";
                const name = element.getAttribute("aria-label") ?? element.labels?.[0]?.textContent ?? element.textContent;
                return (seen || outlined ? "" : "unseen: ") + name.trim().replace(/\\s+/g, " ");
            }"""
        )
    )


def tab_to(visitor: Visitor, name: str) -> None:
    """Press Tab until something of that name has the focus; all on the way can be seen to have it."""
    for _ in range(60):
        press(visitor, "Tab")
        here = focused(visitor)
        assert not here.startswith("unseen"), here
        if re.search(name, here):
            return
    raise AssertionError(f"Tab does not reach {name}")


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
