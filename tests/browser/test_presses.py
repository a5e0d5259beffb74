"""What one does often takes few presses, counted from the page on which one begins. Typing, and Enter to send, are none."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Server, Visit
from tests.browser.test_quick_link import mailed_link
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser
COUNT = "addEventListener('pointerdown', (event) => { if (event.isTrusted) pressed(); }, true);"


@pytest.fixture(autouse=True)
def mail_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """No ten seconds for reading before an alert leaves. Stands before the server starts."""
    monkeypatch.setenv("QUIETROOM_ALERT_DELAY", "0")


def presses(visitor: Visitor) -> Callable[[], int]:
    """How often somebody has pressed since now, on all pages of this tab."""
    made: list[int] = []
    visitor.page.expose_function("pressed", lambda: made.append(1))
    visitor.page.add_init_script(COUNT)
    visitor.page.evaluate(COUNT)
    return lambda: len(made)


def test_from_the_mail_one_reads_and_can_answer_after_two_presses(mail_at_once: None, visit: Visit, server: Server) -> None:
    ben = visit("ben")
    ben.open_row("Friday’s appointment")
    ben.write("Is three still good?")
    dana = visit(phone=True, path="about:blank")
    count = presses(dana)
    dana.open(mailed_link(server))  # the first press, in the mail program
    dana.button("Open my message").click()
    expect(dana.message("Is three still good?")).to_be_visible()
    dana.composer.fill("Yes.")
    expect(dana.page.locator("qr-composer .send")).to_be_enabled()
    assert 1 + count() == 2


def test_a_message_to_a_recent_person_takes_three(mail_at_once: None, visit: Visit) -> None:
    ben = visit("ben", path="/account")
    count = presses(ben)
    ben.icon.click()
    ben.button("New Message", ben.panel).click()
    ben.panel.get_by_role("button", name=re.compile("Eli Navarro")).click()
    expect(ben.composer).to_be_focused()
    ben.page.keyboard.type("Tuesday it is.")
    ben.page.keyboard.press("Enter")
    expect(ben.message("Tuesday it is.")).to_be_visible()
    assert count() == 3


def test_to_enable_a_client_and_write_takes_four(mail_at_once: None, visit: Visit) -> None:
    ben = visit("ben", path="/account")
    count = presses(ben)
    ben.icon.click()
    ben.button("New Message", ben.panel).click()
    expect(ben.panel.get_by_role("searchbox")).to_be_focused()
    ben.page.keyboard.type("Gus")
    ben.panel.get_by_role("button", name=re.compile("Gus Okafor")).click()
    ben.button("Enable Secure Messaging", ben.panel).click()
    expect(ben.composer).to_be_focused()
    ben.page.keyboard.type("Welcome, Gus.")
    ben.page.keyboard.press("Enter")
    expect(ben.message("Welcome, Gus.")).to_be_visible()
    assert count() == 4


def test_to_print_three_conversations_takes_five(mail_at_once: None, visit: Visit) -> None:
    ben = visit("ben")
    expect(ben.rows.nth(2)).to_be_visible()
    count = presses(ben)
    for number in range(3):
        ben.rows.nth(number).get_by_role("checkbox").click()
    ben.button("Print Selected").click()
    with ben.context.expect_page():
        ben.link("Open").click()
    assert count() == 5


def test_to_bring_a_conversation_back_from_the_trash_takes_three(mail_at_once: None, visit: Visit) -> None:
    ben = visit("ben")
    ben.row("Sleep diary").locator(".bin").click()
    expect(ben.row("Sleep diary")).to_have_count(0)
    count = presses(ben)
    ben.link("Trash").click()
    ben.row("Sleep diary").get_by_role("checkbox").click()
    ben.button("Move to Inbox").click()
    expect(ben.row("Sleep diary")).to_have_count(0)
    assert count() == 3
