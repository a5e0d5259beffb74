"""Nothing jumps while a page comes, and one who waits is told so."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser
MOST = 0.02  # the layout shift that a page may have in all
WATCH = """
    window.jumps = [];
    new PerformanceObserver((list) => {
        for (const entry of list.getEntries())
            if (!entry.hadRecentInput)
                jumps.push([entry.value, ...entry.sources.map(({ node }) => node?.className ?? node?.localName)]);
    }).observe({ type: "layout-shift", buffered: true });
"""


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_nothing_jumps_while_a_page_comes(visit: Visit, phone: bool) -> None:
    ben = visit("ben", phone=phone, path="about:blank")
    ben.context.add_init_script(WATCH)
    for path, sign in {"/inbox": "qr-row", "/clients": "a.row-link", "/account": ".facts", "/help": ".help-card"}.items():
        ben.page.goto("about:blank")
        ben.open(path)
        expect(ben.page.locator(sign).first).to_be_visible()
        ben.page.wait_for_timeout(300)
        jumps = ben.page.evaluate("jumps")
        assert sum(jump[0] for jump in jumps) < MOST, (path, jumps)
    ben.page.goto("about:blank")
    ben.open("/inbox")
    ben.open_row("I’ll bring the notebook")
    ben.page.wait_for_timeout(300)
    jumps = ben.page.evaluate("jumps")
    assert sum(jump[0] for jump in jumps) < MOST, ("conversation", jumps)


def test_a_page_that_comes_slowly_says_that_it_comes(visit: Visit) -> None:
    ben = visit("ben", path="about:blank")
    ben.delay("**/api/conversations?folder=inbox*", 2)
    ben.open("/inbox")
    expect(ben.page.locator("qr-list .skeleton")).to_be_visible()
    expect(ben.rows.first).to_be_visible()
    expect(ben.page.locator("qr-list .skeleton")).to_be_hidden()
