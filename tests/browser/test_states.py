"""No page and no open state has a barrier: those that are made pictures of, each at both sizes and in both schemes."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import ViewportSize

from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor
from tests.pictures.camera import SCHEMES, reach
from tests.pictures.scenes import CHANGES, DOORS, MAILBOX, PAGES, Scene

pytestmark = pytest.mark.browser
NARROW: ViewportSize = {"width": 320, "height": 568}
REFUSED = re.compile(r"403 \(Forbidden\)|404 \(Not Found\)")  # a link that is over, and a page that there is not
LARGER = "(size) => { document.documentElement.style.fontSize = size; }"
#: Tabs, and the table of an import, have a way of their own to what does not fit.
WIDER = """() => [document.documentElement, ...document.querySelectorAll("body *")]
    .filter((one) => one.checkVisibility() && one.clientWidth > 0 && one.scrollWidth > one.clientWidth + 1)
    .filter((one) => one === document.documentElement || /auto|scroll/.test(getComputedStyle(one).overflowX))
    .filter((one) => !one.matches(".tabs, .folders nav, .table-frame, textarea"))
    .map((one) => `${one.localName}.${one.className}`)"""
TOGETHER = 10  # scenes that one test looks at, in the order in which they stand
Picture = Callable[[Visitor, str], None]


def some(scenes: list[Scene]) -> Iterator[list[Scene]]:
    """Those of the typical practice, so many at a time."""
    typical = [scene for scene in scenes if "typical" in scene.practices]
    for at in range(0, len(typical), TOGETHER):
        yield typical[at : at + TOGETHER]


GROUPS = {
    f"{name} {number}": scenes
    for name, found in {"doors": DOORS, "mailbox": MAILBOX, "pages": PAGES, "changes": CHANGES}.items()
    for number, scenes in enumerate(some(found), 1)
}


@pytest.mark.parametrize("phone", [True, False], ids=["phone", "desktop"])
@pytest.mark.parametrize("group", GROUPS)
def test_no_page_and_no_open_state_has_a_barrier(visit: Visit, picture: Picture, group: str, phone: bool) -> None:
    visitors: dict[str | None, Visitor] = {}
    found: dict[str, list[str]] = {}
    for scene in GROUPS[group]:
        visitor = visitors.setdefault(scene.who, visitors.get(scene.who) or visit(scene.who, phone=phone, path="/help"))
        visitor.line_may_break = True  # one is off to the next place before it stands
        found |= barriers(visitor, picture, scene)
    for visitor in visitors.values():
        visitor.problems = [problem for problem in visitor.problems if not REFUSED.search(problem)]
    assert found == {}


def barriers(visitor: Visitor, picture: Picture, scene: Scene) -> dict[str, list[str]]:
    """What axe finds, by scene and scheme; and what little room or large text would make one scroll sideways for."""
    reach(visitor, scene)
    picture(visitor, scene.name)
    phone = visitor.looks.startswith("390")
    found = {f"{scene.name} {how}": wide for how, wide in sideways(visitor).items() if wide} if phone else {}
    for scheme in SCHEMES:
        visitor.look(scheme)
        if barriers := visitor.barriers(colours_only=scheme != SCHEMES[0]):
            found[f"{scene.name} {scheme}"] = barriers
    visitor.look(SCHEMES[0])
    return found


def sideways(visitor: Visitor) -> dict[str, list[str]]:
    """What is wider than its place, at 320 pixels and with the text alone at 200 %."""
    page, size = visitor.page, visitor.page.viewport_size
    page.set_viewport_size(NARROW)
    narrow = page.evaluate(WIDER)
    assert size is not None
    page.set_viewport_size(size)
    page.evaluate(LARGER, "200%")
    large = page.evaluate(WIDER)
    page.evaluate(LARGER, "")
    return {"at 320 pixels": narrow, "with the text at 200 %": large}
