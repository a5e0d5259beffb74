"""What a screen reader is told, as far as the page can say it: names, states, and what is announced."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser

# What is put into the log while it announces: neither what is busy nor what lies in a part that is switched off.
LISTEN = """() => {
    window.said = [];
    const log = [...document.querySelectorAll("[role=log]")].find((one) => one.checkVisibility());
    new MutationObserver((changes) => {
        for (const { addedNodes } of changes)
            for (const node of addedNodes) {
                const element = node.nodeType === 1 ? node : node.parentElement;
                const off = element?.closest("[aria-live=off]") ?? element?.closest("[aria-busy=true]");
                if (!off && node.textContent.trim()) window.said.push(node.textContent.trim().replace(/\\s+/g, " "));
            }
    }).observe(log, { childList: true, subtree: true });
}"""


def test_a_row_says_whether_it_is_unread_how_much_it_holds_and_whose_it_is(visit: Visit) -> None:
    ben = visit("ben")
    unread = ben.page.get_by_role("link", name="Unread, 3 messages, Cleo Marsh: Can you cover the group")
    expect(unread).to_be_visible()
    expect(ben.page.get_by_role("link", name="3 messages, Dana Reed: Friday’s appointment", exact=True)).to_be_visible()
    unread.click()
    expect(ben.page.get_by_role("link", name="3 messages, Cleo Marsh: Can you cover")).to_have_attribute("aria-current", "true")
    expect(unread).to_have_count(0)
    expect(ben.page.get_by_role("button", name="Secure Messages, 1 unread")).to_be_visible()


def test_the_log_announces_what_others_write_once_and_nothing_else(visit: Visit) -> None:
    ben, dana = visit("ben"), visit("dana")
    ben.open_row("I’ll bring the notebook")
    dana.open_row("I’ll bring the notebook")
    expect(ben.page.locator("qr-stream .items:visible")).not_to_have_attribute("aria-busy", "true")
    ben.page.evaluate(LISTEN)
    ben.write("Good.")
    expect(ben.message("Good.")).to_contain_text("Read")
    dana.write("See you on Friday.")
    expect(ben.message("See you on Friday.")).to_be_visible()
    said = ben.page.evaluate("window.said")
    assert [line for line in said if "Good." in line or "Read" in line] == []
    assert len([line for line in said if line.startswith("Dana Reed: See you on Friday.")]) == 1, said


def test_the_focus_goes_along_and_comes_back(visit: Visit) -> None:
    ben = visit("ben", path="/account")
    ben.icon.focus()
    ben.page.keyboard.press("Enter")
    expect(ben.composer).to_be_focused()
    ben.page.keyboard.press("Escape")
    expect(ben.icon).to_be_focused()
    expect(ben.icon).to_have_attribute("aria-expanded", "false")
    ben.page.get_by_role("button", name="Account of Ben Larsen").focus()
    ben.page.keyboard.press("Enter")
    expect(ben.page.get_by_role("menuitem", name="Account")).to_be_focused()
    ben.page.keyboard.press("Escape")
    expect(ben.page.get_by_role("button", name="Account of Ben Larsen")).to_be_focused()
