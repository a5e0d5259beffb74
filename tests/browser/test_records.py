"""What is kept, as those see it who delete; holds; and taking one's messages along."""

import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser
NOTEBOOK = "I’ll bring the notebook"
SIZES = pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])


def trash(one: Visitor, text: str) -> None:
    """Move a conversation to the trash, and go there."""
    one.row(text).locator(".bin").click()
    expect(one.page.get_by_text("Conversation moved to the trash")).to_be_visible()
    one.link("Trash").click()
    expect(one.row(text)).to_be_visible()


def delete(one: Visitor, text: str) -> None:
    """Open it in the trash and press Permanently Delete, up to the question."""
    one.row(text).get_by_role("link").click()
    expect(one.messages.first).to_be_visible()
    if one.page.locator("qr-conversation .tools [data-part=more]").is_visible():
        one.page.locator("qr-conversation .tools [data-part=more]").click()
    one.page.locator("qr-conversation [data-do=erase]:visible").click()


def record(ada: Visitor) -> None:
    """Dana's page, at its Record tab."""
    ada.open("/clients")
    ada.page.get_by_role("link", name="Dana Reed").first.click()
    ada.link("Record").click()


@SIZES
def test_a_hold_is_set_with_its_reason_shown_in_the_trash_of_staff_alone_and_lifted(visit: Visit, phone: bool) -> None:
    ada, ben, dana = visit("ada", phone=phone), visit("ben", phone=phone), visit("dana", phone=phone)
    for one in (ben, dana):
        trash(one, NOTEBOOK)
        expect(one.row(NOTEBOOK)).to_contain_text("deleted in 15 days")
    record(ada)
    expect(ada.page.get_by_text("This record is not on hold")).to_be_visible()
    ada.button("Put on hold").click()
    ada.page.get_by_label("Reason").fill("A letter from a court")
    ada.page.get_by_role("dialog").get_by_role("button", name="Put on hold").click()
    expect(ada.page.get_by_text("A letter from a court")).to_be_visible()
    expect(ada.page.locator(".person-head .tags")).to_contain_text("On hold")
    assert ada.barriers() == []
    expect(ben.row(NOTEBOOK)).to_contain_text("on hold · leaves the trash in 15 days")
    delete(ben, NOTEBOOK)
    question = ben.page.get_by_role("dialog", name="This cannot be deleted for good")
    expect(question).to_contain_text("Dana Reed’s record is on hold.")
    assert ben.barriers() == []
    question.get_by_role("button").click()
    expect(dana.row(NOTEBOOK)).to_contain_text("deleted in 15 days")
    delete(dana, NOTEBOOK)
    dana.button("Permanently Delete", dana.page.get_by_role("dialog", name="Permanently delete this conversation?")).click()
    expect(dana.page.get_by_text("Conversation permanently deleted")).to_be_visible()
    ada.button("Lift the hold").click()
    ada.page.get_by_label("Reason").fill("Closed")
    ada.page.get_by_role("dialog").get_by_role("button", name="Lift the hold").click()
    expect(ada.page.get_by_text("This record is not on hold")).to_be_visible()
    expect(ada.page.get_by_text("Closed")).to_be_visible()


def test_a_practice_that_deletes_nothing_says_so_before_and_after(visit: Visit) -> None:
    ada, dana = visit("ada", path="/practice"), visit("dana")
    trash(dana, NOTEBOOK)
    ada.page.get_by_role("switch", name="Messages can be deleted for good").uncheck()
    ada.page.get_by_label("Years that every message is kept").fill("7")
    ada.button("Save changes").click()
    expect(ada.page.get_by_text("Practice saved")).to_be_visible()
    assert ada.barriers() == []
    expect(dana.row(NOTEBOOK)).to_contain_text("kept by your practice")
    delete(dana, NOTEBOOK)
    question = dana.page.get_by_role("dialog", name="This cannot be deleted for good")
    expect(question).to_contain_text("The practice keeps all messages")
    question.get_by_role("button").click()
    ada.page.get_by_role("switch", name="Messages can be deleted for good").check()
    ada.button("Save changes").click()
    ada.button("Let them be erased").click()
    expect(dana.row(NOTEBOOK)).to_contain_text("kept until")


@SIZES
def test_a_client_takes_their_messages_along(visit: Visit, tmp_path: Path, phone: bool) -> None:
    dana = visit("dana", path="/account", phone=phone)
    dana.button("Export").click()
    done = dana.page.get_by_role("dialog", name="The export is ready")
    expect(done).to_be_visible(timeout=60_000)
    assert dana.barriers() == []
    with dana.page.expect_download() as download:
        done.get_by_role("link", name="Download").click()
    download.value.save_as(tmp_path / "mine.zip")
    with zipfile.ZipFile(tmp_path / "mine.zip") as found:
        assert found.testzip() is None
        assert found.namelist()[0] == "messages-1.pdf"


def test_a_therapist_takes_the_conversations_with_a_client_along_and_can_change_their_mind(visit: Visit) -> None:
    ben = visit("ben")
    record(ben)
    expect(ben.page.get_by_text("An administrator can put it on hold")).to_be_visible()
    expect(ben.page.get_by_role("button", name="Put on hold")).to_have_count(0)
    ben.page.route("**/export", lambda _: None)  # it takes for ever
    ben.button("Export").click()
    ben.button("Cancel", ben.page.get_by_role("dialog", name="Exporting your messages")).click()
    expect(ben.page.get_by_role("dialog")).to_have_count(0)
    ben.page.unroute("**/export")
    ben.button("Export").click()
    expect(ben.page.get_by_role("dialog", name="The export is ready")).to_be_visible(timeout=60_000)
