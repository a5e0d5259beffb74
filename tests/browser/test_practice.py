"""The practice's settings, as those feel them who are at work meanwhile."""

import re

import pyotp
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser
NOTEBOOK = "I’ll bring the notebook"


def save(visitor: Visitor) -> None:
    """Save the settings."""
    visitor.button("Save changes").click()


def set_up(visitor: Visitor) -> None:
    """Set up the second factor that is asked for."""
    expect(visitor.page.locator(".secret")).to_have_text(re.compile(r"\w"))  # it comes after the page
    app = pyotp.TOTP((visitor.page.locator(".secret").text_content() or "").replace(" ", ""))
    visitor.page.get_by_label("Then type the six-digit code").fill(app.now())
    visitor.button("Turn on").click()
    visitor.button("I have kept them").click()


def test_a_second_factor_required_from_now_on_leads_open_pages_of_staff_to_it(visit: Visit) -> None:
    ada, ben, dana = visit("ada", path="/practice"), visit("ben"), visit("dana")
    for one in (ben, dana):
        one.open_row(NOTEBOOK)
    for one in (ada, ben):
        one.line_may_break = True  # they are led away, perhaps before the line stands
    ada.page.get_by_role("switch", name="Second factor required").check()
    save(ada)
    asked = "One more step"
    for one in (ben, ada):
        expect(one.page.get_by_role("heading", name=asked)).to_be_visible()
        expect(one.page.locator("qr-app")).to_have_count(0)
    expect(ben.page.get_by_text(NOTEBOOK)).to_have_count(0)
    ben.open("/inbox")
    expect(ben.page.get_by_role("heading", name=asked)).to_be_visible()
    assert ben.barriers() == []
    dana.write("Still here")
    expect(dana.message("Still here")).to_be_visible()
    set_up(ben)
    expect(ben.row("Still here")).to_be_visible()
    for one in (ada, ben):  # a handshake that was refused is how a page learns of it
        one.problems = [problem for problem in one.problems if "403" not in problem]


def test_the_text_for_emergencies_keeps_its_lines_on_every_page_that_shows_it(visit: Visit) -> None:
    ada, dana = visit("ada", path="/practice"), visit("dana")
    ada.page.get_by_label("Not for emergencies").fill("Call 911.\nOr 988, day and night.")
    save(ada)
    expect(ada.page.get_by_text("Practice saved")).to_be_visible()
    dana.open_row(NOTEBOOK)
    text = dana.page.get_by_text("Call 911.").filter(visible=True)
    expect(text).to_have_text("Call 911.\nOr 988, day and night.", use_inner_text=True)
