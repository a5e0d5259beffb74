"""An administrator answers who read this client's messages."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser
NOTEBOOK = "I’ll bring the notebook"


@pytest.mark.parametrize("looks", [{}, {"phone": True, "scheme": "dark"}])
def test_an_administrator_finds_who_read_a_clients_messages(
    visit: Visit, picture: Callable[[Visitor, str], None], looks: dict[str, Any]
) -> None:
    visit("dana").open_row(NOTEBOOK)
    ada = visit("ada", path="/practice#audit", **looks)
    page = ada.page
    ada_reads = page.locator("qr-page-audit")
    client = page.get_by_label("Client", exact=True)
    dana = client.locator("option", has_text="Dana Reed")
    expect(dana).to_have_count(1)
    client.select_option(dana.get_attribute("value"))
    page.get_by_label("What", exact=True).select_option("Read or taken along")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(ada_reads.locator(".log-entry").first).to_contain_text("Dana Reed")
    expect(ada_reads.locator(".log-entry").first).to_contain_text("Read messages")
    expect(ada_reads).not_to_contain_text(NOTEBOOK)
    expect(page.locator("body")).not_to_contain_text("undefined")
    assert ada.barriers() == []
    picture(ada, "history")
