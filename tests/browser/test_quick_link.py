"""From the mail into the conversation: two presses, one conversation, no navigation."""

import email
import email.policy
import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Server, Visit
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

Picture = Callable[[Visitor, str], None]


@pytest.fixture(autouse=True)
def mail_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """No ten seconds for reading before an alert leaves. Stands before the server starts."""
    monkeypatch.setenv("QUIETROOM_ALERT_DELAY", "0")


def mailed_link(server: Server) -> str:
    """The link in the mail that the server hands over next."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        for path in sorted((server.data / "outbox").glob("*")):
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
