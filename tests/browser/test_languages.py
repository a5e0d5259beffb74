"""The pages in other languages, and from right to left."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ROOT, Visit
from tests.browser.visitor import PASSWORD, Visitor

pytestmark = pytest.mark.browser

Picture = Callable[[Visitor, str], None]
PLACES = ["/inbox", "/inbox#compose", "/trash", "/account", "/account#alerts", "/account#security", "/help"]
#: Every text of a module of words, and whatever its functions say of numbers and of a name, without what is mirrored.
PLAIN_WORDS = r"""
async (modules) => {
    const plain = [];
    const look = (text, where) => {
        const left = String(text).replace(/\u202e[^\u202c]*\u202c/gu, "").replaceAll("Dana", "");
        if (/[a-z]{2,}/iu.test(left)) plain.push(`${where}: ${text}`);
    };
    const walk = (words, where) => {
        if (typeof words === "string") return look(words, where);
        if (typeof words === "object") {
            for (const [name, one] of Object.entries(words ?? {}))
                if (!["id", "icon", "chapters", "screens"].includes(name)) walk(one, `${where}.${name}`);
        } else if (typeof words === "function") {
            for (const value of [0, 1, 2, 500, "Dana", ""]) look(words(...Array(words.length).fill(value)), where);
        }
    };
    const own = document.querySelector('script[type="module"]').src;
    for (const module of modules) walk({ ...(await import(new URL(module, own).href)) }, module);
    return plain;
}
"""


def language_of(page: Page) -> str | None:
    return page.locator("html").get_attribute("lang")


def test_one_chooses_at_the_door_and_the_whole_way_in_is_spanish(visit: Visit, picture: Picture) -> None:
    dana = visit(phone=True, path="/sign-in?next=/account")
    dana.page.get_by_role("link", name="Español").click()
    expect(dana.page.get_by_role("heading", name="Inicie sesión para ver sus mensajes")).to_be_visible()
    expect(dana.page).to_have_url(re.compile(r"/sign-in\?next=%2Faccount$|/sign-in\?next=/account$"))
    picture(dana, "sign-in-es")
    assert dana.barriers() == []
    dana.page.get_by_label("Nombre de usuario").fill("dana")
    dana.page.get_by_label("Contraseña").fill("something else")
    dana.button("Iniciar sesión").click()
    expect(dana.page.get_by_role("alert")).to_contain_text("no coinciden")
    dana.page.get_by_label("Contraseña").fill(PASSWORD)
    dana.page.keyboard.press("Enter")
    expect(dana.page.get_by_role("heading", name="Cuenta")).to_be_visible()


def test_what_one_chose_goes_along_to_every_device(visit: Visit, picture: Picture) -> None:
    dana = visit("dana", path="/account")
    assert language_of(dana.page) == "en"
    form = dana.page.locator("qr-language")
    form.get_by_label("Your language").select_option("Español")
    form.get_by_role("button", name="Save changes").click()
    expect(dana.page.get_by_role("heading", name="Cuenta")).to_be_visible()
    picture(dana, "account-es")
    assert language_of(dana.page) == "es"
    assert "language" not in dana.page.url
    phone = visit("dana", phone=True)
    expect(phone.page.get_by_role("link", name="Papelera")).to_be_visible()
    picture(phone, "inbox-es")
    assert phone.barriers() == []
    phone.page.locator("qr-row").first.get_by_role("link").click()
    expect(phone.button("Responder")).to_be_visible()
    ben = visit("ben")
    expect(ben.page.get_by_role("link", name="Trash")).to_be_visible()


def test_a_refusal_by_the_server_is_spanish_too(visit: Visit) -> None:
    dana = visit("dana", path="/account?language=es#security")
    form = dana.page.locator("qr-password")
    form.get_by_label("Contraseña actual").fill("something else")
    form.get_by_label("Contraseña nueva").fill("a few words together")
    form.get_by_role("button", name="Cambiar contraseña").click()
    expect(form.get_by_text("La contraseña anterior no es correcta.")).to_be_visible()
    assert [problem for problem in dana.problems if "403 (Forbidden)" not in problem] == [], "the browser writes down the refusal"
    dana.problems.clear()


def test_every_word_of_the_pages_can_be_said_in_another_language(visit: Visit) -> None:
    visitor = visit(path="/sign-in?language=ar-XB")
    expect(visitor.page.locator("html")).to_have_attribute("dir", "rtl")
    modules = sorted(f"lib/{path.name}" for path in (ROOT / "static/js/lib").glob("words*.js"))
    assert len(modules) > 3
    assert visitor.page.evaluate(PLAIN_WORDS, modules) == []


@pytest.mark.parametrize("phone", [True, False], ids=["phone", "desktop"])
def test_pages_fit_from_right_to_left_and_with_longer_words(visit: Visit, picture: Picture, phone: bool) -> None:
    ben = visit("ben", phone=phone, path="/inbox?language=ar-XB")
    expect(ben.rows.first).to_be_visible()
    logo, avatar = (ben.page.locator(f"qr-top [data-part={part}]").bounding_box() for part in ("practice", "avatar"))
    assert logo is not None
    assert avatar is not None
    assert logo["x"] > avatar["x"], "the page begins at the right"
    for place in PLACES:
        ben.open(place)
        expect(ben.page.locator("main h1, main h2").first).to_be_attached()
        assert ben.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), place
        picture(ben, f"rtl-{place.strip('/').replace('#', '-')}")
    ben.open("/inbox")
    ben.rows.first.get_by_role("link").click()
    expect(ben.page.locator("qr-message").first).to_be_visible()
    assert ben.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    mirrored = "[...document.querySelectorAll('svg.icon')].filter((one) => getComputedStyle(one).scale === '-1 1').length"
    assert ben.page.evaluate(mirrored) >= 2, "what points back and the reply point the other way"
    ben.composer.fill("See you on Friday.")
    assert ben.composer.evaluate("(field) => getComputedStyle(field).unicodeBidi") == "plaintext", "English keeps its full stop"
    picture(ben, "rtl-conversation")
