"""Away: a therapist says so, and a client who writes learns it at once."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser
FRIDAY = "Friday’s appointment"
TEXT = "I am away until Monday. In an emergency call 112."


def day(days: int) -> str:
    """So many days from today, as date fields take it."""
    return (datetime.now(UTC).date() + timedelta(days=days)).isoformat()


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_a_client_who_writes_to_somebody_away_is_answered_once_and_sees_that_it_is_automatic(visit: Visit, phone: bool) -> None:
    ben, dana = visit("ben", phone=phone, path="/account"), visit("dana", phone=phone)
    expect(ben.page.get_by_text("Not set.")).to_be_visible()
    card = ben.page.locator("qr-away")
    card.get_by_label("Message").fill(TEXT)
    card.get_by_label("First day").fill(day(-1))
    card.get_by_label("Last day").fill(day(-2))
    ben.button("Save changes", card).click()
    expect(card.get_by_text("The last day comes before the first one.")).to_be_visible()
    assert [problem for problem in ben.problems if "400" in problem] == ben.problems
    ben.problems.clear()
    card.get_by_label("Last day").fill(day(5))
    ben.button("Save changes", card).click()
    expect(card.get_by_text("On through the last day")).to_be_visible()
    assert ben.barriers() == []

    dana.open_row(FRIDAY)
    dana.write("Are you there?")
    answer = dana.message(TEXT)
    expect(answer).to_contain_text("Automatic answer")
    dana.write("I see.")
    expect(dana.message("I see.")).to_be_visible()
    assert dana.barriers() == []

    ben.page.reload()
    expect(card.get_by_label("Message")).to_have_value(TEXT)
    ben.button("Turn off", card).click()
    expect(card.get_by_text("Not set.")).to_be_visible()
    expect(card.get_by_label("Message")).to_have_value("")
    expect(answer).to_have_count(1)


def test_a_client_has_no_away_message(visit: Visit) -> None:
    dana = visit("dana", path="/account")
    expect(dana.page.get_by_role("heading", name="Account")).to_be_visible()
    expect(dana.page.locator("qr-away")).to_be_hidden()
