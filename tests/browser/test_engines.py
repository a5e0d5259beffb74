"""The other engines, Firefox's and the iPhone's: they sign in, read, answer and open the panel, by real keys and presses."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Server, Visit
from tests.browser.visitor import PASSWORD
from tests.services.daemon import Missing
from tests.services.engines import Firefox, Page, WebKit

pytestmark = pytest.mark.browser
ROW = "[...document.querySelectorAll('qr-list qr-row a')].find((one) => one.textContent.includes('notebook'))"
SHOWN = "[...document.querySelectorAll('qr-message')].some((one) => one.checkVisibility() && one.textContent.includes(%r))"


@pytest.fixture(params=[Firefox, WebKit], ids=["firefox", "webkit"])
def page(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Page]:
    """One browser of that engine."""
    folder = tmp_path / "profile"
    folder.mkdir()
    try:
        engine = request.param(folder)
    except Missing as missing:
        pytest.fail(str(missing), pytrace=False)
    yield Page(engine)
    engine.close()


def test_another_engine_signs_in_reads_and_talks(page: Page, server: Server, visit: Visit) -> None:
    page.engine.go(f"{server.address}/sign-in")
    page.click("document.querySelector('input[name=username]')")
    page.type("ben")
    page.click("document.querySelector('input[name=password]')")
    page.type(PASSWORD)
    page.click("document.querySelector('form .button.primary')")
    page.click(ROW)
    page.wait(SHOWN % "I slept seven hours")
    dana = visit("dana")
    dana.open_row("I’ll bring the notebook")
    page.click("[...document.querySelectorAll('qr-composer textarea')].find((one) => one.checkVisibility())")
    page.type("Hello from here\ue007")
    page.wait(SHOWN % "Hello from here")
    expect(dana.message("Hello from here")).to_be_visible()
    dana.write("And back.")
    page.wait(SHOWN % "And back.")
    page.click("document.querySelector('qr-top [data-part=messages]')")
    page.wait("document.querySelectorAll('qr-panel qr-talk').length > 3")
    assert page.engine.look("document.title.includes('Inbox')")
