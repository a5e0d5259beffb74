"""From the mail into the conversation: two presses, one conversation, no navigation."""

import email
import email.policy
import re
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Server, Visit
from tests.browser.visitor import PHONE, Visitor

pytestmark = pytest.mark.browser

Picture = Callable[[Visitor, str], None]


@pytest.fixture(autouse=True)
def mail_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """No ten seconds for reading before an alert leaves. Stands before the server starts."""
    monkeypatch.setenv("QUIETROOM_ALERT_DELAY", "0")


def mailed_link(server: Server, number: int = 1) -> str:
    """The link in the mail that the server hands over first, or as the second."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        for path in sorted((server.data / "outbox").glob("*.eml"))[number - 1 :]:
            mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            part = mail.get_body(("plain",))
            assert part is not None
            found = re.search(r"http\S+/q/\S+", part.get_content())
            assert found is not None
            return found[0]
        time.sleep(0.1)
    raise AssertionError("No mail came.")


def test_two_presses_from_the_mail_and_one_answers(mail_at_once: None, visit: Visit, server: Server, picture: Picture) -> None:
    ben = visit("ben", path="/inbox")
    ben.open_row("Friday’s appointment")
    ben.write("Is three o'clock still good?")
    dana = visit(phone=True, path=mailed_link(server))
    picture(dana, "quick-link")
    expect(dana.page.get_by_text("Is three o'clock")).to_have_count(0)
    dana.page.get_by_role("button").click()
    expect(dana.message("Is three o'clock still good?")).to_be_visible()
    expect(dana.page.get_by_role("timer")).to_contain_text(re.compile(r"Open for 14:\d\d"))
    expect(dana.page.locator("qr-top, qr-tabbar, qr-panel")).to_have_count(0)
    dana.write("Yes, see you then.")
    expect(ben.message("Yes, see you then.")).to_be_visible()
    picture(dana, "quick-link-conversation")
    assert dana.barriers() == []


def test_who_signs_in_to_stay_finds_what_was_typed(mail_at_once: None, visit: Visit, server: Server) -> None:
    ben = visit("ben", path="/inbox")
    ben.open_row("Friday’s appointment")
    ben.write("One more thing.")
    dana = visit(phone=True, path=mailed_link(server))
    dana.page.get_by_role("button").click()
    expect(dana.message("One more thing.")).to_be_visible()
    dana.page.get_by_role("textbox").fill("Not sent yet")
    dana.page.get_by_role("button", name="Sign in to stay").click()
    dana.page.get_by_label("Username").fill("dana")
    dana.page.get_by_label("Password").fill("quietroom-demo")
    dana.page.keyboard.press("Enter")
    expect(dana.message("One more thing.")).to_be_visible()
    expect(dana.page.get_by_role("textbox", name=re.compile("Message"))).to_have_value("Not sent yet")


def sixteen_minutes_later(server: Server) -> None:
    """Every link that was mailed is over, by the clock and by the machine's running time."""
    with closing(sqlite3.connect(server.data / "quietroom.db", timeout=20)) as database:
        database.execute("UPDATE quick_link SET ends_at = created_at, boot_ends_at = 1")
        database.commit()


def test_sixteen_minutes_later_the_link_asks_for_the_password_and_shows_the_conversation_with_the_draft(
    mail_at_once: None, visit: Visit, server: Server, picture: Picture
) -> None:
    ben = visit("ben", path="/inbox")
    ben.open_row("Friday’s appointment")
    ben.write("One more thing.")
    link = mailed_link(server)
    dana = visit(phone=True, path=link)
    dana.page.get_by_role("button").click()
    expect(dana.message("One more thing.")).to_be_visible()
    dana.composer.fill("Not sent yet")
    # A second after the last key the server has it.
    expect(dana.page.locator("qr-composer [data-part=saved]")).to_have_text("Draft saved")
    sixteen_minutes_later(server)
    expect(dana.page.get_by_label("Password")).to_be_visible()
    expect(dana.page.get_by_text("One more thing.")).to_have_count(0)
    picture(dana, "quick-link-ended")
    again = visit(phone=True, scheme="dark", path=link)
    expect(again.page.get_by_role("heading", name="This link no longer works")).to_be_visible()
    picture(again, "quick-link-over")
    assert again.barriers() == []
    again.page.get_by_role("link", name="Sign in").click()
    again.page.get_by_label("Username").fill("dana")
    again.page.get_by_label("Password").fill("quietroom-demo")
    again.page.keyboard.press("Enter")
    expect(again.message("One more thing.")).to_be_visible()
    expect(again.composer).to_have_value("Not sent yet")


def test_in_a_second_browser_the_page_offers_a_fresh_link_that_ends_at_the_same_moment(
    mail_at_once: None, visit: Visit, server: Server, picture: Picture
) -> None:
    ben = visit("ben", path="/inbox")
    ben.open_row("Friday’s appointment")
    ben.write("One more thing.")
    link = mailed_link(server)
    phone = visit(phone=True, path=link)
    until = phone.page.locator("main b").first.text_content()
    phone.page.get_by_role("button").click()
    expect(phone.message("One more thing.")).to_be_visible()
    desktop = visit(path=link)
    expect(desktop.page.get_by_role("heading", name="Already opened in another browser")).to_be_visible()
    expect(desktop.page.get_by_text(f"it works until {until}")).to_be_visible()
    picture(desktop, "quick-link-elsewhere")
    assert desktop.barriers() == []
    desktop.button("Send me a fresh link").click()
    expect(desktop.page.get_by_role("heading", name="A mail is on its way")).to_be_visible()
    desktop.open(mailed_link(server, 2))
    expect(desktop.page.get_by_text(f"No password is needed until {until}")).to_be_visible()
    desktop.page.get_by_role("button").click()
    expect(desktop.message("One more thing.")).to_be_visible()
    expect(desktop.page.get_by_role("timer")).to_contain_text("Open for 14:")
    # The first browser is not put out by it.
    phone.write("I am here twice.")
    expect(desktop.message("I am here twice.")).to_be_visible()


def test_the_button_needs_no_script(mail_at_once: None, visit: Visit, server: Server, browser: Browser, picture: Picture) -> None:
    ben = visit("ben", path="/inbox")
    ben.open_row("Friday’s appointment")
    ben.write("One more thing.")
    context = browser.new_context(java_script_enabled=False, viewport=PHONE, is_mobile=True)
    page = context.new_page()
    page.goto(mailed_link(server))
    width = page.locator("html").bounding_box()
    assert width is not None
    assert width["width"] <= PHONE["width"]
    page.get_by_role("button", name="Open my message").click()
    expect(page).to_have_url(re.compile("/inbox/"))
    assert [cookie["name"] for cookie in context.cookies()] == ["session"]
    context.close()
