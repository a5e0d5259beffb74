"""The narrowest phone, and 400 %: nothing runs out of the screen, everything is large enough for a thumb and back leads back."""

import pytest
from playwright.sync_api import ViewportSize, expect

from tests.browser.conftest import Visit
from tests.browser.test_long_lists import send
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser
NARROW: ViewportSize = {"width": 320, "height": 568}
ZOOMED: ViewportSize = {"width": 320, "height": 256}  # 1280 × 1024 at 400 %

WIDER = """() => {
    const wide = innerWidth;
    const scrolls = (one) => one && (/auto|scroll/.test(getComputedStyle(one).overflowX) || scrolls(one.parentElement));
    return [...document.querySelectorAll("body *")]
        .filter((one) => one.checkVisibility() && !one.closest(".visually-hidden, .skip, svg, dialog:not([open])"))
        .filter((one) => one.getBoundingClientRect().width > 0)
        .filter((one) => one.getBoundingClientRect().right > wide + 1 || one.getBoundingClientRect().left < -1)
        .filter((one) => !scrolls(one.parentElement))
        .map((one) => `${one.localName}.${one.className}`);
}"""
SMALL = """() => [...document.querySelectorAll("a[href], button, input:not([type=file]), textarea, select")]
    .filter((one) => one.checkVisibility({ visibilityProperty: true }) && !one.closest(".visually-hidden, .skip, .body, [inert]"))
    .filter((one) => getComputedStyle(one).display !== "inline")
    .map((one) => [one, one.closest("label.tick") ?? one])
    .filter(([, target]) => Math.min(target.getBoundingClientRect().width, target.getBoundingClientRect().height) < 24)
    .map(([one]) => one.outerHTML.slice(0, 120))"""
PAGES = {
    "/inbox": "qr-row",
    "/clients": "a.row-link",
    "/practice": ".facts",
    "/account": ".facts",
    "/account#alerts": "qr-alerts form",
    "/account#security": "qr-sessions .line",
    "/help": ".help-card",
    "/help/messages": ".prose h2",
    "/inbox#compose": "#compose-to",
}
LARGE = ["qr-tabbar a", ".fab", ".composer .send", ".composer .clip", ".talk-head .back", ".top .icon-button"]


def look(visitor: Visitor, name: str) -> dict[str, list[str]]:
    """What runs out of the screen, and what is too small to be hit."""
    found = {f"{name}: wider": visitor.page.evaluate(WIDER), f"{name}: small": visitor.page.evaluate(SMALL)}
    return {what: where for what, where in found.items() if where}


def test_nothing_runs_out_of_a_narrow_screen_or_is_too_small_for_a_thumb(visit: Visit) -> None:
    ben = visit("ben", phone=True)
    ben.page.set_viewport_size(NARROW)
    found: dict[str, list[str]] = {}
    for path, sign in PAGES.items():
        ben.page.goto("about:blank")
        ben.open(path)
        expect(ben.page.locator(sign).filter(visible=True).first).to_be_visible()
        found |= look(ben, path)
    ben.open("/inbox")
    ben.open_row("I’ll bring the notebook")
    found |= look(ben, "conversation")
    assert found == {}


def test_at_four_hundred_percent_one_reads_and_answers_without_scrolling_sideways(visit: Visit) -> None:
    ben = visit("ben")
    ben.page.set_viewport_size(ZOOMED)
    ben.open_row("I’ll bring the notebook")
    assert look(ben, "conversation") == {}
    ben.write("Seen.")
    expect(ben.message("Seen.")).to_be_in_viewport()


def test_the_thumb_finds_what_it_needs_below_and_back_closes_what_was_opened(visit: Visit) -> None:
    ben = visit("ben", phone=True)
    ben.page.set_viewport_size(NARROW)
    expect(ben.rows.first).to_be_visible()
    bar = ben.page.locator("qr-tabbar nav").bounding_box()
    assert bar is not None
    assert bar["y"] + bar["height"] == NARROW["height"]
    ben.open_row("I’ll bring the notebook")
    for name in LARGE:
        for target in ben.page.locator(name).filter(visible=True).all():
            box = target.bounding_box()
            assert box is not None
            assert min(box["width"], box["height"]) >= 34, name
            assert max(box["width"], box["height"]) >= 44, name
    field = ben.composer.evaluate("one => parseFloat(getComputedStyle(one).fontSize)")
    assert field >= 16, "a phone zooms into smaller fields"
    ben.page.go_back()
    expect(ben.rows.first).to_be_visible()
    expect(ben.page).to_have_url(f"{ben.address}/inbox")


def test_the_clip_offers_the_camera_the_pictures_and_the_files_of_a_phone(visit: Visit) -> None:
    dana = visit("dana", phone=True)
    dana.open_row("I’ll bring the notebook")
    with dana.page.expect_file_chooser() as chooser:
        dana.page.locator("qr-composer .clip:visible").click()
    assert chooser.value.is_multiple()
    # A browser offers its camera for pictures. Android's leaves it out where nothing but pictures may be chosen, and `capture`
    # would leave out all but the camera. iPhones make JPEG of their photos where HEIC is not named.
    accepted = (chooser.value.element.get_attribute("accept") or "").split(",")
    assert {"image/jpeg", "application/pdf"} <= set(accepted)
    assert not any("heic" in kind or kind == "image/*" for kind in accepted)
    assert chooser.value.element.get_attribute("capture") is None


def test_history_that_is_pulled_in_above_keeps_the_place_where_one_reads(visit: Visit) -> None:
    ben, dana = visit("ben", phone=True), visit("dana")
    dana.open_row("I’ll bring the notebook")
    place = dana.page.url.rpartition("/")[2]
    for number in range(60):
        send(dana, f"Line {number:02}", conversation=place)
    ben.open_row("Line 59")
    earlier = ben.button("Show earlier messages")
    earlier.scroll_into_view_if_needed()
    first = ben.messages.first
    text = str(first.locator(".body").text_content())
    before = first.bounding_box()
    earlier.click()
    expect(ben.messages.first).not_to_contain_text(text)
    after = ben.message(text).first.bounding_box()
    assert before is not None
    assert after is not None
    assert abs(after["y"] - before["y"]) < 60


def test_the_composer_stands_above_the_keyboard(visit: Visit) -> None:
    ben = visit("ben", phone=True)
    ben.open_row("I’ll bring the notebook")
    # The keyboard shrinks what is visible, not the page.
    ben.page.evaluate(
        """() => {
            Object.defineProperty(visualViewport, "height", { configurable: true, get: () => 420 });
            visualViewport.dispatchEvent(new Event("resize"));
        }"""
    )
    box = ben.page.locator("qr-composer").filter(visible=True).bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 421
    expect(ben.messages.last).to_be_in_viewport()


IN_VIEW = """(tab) => {
    const [own, row] = [tab.getBoundingClientRect(), tab.parentElement.getBoundingClientRect()];
    return own.width > 0 && own.left >= row.left - 1 && own.right <= row.right + 1;
}"""


def test_the_open_tab_is_in_view_also_when_there_is_less_room(visit: Visit) -> None:
    dana = visit("dana", phone=True, path="/account#security")
    tab = dana.link("Sign-in & security").element_handle()
    dana.page.wait_for_function(IN_VIEW, arg=tab)
    dana.page.set_viewport_size({"width": 320, "height": 568})
    dana.page.wait_for_function(IN_VIEW, arg=tab)
    assert not dana.page.evaluate(IN_VIEW, dana.link("Profile").element_handle()), "the row has no room for all"
