"""The idle lock: nothing to be read, nothing lost."""

import re
import sqlite3
from contextlib import closing

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Server, Visit
from tests.browser.visitor import PASSWORD, Visitor, imported

pytestmark = pytest.mark.browser
NOTEBOOK = "I’ll bring the notebook"
LEFT = f"async () => (await {imported('lib/store.js')}).store.rows(() => true).length"


def idle(server: Server, username: str) -> None:
    """Nobody touches this person's devices for as long as the practice allows."""
    with closing(sqlite3.connect(server.data / "quietroom.db", timeout=20)) as database, database:
        theirs = "UPDATE session SET locks_at = 1 WHERE person_id = (SELECT id FROM person WHERE username = ?)"
        changed = database.execute(theirs, (username,))
        assert changed.rowcount > 0


def locked(visitor: Visitor) -> None:
    """Wait until the page asks for the password."""
    expect(visitor.page.get_by_role("heading", name="Still there?")).to_be_visible()


def unlock(visitor: Visitor, password: str = PASSWORD) -> None:
    """Type the password."""
    visitor.page.get_by_label("Password").fill(password)
    visitor.page.keyboard.press("Enter")


def test_a_locked_page_holds_nothing_goes_on_counting_and_gives_everything_back(server: Server, visit: Visit) -> None:
    ben, dana = visit("ben"), visit("dana")
    ben.open_row(NOTEBOOK)
    dana.open_row(NOTEBOOK)
    expect(ben.page).to_have_title(re.compile(r"^\(1\) "))
    here = ben.page.url
    assert ben.page.evaluate(LEFT) > 0
    ben.composer.fill("Half a thought")
    idle(server, "ben")
    locked(ben)
    assert ben.page.evaluate(LEFT) == 0
    for word in ("notebook", "Dana", "Half a thought"):
        assert word not in ben.page.locator("body").inner_html()
    expect(ben.page).to_have_title(re.compile(r"^\(1\) Locked"))
    expect(ben.page.get_by_text("1 unread conversation")).to_be_visible()
    dana.write("While you were away")
    expect(ben.page).to_have_title(re.compile(r"^\(2\) Locked"))
    expect(ben.page.get_by_text("2 unread conversations")).to_be_visible()
    expect(ben.page.locator("qr-lock .dot")).to_be_visible()
    assert ben.barriers() == []
    unlock(ben, "something else")
    expect(ben.page.get_by_text("That password is not right. Please try again.")).to_be_visible()
    expect(ben.messages).to_have_count(0)
    unlock(ben)
    expect(ben.message("While you were away")).to_be_visible()
    expect(ben.composer).to_have_value("Half a thought")
    assert ben.page.url == here
    ben.write("Back again")
    expect(dana.message("Back again")).to_have_count(1)


def test_what_was_typed_into_a_form_is_there_after_the_lock_and_never_a_password(server: Server, visit: Visit) -> None:
    ada = visit("ada", path="/practice")
    mail_name = ada.page.get_by_label("Name shown in emails")
    expect(ada.page.get_by_label("Name of the practice")).to_have_value("Harbor Counseling")
    mail_name.fill("Harbor, half typed")
    idle(server, "ada")
    locked(ada)
    unlock(ada)
    expect(mail_name).to_have_value("Harbor, half typed")
    expect(ada.page.get_by_label("Name of the practice")).to_have_value("Harbor Counseling")
    # Whoever leaves the page without saving means it.
    ada.link("Clients").click()
    expect(ada.page.get_by_role("heading", name="Clients", level=1)).to_be_visible()
    ada.link("Practice").click()
    expect(ada.page.get_by_label("Name of the practice")).to_have_value("Harbor Counseling")
    expect(mail_name).not_to_have_value("Harbor, half typed")
    ada.open("/account#security")
    ada.page.get_by_label("Present password").fill("secret of mine")
    idle(server, "ada")
    locked(ada)
    unlock(ada)
    expect(ada.page.get_by_label("Present password")).to_have_value("")


def test_a_new_message_is_there_after_the_lock_with_its_people_and_its_subject(server: Server, visit: Visit) -> None:
    ben = visit("ben", path="/inbox#compose")
    to = ben.page.get_by_role("combobox", name="To")
    to.focus()
    to.press_sequentially("cle")
    ben.page.get_by_role("option", name="Cleo Marsh").click()
    ben.page.get_by_label("Subject").fill("Room 2")
    ben.page.get_by_label("Message", exact=True).fill("Is it free")
    idle(server, "ben")
    locked(ben)
    assert "Room 2" not in ben.page.locator("body").inner_html()
    unlock(ben)
    expect(ben.page.get_by_label("Subject")).to_have_value("Room 2")
    expect(ben.page.get_by_label("Message", exact=True)).to_have_value("Is it free")
    ben.button("Send").click()
    expect(ben.page.get_by_role("heading", name="Room 2")).to_be_visible()


def test_every_tab_locks_a_reload_stays_locked_and_one_password_opens_them_all(server: Server, visit: Visit) -> None:
    ben = visit("ben")
    other = ben.context.new_page()
    other.goto("/sent")
    expect(other.locator("qr-row").first).to_be_visible()
    idle(server, "ben")
    locked(ben)
    expect(other.get_by_role("heading", name="Still there?")).to_be_visible()
    ben.page.reload()
    locked(ben)
    expect(ben.page).to_have_title(re.compile(r"^\(2\) Locked"))
    unlock(ben)
    expect(ben.rows.first).to_be_visible()
    expect(other.locator("qr-row").first).to_be_visible()
