"""From an empty installation to a practice that talks, through the browser alone."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Server
from tests.browser.test_people import NEW_PASSWORD, dialog, mailed_link, open_client, tab
from tests.browser.visitor import Visitor, imported

pytestmark = pytest.mark.browser


class EmptyServer(Server):
    """An installation that nobody has set up."""

    options = ("--no-demo",)

    @property
    def set_up_address(self) -> str:
        """The one-time address that was printed."""
        found = re.search(r"http\S+(/setup#\S+)", (self.data / "server.log").read_text())
        assert found is not None
        return found[1]


SOMETHING_CHANGES = f"{imported('lib/store.js')}.then(({{ store }}) => store.dispatchEvent(new Event('change')))"


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[EmptyServer]:
    """It ends with the test."""
    server = EmptyServer(tmp_path)
    server.start()
    yield server
    server.stop()


def accept(visitor: Visitor, link: str, username: str) -> None:
    """Choose a username and a password by the link of a mail."""
    visitor.open(link)
    visitor.page.get_by_label("Choose a username").fill(username)
    assert visitor.barriers() == []
    visitor.page.get_by_label("Choose a password").fill(NEW_PASSWORD)
    visitor.button("Start").click()
    expect(visitor.page.get_by_role("heading", name="Nothing here yet")).to_be_visible()


def test_an_empty_installation_becomes_a_practice_that_talks_through_the_browser_alone(
    browser: Browser, empty: EmptyServer
) -> None:
    ada, ben, dana = (Visitor(browser, empty.address) for _ in range(3))
    ada.open(empty.set_up_address)
    ada.page.get_by_label("Name of the practice").fill("Harbor Counseling")
    assert ada.barriers() == []
    ada.page.get_by_label("Your name").fill("Ada Lindgren")
    ada.page.get_by_label("Choose a username").fill("ada")
    ada.page.get_by_label("Choose a password").fill(NEW_PASSWORD)
    ada.page.get_by_role("switch", name="Turn secure messaging on").check()
    ada.button("Set up").click()
    expect(ada.page.get_by_role("heading", name="Nothing here yet")).to_be_visible()
    begin = ada.page.locator("qr-empty").get_by_role("link", name="Compose")
    begin.focus()
    ada.page.evaluate(SOMETHING_CHANGES)
    expect(begin).to_be_focused()

    ada.open("/practice#staff")
    ada.button("Invite").click()
    dialog(ada).get_by_label("Name").fill("Ben Larsen")
    dialog(ada).get_by_label("Email").fill("ben@example.org")
    ada.button("Send invitation", dialog(ada)).click()
    accept(ben, mailed_link(empty, "ben@example.org", "invit"), "ben")
    ada.page.reload()
    ada.button("Actions for Ben Larsen").click()
    ada.page.get_by_role("menuitem", name="Add to the client portal").click()
    expect(ada.page.get_by_role("row", name="Ben Larsen")).not_to_contain_text("Not in the portal")

    ada.open("/clients")
    ada.button("Add client").first.click()
    form = dialog(ada)
    form.get_by_label("Name").fill("Dana Reed")
    form.get_by_label("Email").fill("dana@example.org")
    form.get_by_label("Looked after by").select_option(label="Ben Larsen (Therapist)")
    ada.button("Add client", form).click()
    expect(ada.page.get_by_role("heading", level=1, name="Dana Reed")).to_be_visible()

    open_client(ben, "Dana Reed")
    tab(ben, "Messaging")
    ben.button("Enable Secure Messaging").click()
    accept(dana, mailed_link(empty, "dana@example.org", "invit"), "dana")
    ben.button("Write a message").click()
    ben.page.get_by_role("textbox", name="Message").fill("Welcome, Dana!")
    ben.button("Send").click()
    dana.row("Welcome, Dana!").get_by_role("link").click()
    expect(dana.message("Welcome, Dana!")).to_be_visible()
    dana.write("Hello Ben!")
    expect(ben.message("Hello Ben!")).to_be_visible()
    for visitor in (ada, ben, dana):
        visitor.leave()
