"""Clients and contacts in Arabic: all of it, from right to left, and nothing in English but what people wrote."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import FilePayload, Page, expect

from chat.lib.languages import read
from tests.browser.conftest import Server, Visit
from tests.browser.test_quick_link import mailed_link
from tests.browser.visitor import PASSWORD, Visitor

pytestmark = pytest.mark.browser

Picture = Callable[[Visitor, str], None]
#: Words in Latin letters that one can see or hear, but for what people wrote, names, and what is set apart as one.
LATIN = r"""
() => {
    const found = [];
    const look = (text, where) => {
        const own = text.replace(/\u2068[^\u2068\u2069]*\u2069/gu, "").replace(/\u2068[^\u2068\u2069]*\u2069/gu, "");
        for (const word of own.match(/[A-Za-z][A-Za-z’]+/gu) ?? []) found.push(`${word} | ${where} | ${text.slice(0, 60)}`);
    };
    const theirs = (element) => element.closest("bdi, [dir=auto], [dir=ltr], .practice, .avatar, [lang=en], [lang=es], textarea");
    const hidden = (element) => !element.checkVisibility({ visibilityProperty: true });
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const element = texts.currentNode.parentElement;
        if (element && !hidden(element) && !theirs(element)) look(texts.currentNode.data, element.localName);
    }
    for (const name of ["aria-label", "title", "placeholder"]) {
        const named = [...document.querySelectorAll(`[${name}]`)].filter((element) => !hidden(element));
        for (const element of named) look(element.getAttribute(name), name);
    }
    look(document.title, "title");
    return found;
}
"""
PEOPLE = {"Ben", "Larsen", "Dana", "Reed", "Hal", "Harbor", "Counseling", "Friday’s", "appointment"}


def arabic(page: Page) -> None:
    """A browser from Egypt, where other digits are in use."""
    page.add_init_script("Object.defineProperty(navigator, 'languages', { get: () => ['ar-EG', 'ar', 'en'] })")


def english_left(visitor: Visitor) -> list[str]:
    """What a page says in Latin letters that the catalogue does not say so, and that is nobody's name."""
    told = " ".join(str(one.string) for one in read("ar") if one.id)
    known = PEOPLE | set(re.findall(r"[A-Za-z][A-Za-z’]+", told))
    return [found for found in visitor.page.evaluate(LATIN) if found.partition(" | ")[0] not in known]


def look_at(visitor: Visitor) -> None:
    """A page as it must be: from right to left, whole, without English, and with the digits of the practice's papers."""
    page = visitor.page
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    assert english_left(visitor) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert not re.search("[\u0660-\u0669\u06f0-\u06f9]", page.locator("body").inner_text())


def test_a_client_signs_in_reads_and_answers_in_arabic_on_a_phone(visit: Visit, picture: Picture) -> None:
    dana = visit(phone=True, path="/sign-in")
    arabic(dana.page)
    dana.page.get_by_role("link", name="العربية").click()
    expect(dana.page.get_by_role("heading", name="سجِّلوا الدخول لقراءة رسائلكم")).to_be_visible()
    look_at(dana)
    assert dana.barriers() == []
    picture(dana, "sign-in-ar")
    dana.page.get_by_label("اسم المستخدم").fill("dana")
    dana.page.get_by_label("كلمة المرور").fill("something else")
    dana.page.keyboard.press("Enter")
    expect(dana.page.get_by_role("alert")).to_contain_text("غير متطابقين")
    dana.page.get_by_label("كلمة المرور").fill(PASSWORD)
    dana.page.keyboard.press("Enter")
    expect(dana.rows.first).to_be_visible()
    look_at(dana)
    assert dana.barriers() == []
    picture(dana, "inbox-ar")
    dana.row("Friday").get_by_role("link").click()
    expect(dana.button("رد")).to_be_visible()
    mirrored = "[...document.querySelectorAll('svg.icon')].filter((one) => getComputedStyle(one).scale === '-1 1').length"
    assert dana.page.evaluate(mirrored) >= 2, "what points back and the reply point the other way"
    look_at(dana)
    form: FilePayload = {"name": "form (new).pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n" + b"x" * 2_000}
    dana.page.locator("qr-files input[type=file]").set_input_files([form])
    expect(dana.page.locator(".upload")).to_contain_text("كيلوبايت")
    look_at(dana)
    dana.write("شكرًا، سأحضر في الساعة 3:00 (مع أبي).")
    expect(dana.message("سأحضر في الساعة")).to_be_visible()
    # The waiting line gives its place to the kept one, so its style is asked for until it is there.
    expect(dana.message("سأحضر في الساعة").locator(".body")).to_have_css("direction", "rtl")
    english = "English keeps its full stop"
    expect(dana.message("take the first half").locator(".body"), english).to_have_css("direction", "ltr")
    assert dana.barriers() == []
    picture(dana, "conversation-ar")
    ben = visit("ben", path="/inbox")
    expect(ben.row("شكرًا")).to_be_visible()


@pytest.mark.parametrize("who", ["dana", "hal"])
def test_every_page_of_a_client_and_of_a_contact_is_in_arabic(who: str, visit: Visit, picture: Picture) -> None:
    own = visit(who)
    arabic(own.page)
    own.open("/account?language=ar")
    form = own.page.locator("qr-language")
    expect(form.get_by_label("لغتكم").get_by_role("option")).to_have_text(["English", "Español", "العربية"])
    places = ["/inbox", "/sent", "/trash", "/account", "/account#alerts", "/account#security", "/help", "/clients"]
    places += ["/account#contacts", "/inbox#compose"] if who == "dana" else []
    for place in places:
        own.open(place)
        expect(own.page.locator("main h1, main h2").first).to_be_attached()
        own.page.wait_for_load_state("networkidle")
        look_at(own)
        picture(own, f"ar-{who}-{place.strip('/').replace('#', '-')}")
    own.open("/help")
    links = own.page.locator("main h2 a[href^='/help/']")
    expect(links.nth(3)).to_be_visible()
    chapters = [one.get_attribute("href") or "" for one in links.all()]
    for chapter in chapters:
        own.open(chapter)
        expect(own.page.locator("main section h2").first).to_be_visible()
        look_at(own)
    own.open("/inbox")
    own.page.locator("qr-top [data-part=messages]").click()
    expect(own.page.get_by_role("dialog", name="الرسائل الآمنة")).to_be_visible()
    look_at(own)
    assert own.barriers() == []


@pytest.mark.parametrize("path", ["/forgot", "/forgot#invitation", "/invitation#made-up", "/new-password#made-up", "/help"])
def test_every_way_in_is_in_arabic(path: str, visit: Visit) -> None:
    somebody = visit(phone=True, path="/sign-in?language=ar")
    somebody.open(path)
    expect(somebody.page.locator("main h1").filter(visible=True)).to_have_count(1)
    somebody.page.wait_for_load_state("networkidle")
    look_at(somebody)
    assert somebody.barriers() == []
    somebody.problems.clear()  # the browser writes down that a made-up link is refused


def test_what_stands_in_a_row_runs_as_it_was_written(visit: Visit) -> None:
    dana = visit("dana", path="/inbox?language=ar")
    line = dana.rows.last.locator("[data-part=line]")
    expect(line).to_contain_text("أنتم: ")
    expect(line).to_have_attribute("dir", "ltr")
    dana.open_row("notebook")
    dana.write("سأكتب لكم غدًا.")
    expect(dana.row("سأكتب لكم غدًا.").locator("[data-part=line]")).to_have_attribute("dir", "rtl")


def test_a_quick_link_leads_from_an_arabic_mail_to_an_arabic_page(
    monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest, picture: Picture
) -> None:
    monkeypatch.setenv("QUIETROOM_ALERT_DELAY", "0")
    visit: Visit = request.getfixturevalue("visit")
    server: Server = request.getfixturevalue("server")
    visit("dana").command("save_language", language="ar")
    ben = visit("ben", path="/inbox")
    ben.open_row("Friday’s appointment")
    ben.write("Is three still good?")
    guest = visit(phone=True, path=mailed_link(server))
    expect(guest.page.get_by_role("heading", name="لديكم رسالة آمنة")).to_be_visible()
    look_at(guest)
    assert guest.barriers() == []
    picture(guest, "quick-link-ar")
    guest.button("فتح رسالتي").click()
    expect(guest.message("Is three still good?")).to_be_visible()
    expect(guest.page.get_by_role("timer")).to_have_text(re.compile("^بقي \u206614:\\d\\d\u2069$"))
    look_at(guest)
    assert guest.barriers() == []
    picture(guest, "quick-link-conversation-ar")


def test_staff_are_led_to_a_language_that_has_their_words(visit: Visit) -> None:
    ben = visit("ben", path="/practice?language=ar")
    expect(ben.page.locator("html")).to_have_attribute("lang", "en")
    expect(ben.page.get_by_role("heading", name="Practice").first).to_be_visible()
    ben.open("/account")
    choice = ben.page.locator("qr-language").get_by_label("Your language")
    expect(choice.get_by_role("option")).to_have_text(["English", "Español"])
