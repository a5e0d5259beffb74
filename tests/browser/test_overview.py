"""The overview, as the team sees it: the practice for an administrator, their own conversations for a therapist."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Server, Visit
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser
SIZES = pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
TITLES = ["Messages per week", "Time to the first answer", "Unread after a day"]
ROW = "INSERT OR REPLACE INTO tally SELECT organization_id, {person}, ?, ?, ?, ?, ? FROM person WHERE username = ?"


def tally(server: Server, who: str, weeks: int, *, whole: bool = False) -> None:
    """Numbers of so many weeks, as the job writes them; of the last ones the demo has some, too."""
    today = datetime.now(UTC).date()
    monday = today - timedelta(days=today.weekday())
    with closing(sqlite3.connect(server.data / "quietroom.db")) as database, database:
        for week in range(weeks):
            day = (monday - timedelta(days=7 * week)).isoformat()
            row = (day, 40 + week, 30, week % 3, '{"45": 2, "240": 1}', who)
            database.execute(ROW.format(person=0 if whole else "id"), row)


def figures(one: Visitor) -> list[str]:
    """The titles of what is drawn."""
    expect(one.page.locator("qr-page-overview svg.plot").first).to_be_visible()
    return one.page.locator(".plots h2").all_text_contents()


def fits(one: Visitor) -> bool:
    """Whether nothing runs out of the screen at the side."""
    return bool(one.page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


@SIZES
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_administrator_sees_pictures_of_the_practice_with_their_numbers(
    visit: Visit, server: Server, phone: bool, scheme: str
) -> None:
    tally(server, "ada", 12, whole=True)
    ada = visit("ada", phone=phone, scheme=scheme, path="/practice")
    ada.link("Overview").click()
    assert figures(ada) == TITLES
    expect(ada.page.get_by_role("img", name="Messages per week")).to_be_visible()
    for summary in ada.page.get_by_text("Numbers as a table").all():
        summary.click()
    for title, text in zip(TITLES, ("51", "45 minutes", "2"), strict=True):
        expect(ada.page.get_by_role("table", name=title).get_by_role("row").last).to_contain_text(text)
    assert ada.barriers() == []
    assert fits(ada)
    ada.page.set_viewport_size({"width": 320, "height": 700})
    assert fits(ada)


@SIZES
def test_a_therapist_sees_their_own_and_no_more_tabs_than_before(visit: Visit, server: Server, phone: bool) -> None:
    tally(server, "ben", 1)
    tally(server, "ada", 1, whole=True)
    ben = visit("ben", phone=phone, path="/practice")
    expect(ben.page.locator(".facts")).to_be_visible()
    ben.link("Overview").click()
    assert figures(ben) == TITLES
    expect(ben.page.get_by_text("Only you see these numbers")).to_be_visible()
    assert ben.page.locator("nav.tabs a:visible").all_text_contents() == ["Practice", "Overview"]
    assert ben.barriers() == []
    ben.open("/practice#audit")
    expect(ben.page.locator(".facts")).to_be_visible()


def test_what_is_not_counted_yet_is_said_and_looked_for_again(visit: Visit, server: Server) -> None:
    ivy = visit("ivy", path="/practice")
    ivy.take_clock()
    with closing(sqlite3.connect(server.data / "quietroom.db")) as database, database:
        database.execute("UPDATE organization SET created_at = ? WHERE name = 'Juniper Clinic'", [4_000_000_000_000])
        # The job may be counting at this moment, and would write it down in a moment.
        database.execute("CREATE TRIGGER uncounted BEFORE INSERT ON tally BEGIN SELECT RAISE(IGNORE); END")
        database.execute("DELETE FROM tally")
    ivy.link("Overview").click()
    expect(ivy.page.get_by_role("heading", name="Nothing to count yet")).to_be_visible()
    assert ivy.barriers() == []
    with closing(sqlite3.connect(server.data / "quietroom.db")) as database, database:
        database.execute("DROP TRIGGER uncounted")
    tally(server, "ivy", 1)
    tally(server, "ivy", 1, whole=True)
    ivy.page.clock.run_for(11_000)
    assert figures(ivy) == TITLES
    expect(ivy.page.get_by_role("heading", name="Nothing to count yet")).to_be_hidden()


def test_whoever_is_signed_out_meanwhile_is_asked_to_sign_in_and_a_lost_line_is_told(visit: Visit) -> None:
    ada = visit("ada", path="/practice")
    expect(ada.page.locator("qr-page-practice-settings form")).to_be_visible()
    ada.line_may_break = True
    ada.context.set_offline(True)
    ada.link("Overview").click()
    expect(ada.page.get_by_role("heading", name="This could not be loaded")).to_be_visible()
    ada.context.set_offline(False)
    # Or its handshake tells it before the page asks.
    ada.stand()
    ada.context.clear_cookies()
    ada.link("Staff").click()
    ada.page.go_back()
    expect(ada.page.get_by_label("Username")).to_be_visible()
