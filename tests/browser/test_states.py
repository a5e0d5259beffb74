"""No page and no open state has a barrier: those that are made pictures of, each at both sizes and in both schemes."""

import pytest

from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor
from tests.pictures.camera import SCHEMES, look_of, reach
from tests.pictures.scenes import CHANGES, DOORS, MAILBOX, PAGES, Scene

pytestmark = pytest.mark.browser
GROUPS = {
    name: [scene for scene in scenes if "typical" in scene.practices]
    for name, scenes in {"doors": DOORS, "mailbox": MAILBOX, "pages": PAGES, "changes": CHANGES}.items()
}


@pytest.mark.parametrize("phone", [True, False], ids=["phone", "desktop"])
@pytest.mark.parametrize("group", GROUPS)
def test_no_page_and_no_open_state_has_a_barrier(visit: Visit, group: str, phone: bool) -> None:
    visitors: dict[str | None, Visitor] = {}
    found: dict[str, list[str]] = {}
    for scene in GROUPS[group]:
        visitor = visitors.setdefault(scene.who, visitors.get(scene.who) or visit(scene.who, phone=phone, path="/help"))
        found |= barriers(visitor, scene)
    assert found == {}


def barriers(visitor: Visitor, scene: Scene) -> dict[str, list[str]]:
    """What axe finds, by scene and scheme."""
    reach(visitor, scene)
    found = {}
    for scheme in SCHEMES:
        visitor.page.emulate_media(**look_of(scheme))
        if barriers := visitor.barriers(colours_only=scheme != SCHEMES[0]):
            found[f"{scene.name} {scheme}"] = barriers
    return found
