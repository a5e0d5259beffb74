"""What the pages are made of: the first one is small, and every file defines what it is named after."""

import gzip
import re
from pathlib import Path

import pytest

from tests.browser.conftest import ROOT

pytestmark = pytest.mark.browser
STATIC = (ROOT / "static").resolve()
FIRST_PAGE = 60 * 1024  # bytes, compressed


def test_the_first_page_is_small() -> None:
    index = (STATIC / "index.html").read_text()
    # A phone asks for its icon when the page is put on the home screen, not before.
    loaded = re.sub(r'<link rel="apple-touch-icon"[^>]*>', "", index)
    named = [STATIC / path for path in re.findall(r'"/static/([^"]+)"', loaded)]
    sizes = {path.name: packed(path) for path in {STATIC / "index.html", STATIC / "icons.svg", *named}}
    assert sum(sizes.values()) < FIRST_PAGE, sizes


def packed(path: Path) -> int:
    """As many bytes as go over the line."""
    return len(gzip.compress(path.read_bytes()))


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
