"""Every flow of the two reference pages by the plain keys alone; at each stop one sees where one is."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Server, Visit
from tests.browser.keyboard import focused, press, tab_to
from tests.browser.test_quick_link import mailed_link
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser
DIARY = "Sleep diary, week 3"


@pytest.fixture
def mail_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """No ten seconds for reading before an alert leaves. Stands before the server starts."""
    monkeypatch.setenv("QUIETROOM_ALERT_DELAY", "0")


def go(visitor: Visitor, *names: str) -> None:
    """From one thing to the next, and press it."""
    for name in names:
        tab_to(visitor, name)
        press(visitor, "Enter")


def arrived(visitor: Visitor, title: str) -> None:
    """The page or the conversation of this title is there."""
    expect(visitor.page.get_by_role("heading", name=title).filter(visible=True).first).to_be_visible()


def type_into(visitor: Visitor, name: str, text: str) -> None:
    """Go into a field, and type."""
    tab_to(visitor, name)
    visitor.page.keyboard.type(text)


def test_a_client_is_enabled_and_written_to_with_a_copy_to_the_contact_log(visit: Visit) -> None:
    ben = visit("ben")
    expect(ben.rows.first).to_be_visible()
    go(ben, "^Clients$")
    arrived(ben, "Clients")
    expect(ben.link("Gus Okafor")).to_be_visible()
    go(ben, "^Gus Okafor$")
    arrived(ben, "Gus Okafor")
    go(ben, "^Messaging$", "^Enable Secure Messaging$")
    arrived(ben, "Secure messaging is on")
    press(ben, "Shift+Tab")
    go(ben, "^Write a message$")
    arrived(ben, "New Message")
    expect(ben.page.get_by_role("heading", name="New Message")).to_be_focused()
    type_into(ben, "^Subject", "Welcome")
    type_into(ben, "^Message", "Good to have you here.")
    go(ben, "^More ways to send$")
    assert focused(ben) == "Send"
    press(ben, "ArrowDown", "Enter")
    expect(ben.message("Good to have you here.")).to_contain_text("In contact log")
    ben.open("/clients")
    expect(ben.link("Gus Okafor")).to_be_visible()
    go(ben, "^Gus Okafor$")
    arrived(ben, "Gus Okafor")
    go(ben, "^Contact log$")
    expect(ben.page.locator(".log-entry")).to_contain_text("Good to have you here.")
    go(ben, "^Add entry$")
    type_into(ben, "^Text", "We spoke on the phone.")
    go(ben, "^Add entry$")
    expect(ben.page.locator(".log-entry")).to_have_count(2)
    go(ben, "^Alerts$")
    arrived(ben, "Alerts")
    tab_to(ben, "^Alert emails to this client$")
    press(ben, "Space")
    expect(ben.page.get_by_text("Last changed by Ben Larsen")).to_be_visible()


def test_a_message_to_all_clients_is_reviewed_and_sent(visit: Visit) -> None:
    ben, dana = visit("ben"), visit("dana")
    expect(ben.rows.first).to_be_visible()
    go(ben, "^Compose$")
    expect(ben.page.get_by_role("heading", name="New Message")).to_be_focused()
    go(ben, "^Select all my clients$")
    type_into(ben, "^Subject", "Closed on the 12th")
    type_into(ben, "^Message", "We are back on the 15th.")
    go(ben, "^Review and send$", "^Send to 2 clients$")
    arrived(ben, "Closed on the 12th")
    expect(dana.row("Closed on the 12th")).to_be_visible()


def test_conversations_are_moved_to_the_trash_brought_back_printed_and_deleted_for_good(visit: Visit) -> None:
    ben = visit("ben")
    expect(ben.row(DIARY)).to_be_visible()
    go(ben, "^Move conversation with Eli Navarro")
    expect(ben.page.locator(".toast")).to_contain_text("moved to the trash")
    go(ben, "^Trash$")
    tab_to(ben, "^Select conversation with Eli Navarro")
    press(ben, "Space")
    press(ben, "Shift+Tab")
    while focused(ben) != "Move to Inbox":
        press(ben, "Shift+Tab")
    press(ben, "Enter")
    expect(ben.rows).to_have_count(0)
    go(ben, "^Inbox$")
    expect(ben.row(DIARY)).to_be_visible()
    for _ in range(3):
        tab_to(ben, "^Select conversation with")
        press(ben, "Space")
    expect(ben.page.get_by_text("3 selected")).to_be_visible()
    go(ben, "^Print Selected$")
    arrived(ben, "The PDF is ready")
    tab_to(ben, "^Open")
    press(ben, "Escape")
    expect(ben.page.get_by_role("dialog")).to_have_count(0)
    go(ben, "^Move to Trash$", "^Trash$")
    expect(ben.rows).to_have_count(3)
    tab_to(ben, "^Select conversation with")
    press(ben, "Space")
    go(ben, "^Permanently Delete$")
    expect(ben.page.get_by_role("dialog")).to_be_visible()
    go(ben, "^Permanently Delete|^Delete")
    expect(ben.rows).to_have_count(2)


def test_a_client_adds_a_contact_lets_them_read_and_chooses_their_emails(visit: Visit) -> None:
    dana, hal = visit("dana"), visit("hal")
    expect(dana.rows.first).to_be_visible()
    go(dana, "messages, Ben Larsen: Friday’s appointment")
    expect(dana.messages.first).to_be_visible()
    go(dana, "^Add a Cc$")
    assert focused(dana) == "Hal Reed"
    press(dana, "Enter")
    type_into(dana, "^Message Ben", "My father reads this, too.")
    press(dana, "Enter")
    expect(hal.row("My father reads this, too.")).to_be_visible()
    dana.open("/account")
    go(dana, "^Contacts$", "^Add contact$")
    type_into(dana, "^Name", "Ida Reed")
    type_into(dana, "^Email", "ida@example.org")
    go(dana, "^Add contact$")
    expect(dana.page.get_by_text("ida@example.org")).to_be_visible()
    go(dana, "^Alerts$")
    tab_to(dana, "^Emails$")
    press(dana, "ArrowDown")
    go(dana, "^Save changes$")
    expect(dana.page.get_by_text("Saved. This holds from the next message on.")).to_be_visible()


def test_the_panel_and_a_quick_link_are_answered(mail_at_once: None, visit: Visit, server: Server) -> None:
    ben = visit("ben", path="/account")
    go(ben, "^Secure Messages")
    expect(ben.composer).to_be_focused()  # of the latest conversation
    go(ben, "^New Message$")
    expect(ben.panel.get_by_role("searchbox")).to_be_focused()
    ben.page.keyboard.type("dana")
    expect(ben.panel.get_by_role("button", name=re.compile("Cleo"))).to_have_count(0)
    go(ben, "Dana Reed.*Client")
    expect(ben.composer).to_be_focused()
    ben.page.keyboard.type("By the panel.")
    press(ben, "Enter")
    expect(ben.message("By the panel.")).to_be_visible()
    press(ben, "Escape")
    expect(ben.icon).to_be_focused()
    dana = visit(path=mailed_link(server))
    go(dana, "^Open my message$")
    expect(dana.message("By the panel.")).to_be_visible()
    type_into(dana, "^Message Ben", "And by the link.")
    press(dana, "Enter")
    expect(dana.message("And by the link.")).to_be_visible()
