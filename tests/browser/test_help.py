"""Help: a page for each screen, also for whoever cannot get in, and a way to ask when it does not help."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.visitor import imported

pytestmark = pytest.mark.browser

# The headings of the pages that the product has to explain as well as they do.
HEADINGS = [
    "Inbox", "Read a Message & Open Attachments", "Reply to a Message", "Compose a Message", "Send Mass Messages", "Trash",
    "Move Message to Trash", "Permanently Delete a Message", "Move to Inbox from the Trash", "Print Secure Messages",
    "How clients Cc contacts", "The quick link", "Turning texts off and on", "To re-enable texts for a client",
    "To Disable Secure Messaging for a client", "Enable Secure Messaging for a client",
]  # fmt: skip
HOMELESS = f"""async () => {{
    const {{ chapters, helpPages }} = await {imported("lib/words-help.js")};
    const placed = helpPages.flatMap((page) => page.chapters);
    return chapters.map(({{ id }}) => id).filter((id) => placed.filter((one) => one === id).length !== 1);
}}"""
FORM = "https://help.example.org/request"


def test_every_heading_has_its_place_and_leads_there(visit: Visit) -> None:
    ben = visit("ben", path="/help")
    expect(ben.page.locator(".help-card").first).to_be_visible()
    shown = set(ben.page.locator(".help-links a").all_text_contents())
    assert set(HEADINGS) - shown == set()
    assert ben.page.evaluate(HOMELESS) == [], "each chapter stands on one page"
    ben.link("Permanently Delete a Message").click()
    chapter = ben.page.get_by_role("heading", name="Permanently Delete a Message")
    expect(chapter).to_be_in_viewport()
    expect(ben.page).to_have_url(f"{ben.address}/help/trash#trash-delete")
    ben.link("All help").click()
    expect(ben.page.locator(".help-card").first).to_be_visible()
    expect(ben.page.get_by_text("write to an administrator", exact=False)).to_be_visible()
    # An old address still leads to its chapter.
    ben.page.goto("about:blank")
    ben.open("/help#texts")
    expect(ben.page.get_by_role("heading", name="Turning texts off and on")).to_be_in_viewport()
    assert ben.barriers() == []


def test_clients_and_visitors_see_what_is_about_them_and_no_more(visit: Visit) -> None:
    dana, visitor = visit("dana", phone=True, path="/help"), visit(phone=True, path="/help/account")
    expect(dana.page.locator(".help-card").first).to_be_visible()
    shown = set(dana.page.locator(".help-links a").all_text_contents())
    assert "How clients Cc contacts" in shown
    assert shown & {"Send & Copy to Contact Log", "Who did what", "Send Mass Messages"} == set()
    expect(visitor.page.get_by_role("heading", name="Sign in, and when you cannot")).to_be_visible()
    expect(visitor.page.get_by_text("Please call your practice")).to_be_visible()
    assert visitor.barriers() == []
    visitor.link("Sign in").click()
    expect(visitor.page.get_by_label("Username")).to_be_visible()


@pytest.fixture
def asked_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """The operator has a form for requests. Stands before the server starts."""
    monkeypatch.setenv("QUIETROOM_SUPPORT", FORM)


def test_a_request_goes_where_the_operator_wants_it(asked_elsewhere: None, visit: Visit) -> None:
    dana = visit("dana", path="/help")
    request = dana.link("Submit a request")
    expect(request).to_have_attribute("href", FORM)
    expect(request).to_have_attribute("rel", "noopener noreferrer")
