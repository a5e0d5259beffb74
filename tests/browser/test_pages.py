"""Every page as a picture, without a barrier, at both sizes and in both schemes."""

import gzip
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ROOT, Visit
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser
STATIC = (ROOT / "static").resolve()
FIRST_PAGE = 60 * 1024  # bytes, compressed
LOOKS = pytest.mark.parametrize(("phone", "scheme"), [(phone, scheme) for phone in (False, True) for scheme in ("light", "dark")])
Picture = Callable[[Visitor, str], None]


@LOOKS
def test_no_page_has_a_barrier(visit: Visit, picture: Picture, phone: bool, scheme: str) -> None:
    ben = visit(phone=phone, scheme=scheme, path="/sign-in")
    found = look(ben, picture, "sign-in", ben.page.get_by_label("Username"))
    ben.sign_in("ben")
    for path, sign in {
        "/inbox": "qr-row",
        "/sent": "qr-row",
        "/trash": "qr-empty h2",
        "/inbox#compose": "#compose-to",
        "/account": ".facts",
        "/help": ".help-card",
        "/help/messages": ".prose h2",
        "/clients": "h1",
        "/practice": "h1",
    }.items():
        ben.page.goto("about:blank")
        ben.open(path)
        found |= look(
            ben, picture, path.strip("/").replace("#", "-").replace("/", "-"), ben.page.locator(sign).filter(visible=True).first
        )
    ben.open("/inbox")
    ben.open_row("I’ll bring the notebook")
    found |= look(ben, picture, "conversation", ben.messages.first)
    ben.open("/account")
    ben.icon.click()
    found |= look(ben, picture, "panel", ben.panel.locator("qr-talk").first)
    ben.button("New Message", ben.panel).click()
    found |= look(ben, picture, "panel-new-message", ben.panel.locator(".person").first)
    assert found == {}


def look(visitor: Visitor, picture: Picture, name: str, sign: object) -> dict[str, list[str]]:
    """A picture of the page once its `sign` is there, and what axe finds on it."""
    expect(sign).to_be_visible()  # type: ignore[call-overload]
    picture(visitor, name)
    barriers = visitor.barriers()
    return {f"{name}-{visitor.looks}": barriers} if barriers else {}


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
