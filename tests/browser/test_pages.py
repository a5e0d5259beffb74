"""What the pages are made of: the first one is small, and every file defines what it is named after."""

import gzip
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from chat.web.static_files import address
from tests.browser.conftest import ROOT, Visit

pytestmark = pytest.mark.browser
STATIC = (ROOT / "static").resolve()
FIRST_PAGE = 60 * 1024  # bytes, compressed


def test_the_first_page_is_small() -> None:
    index = (STATIC / "index.html").read_text()
    # A phone asks for its icon when the page is put on the home screen, not before.
    loaded = re.sub(r'<link rel="apple-touch-icon"[^>]*>', "", index)
    named = [STATIC / path for path in re.findall(r'"/static/([^"]+)"', loaded)]
    sizes = {path.name: packed(path.read_bytes()) for path in {STATIC / "icons.svg", *named}}
    # It is served with the build in each address.
    sizes["index.html"] = packed(index.replace('"/static/', f'"{address()}').encode())
    assert sum(sizes.values()) < FIRST_PAGE, sizes


def packed(content: bytes) -> int:
    """As many bytes as go over the line."""
    return len(gzip.compress(content))


def test_every_module_of_the_first_page_is_announced_in_it() -> None:
    index = (STATIC / "index.html").read_text()
    announced = set(re.findall(r'modulepreload" href="/static/([^"]+)"', index))
    needed: set[Path] = set()
    gather(STATIC / "js" / "app.js", needed)
    wanted = {path.relative_to(STATIC).as_posix() for path in needed} - {"js/app.js", "js/lib/types.js"}
    assert announced == wanted


def gather(module: Path, found: set[Path]) -> None:
    """The module and all that it imports before it runs."""
    if module in found:
        return
    found.add(module)
    for name in re.findall(r'^import\b[^;(]*?"(\.[^"]+)";', module.read_text(), re.M):
        gather((module.parent / name).resolve(), found)


def test_each_element_file_defines_the_element_it_is_named_after_and_imports_no_other() -> None:
    for path in (STATIC / "js" / "elements").glob("*.js"):
        text = path.read_text()
        assert re.findall(r'customElements\.define\("([^"]+)"', text) == [path.stem]
        assert not re.search(r'from "(?:\./|.*/elements/)', text), path


ASKED_FOR = """() => performance.getEntriesByType("resource")
    .filter(({ name, transferSize }) => new URL(name).pathname.startsWith("/static/") && transferSize > 0)
    .map(({ name }) => new URL(name).pathname)"""


def test_who_comes_back_asks_for_no_file_again(visit: Visit) -> None:
    ben = visit("ben", path="/inbox")
    expect(ben.rows.first).to_be_visible()
    came = ben.page.evaluate(ASKED_FOR)
    assert len(came) > 30
    ben.open("/sent")
    expect(ben.rows.first).to_be_visible()
    assert set(ben.page.evaluate(ASKED_FOR)).isdisjoint(came)


def test_the_row_of_a_message_to_many_is_defined_when_the_message_is(visit: Visit) -> None:
    """Lists show it from then on."""
    ben = visit("ben", path="/help")
    ben.delay("**/elements/qr-mass-row.js", 1)
    ben.open("/sent")
    assert ben.page.evaluate("customElements.whenDefined('qr-mass').then(() => customElements.get('qr-mass-row') !== undefined)")
