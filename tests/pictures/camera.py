"""Takes the pictures: each scene once for a finger and once for a mouse, then in every size and both schemes."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Error, ViewportSize, expect

from tests.browser.visitor import Visitor
from tests.delivery.test_email import LETTERS, body, parsed
from tests.pictures.scenes import Scene

SIZES: dict[str, ViewportSize] = {
    "390": {"width": 390, "height": 844},
    "768": {"width": 768, "height": 1024},
    "1280": {"width": 1280, "height": 800},
}
#: A desktop at 200 %: half the pixels each way. And the narrowest phone.
NARROW: dict[str, ViewportSize] = {"320": {"width": 320, "height": 568}, "200-percent": {"width": 640, "height": 400}}
PHONES = {"320", "390"}
SCHEMES = ("light", "dark")
STILL = {"reduced_motion": "reduce"}
FORCED = "forced"  # the system's own colours, as somebody has them who cannot read ours


@dataclass(frozen=True)
class Shot:
    """One picture, and where it is."""

    practice: str
    scene: str
    look: str
    file: Path


def sizes_of(practice: str) -> dict[str, ViewportSize]:
    """Where everything is too much, too little room is tried as well."""
    return SIZES | NARROW if practice == "extreme" else SIZES


@dataclass(frozen=True)
class Order:
    """What is wanted: where the pictures go, and in which looks. Without sizes all that are made of a practice."""

    folder: Path
    sizes: frozenset[str] = frozenset()
    schemes: tuple[str, ...] = SCHEMES

    def sizes_of(self, practice: str, phone: bool) -> dict[str, ViewportSize]:
        """Those of a finger, or those of a mouse."""
        every = sizes_of(practice).items()
        return {name: size for name, size in every if (name in PHONES) == phone and (not self.sizes or name in self.sizes)}


def look_of(scheme: str) -> dict[str, Any]:
    """What Playwright is told of a scheme."""
    forced = scheme == FORCED
    return {"color_scheme": "light" if forced else scheme, "forced_colors": "active" if forced else "none", **STILL}


def photograph(browser: Browser, address: str, practice: str, scenes: list[Scene], order: Order) -> Iterator[Shot]:
    """Every scene of a practice; one that cannot be reached is said and left out."""
    for phone in (True, False):
        visitors: dict[tuple[str | None, str], Visitor] = {}
        for scene in scenes if order.sizes_of(practice, phone) else ():
            one = (scene.who, scene.language)
            if one not in visitors:
                visitors[one] = arrive(browser, address, scene, phone)
            yield from shoot(visitors[one], practice, scene, order, phone)
        for visitor in visitors.values():
            visitor.leave()


def arrive(browser: Browser, address: str, scene: Scene, phone: bool) -> Visitor:
    """Somebody with a browser of their own, who has chosen a language."""
    visitor = Visitor(browser, address, phone=phone)
    if scene.who:
        visitor.sign_in(scene.who)
    if scene.language:
        visitor.open(f"/sign-in?language={scene.language}")
    return visitor


def reach(visitor: Visitor, scene: Scene) -> None:
    """Go where the scene is, and do there what belongs to it."""
    page = visitor.page
    there = urlsplit(page.url).path == urlsplit(scene.path).path
    if there:
        page.evaluate("(path) => history.replaceState(null, '', path)", scene.path)
        page.reload()
    else:
        visitor.open(scene.path)
    expect(page.locator(scene.sign).filter(visible=True).first if scene.who else page.locator("h1").first).to_be_visible()
    if scene.act:
        scene.act(visitor)


def shoot(visitor: Visitor, practice: str, scene: Scene, order: Order, phone: bool) -> Iterator[Shot]:
    """One scene in all looks that this browser can have."""
    sizes = order.sizes_of(practice, phone)
    page = visitor.page
    page.set_viewport_size(next(iter(sizes.values())))
    try:
        reach(visitor, scene)
    except (Error, AssertionError) as trouble:
        print(f"{practice} {scene.name}: {str(trouble).splitlines()[0]}")
        return
    page.wait_for_timeout(400)
    for size, viewport in sizes.items():
        page.set_viewport_size(viewport)
        for scheme in order.schemes:
            page.emulate_media(**look_of(scheme))
            file = order.folder / f"{practice}-{scene.name}-{size}-{scheme}.png"
            page.screenshot(path=file)
            yield Shot(practice, scene.name, f"{size}-{scheme}", file)


def photograph_mails(browser: Browser, order: Order) -> Iterator[Shot]:
    """Every mail, as a program shows it that knows nothing of the product."""
    page = browser.new_page()
    for name, letter in LETTERS.items():
        page.set_content(body(parsed(letter), "html"))
        for size, viewport in SIZES.items():
            if order.sizes and size not in order.sizes:
                continue
            page.set_viewport_size({"width": viewport["width"], "height": 700})
            for scheme in SCHEMES:
                page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
                file = order.folder / f"mail-{name}-{size}-{scheme}.png"
                page.screenshot(path=file)
                yield Shot("mail", name, f"{size}-{scheme}", file)
    page.close()
