"""What the pages are made of: the first one is small, and every file defines what it is named after."""

import gzip
import re
from pathlib import Path

import pytest
from playwright.sync_api import Route, expect

from chat.web import site
from chat.web.static_files import address
from tests.browser.conftest import ROOT, Visit
from tests.browser.visitor import Visitor, imported

pytestmark = pytest.mark.browser
STATIC = (ROOT / "static").resolve()
FIRST_PAGE = 60 * 1024  # bytes, compressed
DOOR = 50 * 1024  # whoever has to sign in waits for the form alone


def page(visitor: str) -> str:
    """As the server makes it: with what is for somebody who brings a session, or for nobody in particular."""
    return site._page_in("en", visitor).decode().replace(f'"{address()}', '"/static/')  # type: ignore[arg-type]


@pytest.mark.parametrize(("visitor", "most"), [("session", FIRST_PAGE), ("nobody", DOOR)])
def test_the_first_page_is_small(visitor: str, most: int) -> None:
    index = page(visitor)
    # A phone asks for its icon when the page is put on the home screen, not before.
    loaded = re.sub(r'<link rel="apple-touch-icon"[^>]*>', "", index)
    named = [STATIC / path for path in re.findall(r'"/static/([^"]+)"', loaded)]
    sizes = {path.name: packed(path.read_bytes()) for path in {STATIC / "icons.svg", *named}}
    # It is served with the build in each address.
    sizes["index.html"] = packed(index.replace('"/static/', f'"{address()}').encode())
    assert sum(sizes.values()) < most, sizes


def packed(content: bytes) -> int:
    """As many bytes as go over the line."""
    return len(gzip.compress(content))


@pytest.mark.parametrize(
    ("visitor", "begins"), [("session", ["app.js", "groups/shell.js"]), ("nobody", ["app.js", "groups/sign-in.js"])]
)
def test_every_module_of_the_first_page_is_announced_in_it(visitor: str, begins: list[str]) -> None:
    announced = re.findall(r'modulepreload" href="/static/([^"]+)"', page(visitor))
    needed: set[Path] = set()
    for begin in begins:
        gather(STATIC / "js" / begin, needed)
    wanted = {path.relative_to(STATIC).as_posix() for path in needed} - {"js/app.js", "js/lib/types.js"}
    assert sorted(announced) == sorted(wanted)


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


@pytest.mark.parametrize("who", ["ben", None])
def test_the_page_asks_once_who_is_there_and_before_its_modules_have_come(visit: Visit, who: str | None) -> None:
    one = visit(who, path="/help")
    asked: list[str] = []
    one.page.on("request", lambda request: asked.append(request.url.removeprefix(one.address)))
    one.open("/inbox")
    expect(one.rows.first if who else one.page.get_by_label("Username")).to_be_visible()
    assert asked.count("/api/me") == 1
    early = "/api/me" if who else f"{address()}js/groups/sign-in.js"
    assert asked.index(early) < asked.index("/icons.svg" if "/icons.svg" in asked else f"{address()}icons.svg")


def test_the_row_of_a_message_to_many_is_defined_when_the_message_is(visit: Visit) -> None:
    """Lists show it from then on."""
    ben = visit("ben", path="/help")
    ben.delay("**/elements/qr-mass-row.js", 1)
    ben.open("/sent")
    assert ben.page.evaluate("customElements.whenDefined('qr-mass').then(() => customElements.get('qr-mass-row') !== undefined)")


def keep_away(visitor: Visitor, part: str, times: int) -> list[str]:
    """The line breaks so many times when this is asked for; gives what was asked."""
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        if len(asked) > times:
            route.continue_()
        else:
            route.abort("internetdisconnected")

    visitor.line_may_break = True
    visitor.page.route(f"**/{part}", answer)
    return asked


@pytest.mark.parametrize("part", ["groups/account.js", "annex.html", "css/pages.css"])
def test_a_part_that_the_line_kept_away_comes_when_it_stands_again(visit: Visit, part: str) -> None:
    ben = visit("ben")
    expect(ben.rows.first).to_be_visible()
    asked = keep_away(ben, part, 2)
    ben.page.evaluate(f"{imported('lib/router.js')}.then(({{ router }}) => router.go('/account'))")
    expect(ben.page.locator(".facts")).to_be_visible()
    assert len(asked) == 3


@pytest.mark.parametrize("part", ["groups/panel.js", "talk.html", "parts/panel.js", "elements/qr-panel.js"])
def test_and_so_does_what_a_press_asks_for(visit: Visit, part: str) -> None:
    ben = visit("ben", path="/help")
    asked = keep_away(ben, part, 2)
    ben.open("/account")  # a conversation is fetched ahead
    ben.icon.click()
    expect(ben.panel).to_be_visible()
    assert len(asked) == 3


def test_and_so_does_a_way_in(visit: Visit) -> None:
    somebody = visit(path="/help")
    asked = keep_away(somebody, "groups/forgot.js", 2)
    somebody.open("/forgot")
    expect(somebody.page.get_by_role("textbox").first).to_be_visible()
    assert len(asked) == 3
