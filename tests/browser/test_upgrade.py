"""The server is exchanged for another version while pages are open: nothing is lost, and a reload brings the other page."""

import re
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ROOT, Server, Visit
from tests.browser.visitor import PATIENCE, Visitor, imported

pytestmark = pytest.mark.browser
NOTEBOOK = "I’ll bring the notebook"
TOLD = "A newer version is ready."
#: Not by waiting for a function: the page lets nobody make one of a text.
CAME = """([tag, patience]) => Promise.race([
    customElements.whenDefined(tag).then(() => true),
    new Promise((done) => setTimeout(done, patience, false)),
])"""
BUILD = '<meta name="build" content="another">'


@pytest.fixture(scope="module")
def another(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages as they may be a version later: panel and account need something that only their own library has."""
    pages = shutil.copytree(ROOT / "static", tmp_path_factory.mktemp("another") / "static")
    groups = pages / "js" / "groups"
    index, library = pages / "index.html", pages / "js" / "lib" / "words.js"
    index.write_text(index.read_text().replace("<head>", f"<head>\n{BUILD}", 1))
    library.write_text(library.read_text() + "\nexport const another = true;\n")
    for needy in (groups / "panel.js", groups / "account.js"):
        needy.write_text('import { another } from "../lib/words.js";\nif (!another) throw new Error();\n' + needy.read_text())
    return pages


def exchange(server: Server, pages: Path | None, *visitors: Visitor) -> None:
    """Stop the server in its own way, and start the other version."""
    for one in visitors:
        one.line_may_break = True
    server.stop()
    server.pages = pages
    server.start()


def told(visitor: Visitor) -> None:
    """The notice is on screen."""
    expect(visitor.page.get_by_text(TOLD)).to_be_visible()


def is_another(visitor: Visitor, *, another: bool = True) -> None:
    """Whether the page itself comes from the other version."""
    expect(visitor.page.locator("meta[name=build]")).to_have_count(1 if another else 0)


@pytest.mark.parametrize("newer", [True, False], ids=["an old page, a new server", "a new page, an old server"])
def test_a_reload_is_offered_and_loses_neither_draft_nor_message(
    visit: Visit, server: Server, another: Path, newer: bool
) -> None:
    before, after = (None, another) if newer else (another, None)
    if not newer:
        exchange(server, before)
    ben = visit("ben")
    ben.open_row(NOTEBOOK)
    is_another(ben, another=not newer)
    ben.line_may_break = True
    server.stop()
    ben.write("Between two versions")
    ben.composer.fill("Not finished, not saved")
    server.pages = after
    server.start()
    told(ben)
    ben.button("Reload").click()
    is_another(ben, another=newer)
    expect(ben.message("Between two versions")).to_have_count(1)
    expect(ben.composer).to_have_value("Not finished, not saved")
    expect(ben.page.get_by_text(TOLD)).to_have_count(0)
    ben.write("Finished")
    expect(ben.message("Finished")).to_have_count(1)


def test_who_comes_back_to_an_old_page_is_told_again_and_the_next_link_leads_to_the_new_one(
    visit: Visit, server: Server, another: Path
) -> None:
    ben = visit("ben", path="/account#alerts")
    form = ben.page.locator("qr-alerts form")
    expect(form).to_be_visible()
    exchange(server, another, ben)
    told(ben)
    # The notice makes room for another one, and the page asks a newer server who this is.
    ben.button("Save changes", form).click()
    expect(ben.page.get_by_text(TOLD)).to_have_count(0)
    ben.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    told(ben)
    ben.button("Save changes", form).click()
    expect(ben.page.get_by_text(TOLD)).to_have_count(0)
    server.stop()
    server.start()
    told(ben)
    ben.page.get_by_role("link", name=re.compile("^Inbox")).first.click()
    is_another(ben)
    expect(ben.rows.first).to_be_visible()


def test_a_part_that_the_exchange_alone_kept_away_comes_into_the_old_page(visit: Visit, server: Server, another: Path) -> None:
    ben = visit("ben", path="/help")
    part = "/groups/conversation.js"
    ben.context.route(f"**{part}", lambda route: route.continue_() if server.pages else route.abort())
    with ben.page.expect_event("requestfailed", lambda request: request.url.endswith(part)):
        ben.open("/account")
    ben.page.evaluate("window.stays = true")
    ben.problems.clear()  # the browser's words about the part that was kept away
    exchange(server, another, ben)
    told(ben)
    assert ben.page.evaluate(CAME, ["qr-conversation", PATIENCE])
    assert ben.page.evaluate("window.stays")
    is_another(ben, another=False)


def test_a_part_that_does_not_fit_into_an_old_page_brings_the_new_one(visit: Visit, server: Server, another: Path) -> None:
    ben = visit("ben")
    ben.open_row(NOTEBOOK)
    exchange(server, another, ben)
    told(ben)
    ben.icon.click()
    is_another(ben)
    ben.icon.click()
    expect(ben.panel).to_be_visible()
    ben.problems = [problem for problem in ben.problems if "another" not in problem]  # the browser's words about the import


def test_a_page_that_does_not_fit_into_an_old_one_brings_the_new_one(visit: Visit, server: Server, another: Path) -> None:
    """A link would have loaded a new document anyway; the way back and the keyboard do not."""
    ben = visit("ben")
    expect(ben.rows.first).to_be_visible()
    exchange(server, another, ben)
    told(ben)
    ben.page.evaluate(f"{imported('lib/router.js')}.then(({{ router }}) => router.go('/account'))")
    is_another(ben)
    expect(ben.page.locator(".facts")).to_be_visible()
    ben.problems = [problem for problem in ben.problems if "another" not in problem]  # the browser's words about the import
