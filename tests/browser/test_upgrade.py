"""The server is exchanged for another version while pages are open: nothing is lost, and a reload brings the other page."""

import shutil
import time
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PATIENCE, ROOT, Server, Visit
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser
NOTEBOOK = "I’ll bring the notebook"
TOLD = "A newer version is ready."
BUILD = '<meta name="build" content="another">'


@pytest.fixture(scope="module")
def another(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The product as it may be a version later: the panel needs something that only its own library has."""
    code = tmp_path_factory.mktemp("another")
    for name in ("chat", "static"):
        shutil.copytree(ROOT / name, code / name)
    shutil.copy(ROOT / "config.toml", code)
    add(code / "static" / "index.html", "<head>", f"<head>\n{BUILD}")
    library, panel = code / "static" / "js" / "lib" / "words.js", code / "static" / "js" / "groups" / "panel.js"
    library.write_text(library.read_text() + "\nexport const another = true;\n")
    panel.write_text('import { another } from "../lib/words.js";\nif (!another) throw new Error();\n' + panel.read_text())
    return code


def add(file: Path, old: str, new: str) -> None:
    """Change one place of a file."""
    assert file.read_text().count(old) == 1
    file.write_text(file.read_text().replace(old, new))


def exchange(server: Server, code: Path | None, *visitors: Visitor) -> None:
    """Stop the server in its own way, and start the other version."""
    for one in visitors:
        one.line_may_break = True
    server.stop()
    server.code = code
    server.start()


def is_told(visitor: Visitor) -> None:
    """The notice is on screen: it goes by after some seconds, and who comes back to the page is told again."""
    until = time.monotonic() + PATIENCE
    while not visitor.page.get_by_text(TOLD).is_visible():
        assert time.monotonic() < until, "nobody told of the other version"
        visitor.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        visitor.page.wait_for_timeout(100)


def is_another(visitor: Visitor, *, another: bool = True) -> None:
    """Whether the page itself comes from the other version."""
    expect(visitor.page.locator("meta[name=build]")).to_have_count(1 if another else 0)


@pytest.mark.parametrize("newer", [True, False], ids=["an old page, a new server", "a new page, an old server"])
def test_a_reload_is_offered_and_loses_neither_draft_nor_message(
    visit: Visit, server: Server, another: Path, newer: bool
) -> None:
    before, after = (None, another) if newer else (another, None)
    exchange(server, before)
    ben, dana = visit("ben"), visit("dana")
    ben.open_row(NOTEBOOK)
    dana.open_row(NOTEBOOK)
    is_another(ben, another=not newer)
    ben.composer.fill("Not finished, not saved")
    for one in (ben, dana):
        one.line_may_break = True
    server.stop()
    dana.write("Between two versions")
    server.code = after
    server.start()
    for one in (ben, dana):
        expect(one.message("Between two versions")).to_have_count(1)
        is_told(one)
        one.button("Reload").click()
        is_another(one, another=newer)
        expect(one.message("Between two versions")).to_have_count(1)
        expect(one.page.get_by_text(TOLD)).to_have_count(0)
    expect(ben.composer).to_have_value("Not finished, not saved")
    ben.write("Finished")
    expect(dana.message("Finished")).to_have_count(1)


def test_whoever_comes_back_to_an_old_page_is_told_again(visit: Visit, server: Server, another: Path) -> None:
    ben = visit("ben")
    ben.open_row(NOTEBOOK)
    exchange(server, another, ben)
    is_told(ben)
    expect(ben.page.get_by_text(TOLD)).to_have_count(0, timeout=60_000)
    is_told(ben)


def test_a_link_in_an_old_page_leads_to_the_new_one(visit: Visit, server: Server, another: Path) -> None:
    ben = visit("ben")
    ben.open_row(NOTEBOOK)
    exchange(server, another, ben)
    is_told(ben)
    ben.link("Sent").click()
    is_another(ben)
    expect(ben.rows.first).to_be_visible()


def test_a_part_that_does_not_fit_into_an_old_page_brings_the_new_one(visit: Visit, server: Server, another: Path) -> None:
    ben = visit("ben")
    ben.open_row(NOTEBOOK)
    exchange(server, another, ben)
    is_told(ben)
    ben.icon.click()
    is_another(ben)
    ben.icon.click()
    expect(ben.panel).to_be_visible()
    ben.problems = [problem for problem in ben.problems if "another" not in problem]  # the browser's words about the import
