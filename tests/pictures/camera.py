"""Takes the pictures: each scene once for a finger and once for a mouse, then in every size and both schemes."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

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


def photograph(browser: Browser, address: str, practice: str, scenes: list[Scene], folder: Path) -> Iterator[Shot]:
    """Every scene of a practice; one that cannot be reached is said and left out."""
    for phone in (True, False):
        sizes = {name: size for name, size in sizes_of(practice).items() if (name in PHONES) == phone}
        visitors: dict[str | None, Visitor] = {}
        for scene in scenes:
            if scene.who not in visitors:
                visitors[scene.who] = arrive(browser, address, scene.who, phone)
            yield from shoot(visitors[scene.who], practice, scene, sizes, folder)
        for visitor in visitors.values():
            visitor.leave()


def arrive(browser: Browser, address: str, who: str | None, phone: bool) -> Visitor:
    """Somebody with a browser of their own."""
    visitor = Visitor(browser, address, phone=phone)
    if who:
        visitor.sign_in(who)
    return visitor


def shoot(visitor: Visitor, practice: str, scene: Scene, sizes: dict[str, ViewportSize], folder: Path) -> Iterator[Shot]:
    """One scene in all looks that this browser can have."""
    page = visitor.page
    page.set_viewport_size(next(iter(sizes.values())))
    try:
        page.goto("about:blank")
        visitor.open(scene.path)
        expect(page.locator(scene.sign).filter(visible=True).first if scene.who else page.locator("h1").first).to_be_visible()
        if scene.act:
            scene.act(visitor)
    except (Error, AssertionError) as trouble:
        print(f"{practice} {scene.name}: {str(trouble).splitlines()[0]}")
        return
    page.wait_for_timeout(400)
    for size, viewport in sizes.items():
        page.set_viewport_size(viewport)
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
            file = folder / f"{practice}-{scene.name}-{size}-{scheme}.png"
            page.screenshot(path=file)
            yield Shot(practice, scene.name, f"{size}-{scheme}", file)


def photograph_mails(browser: Browser, folder: Path) -> Iterator[Shot]:
    """Every mail, as a program shows it that knows nothing of the product."""
    page = browser.new_page()
    for name, letter in LETTERS.items():
        page.set_content(body(parsed(letter), "html"))
        for size, viewport in SIZES.items():
            page.set_viewport_size({"width": viewport["width"], "height": 700})
            for scheme in SCHEMES:
                page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
                file = folder / f"mail-{name}-{size}-{scheme}.png"
                page.screenshot(path=file)
                yield Shot("mail", name, f"{size}-{scheme}", file)
    page.close()
