"""People, the practice, one's account, and the ways in."""

import email
import email.policy
import re
import time
from collections.abc import Callable
from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import PATIENCE, Server, Visit
from tests.browser.visitor import PASSWORD, PHONE, Visitor

pytestmark = pytest.mark.browser
NEW_PASSWORD = "four words walk together"
Picture = Callable[[Visitor, str], None]


def dialog(visitor: Visitor) -> Locator:
    """The open dialog."""
    return visitor.page.locator("dialog[open]")


def tab(visitor: Visitor, name: str) -> None:
    """Go to a tab of the page."""
    visitor.page.get_by_role("navigation", name="Sections").get_by_role("link", name=name, exact=True).click()


def notice(visitor: Visitor, text: str) -> None:
    """Wait for the short line that says so."""
    expect(visitor.page.locator(".toast")).to_contain_text(text)


def open_client(visitor: Visitor, name: str) -> None:
    """Open a client's page from the list."""
    visitor.open("/clients")
    visitor.link(name).click()
    expect(visitor.page.get_by_role("heading", level=1, name=name)).to_be_visible()


def forgive(visitor: Visitor, status: int) -> None:
    """The browser writes refusals down; this one was meant."""
    assert any(str(status) in problem for problem in visitor.problems)
    visitor.problems = [problem for problem in visitor.problems if str(status) not in problem]


def mailed_link(server: Server, address: str, subject: str) -> str:
    """The first link of the mail that somebody got, as it stands there, without the host."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        for path in sorted(Path(server.data, "outbox").glob("*.eml"), reverse=True):
            mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            body = mail.get_body(("plain",))
            found = re.search(rf"{re.escape(server.address)}(/\S+)", body.get_content()) if body else None
            if found and mail["To"] == address and subject in mail["Subject"]:
                return found[1]
        time.sleep(0.1)
    pytest.fail(f"No mail “{subject}” came for {address}.")


def sign_in_by_hand(visitor: Visitor, username: str, password: str) -> None:
    """At the door, as people do."""
    visitor.page.get_by_label("Username").fill(username)
    visitor.page.get_by_label("Password", exact=True).fill(password)
    visitor.button("Sign in").click()


# ── clients ──


def test_an_administrator_adds_a_client_whom_the_assigned_therapist_then_writes_to(visit: Visit, server: Server) -> None:
    ada, ben, cleo = visit("ada", path="/clients"), visit("ben", path="/clients"), visit("cleo", path="/clients")
    ada.button("Add client").click()
    form = dialog(ada)
    ada.button("Add client", form).click()
    expect(form.get_by_text("Please fill in: Name.")).to_be_visible()
    expect(form.get_by_label("Name")).to_be_focused()
    form.get_by_label("Name").fill("Lou Example")
    form.get_by_label("Phone").fill("12")
    form.get_by_label("Email").fill("lou@example.org")
    form.get_by_role("switch", name="Enable secure messaging now").check()
    form.get_by_label("Looked after by").select_option(label="Ben Larsen (Therapist)")
    ada.button("Add client", form).click()
    expect(form.get_by_text("too few or too many digits")).to_be_visible()
    expect(form.get_by_label("Phone")).to_have_attribute("aria-invalid", "true")
    forgive(ada, 400)
    form.get_by_label("Phone").fill("+1 555 010 0199")
    ada.button("Add client", form).click()
    expect(ada.page.get_by_role("heading", level=1, name="Lou Example")).to_be_visible()
    tab(ada, "Messaging")
    expect(ada.page.get_by_text("Invited at lou@example.org")).to_be_visible()
    tab(ada, "Assignments")
    expect(ada.page.locator(".line")).to_contain_text("Ben Larsen")
    open_client(ben, "Lou Example")
    ben.button("Write a message").click()
    ben.page.get_by_role("textbox", name="Message").fill("Welcome, Lou!")
    ben.button("Send").click()
    expect(ben.message("Welcome, Lou!")).to_be_visible()
    # An outsider of the same practice has no part in it.
    cleo.open("/clients")
    expect(cleo.link("Fay Lindqvist")).to_be_visible()
    expect(cleo.page.get_by_text("Lou Example")).to_have_count(0)


def test_who_types_while_somebody_else_saves_is_told_and_loses_nothing(visit: Visit) -> None:
    ada, ben = visit("ada"), visit("ben")
    for one in (ada, ben):
        open_client(one, "Dana Reed")
    ada.page.get_by_label("Phone").fill("+1 555 010 0101")
    ada.page.get_by_label("Name").fill("Dana Reed-Hill")
    ada.button("Save changes").click()
    notice(ada, "Client Info saved")
    ben.page.get_by_role("textbox", name="Email", exact=True).fill("dana.reed@example.org")
    ben.page.get_by_label("Phone").fill("+1 555 010 0202")
    ben.button("Save changes").click()
    expect(ben.page.get_by_role("alert")).to_contain_text("Somebody else changed this meanwhile")
    forgive(ben, 409)
    ben.button("Load the newest").click()
    expect(ben.page.get_by_label("Name")).to_have_value("Dana Reed-Hill")
    expect(ben.page.get_by_role("textbox", name="Email", exact=True)).to_have_value("dana.reed@example.org")
    expect(ben.page.get_by_label("Phone")).to_have_value("+1 555 010 0202")
    expect(ben.page.get_by_text("Saved by somebody else meanwhile: +15550100101")).to_be_visible()
    ben.button("Save changes").click()
    notice(ben, "Client Info saved")
    ada.page.reload()
    expect(ada.page.get_by_role("textbox", name="Email", exact=True)).to_have_value("dana.reed@example.org")
    expect(ada.page.get_by_label("Phone")).to_have_value("+15550100202")


def test_a_client_is_enabled_disabled_made_inactive_and_active_again(visit: Visit) -> None:
    ben, dana = visit("ben", phone=True), visit("dana")
    open_client(ben, "Dana Reed")
    tab(ben, "Messaging")
    ben.button("Disable Secure Messaging").click()
    ben.button("Disable", dialog(ben)).click()
    expect(ben.page.get_by_role("heading", name="Secure messaging is off")).to_be_visible()
    dana.open_row("I’ll bring the notebook")
    expect(dana.composer).to_have_count(0)
    ben.button("Enable Secure Messaging").click()
    expect(ben.page.get_by_role("heading", name="Secure messaging is on")).to_be_visible()
    expect(dana.composer).to_be_visible()
    tab(ben, "Client Info")
    ben.button("Make inactive").click()
    ben.button("Make inactive", dialog(ben)).click()
    expect(ben.page.get_by_role("heading", name="Inactive client")).to_be_visible()
    ben.open("/clients")
    expect(ben.link("Eli Navarro")).to_be_visible()
    expect(ben.page.get_by_text("Dana Reed")).to_have_count(0)
    tab(ben, "Inactive")
    ben.link("Dana Reed").click()
    ben.button("Make active").click()
    expect(ben.page.get_by_role("heading", name="Active client")).to_be_visible()


def test_on_a_phone_each_line_of_a_list_fits_and_says_what_is_wrong(visit: Visit) -> None:
    ada = visit("ada", phone=True, path="/clients#import")
    long = "Bartholomew Featherstonehaugh-Cholmondeley,1985-01-02,bartholomew.featherstonehaugh@mail.example.org,,"
    text = f"name,born,email,phone,therapist\n{long}\nAnna,2.1.1999,anna@example.org,+1 555 010 0199,ben"
    file = {"name": "list.csv", "mimeType": "text/csv", "buffer": text.encode()}
    ada.page.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]
    expect(ada.page.get_by_role("row", name="Anna")).to_contain_text("Write the date of birth as")
    cells = ada.page.locator(".people-table.import td:visible")
    assert cells.count() == 12, "and what is not said takes no room"
    for cell in cells.all():
        box = cell.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= PHONE["width"]
    assert ada.barriers() == []


def test_a_list_with_a_problem_adds_nobody_and_the_corrected_one_everybody_who_is_then_found(visit: Visit) -> None:
    ada = visit("ada", path="/clients")
    ada.link("Import CSV").click()
    people = [f"Person {number:03},1990-05-21,,," for number in range(120)]

    def choose(*lines: str) -> None:
        text = "\n".join(["name,born,email,phone,therapist", *lines])
        file = {"name": "list.csv", "mimeType": "text/csv", "buffer": text.encode()}
        ada.page.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]

    # Older spreadsheets save in the letters of Windows, or with two bytes a letter.
    for encoding in ("cp1252", "utf-16"):
        file = {"name": "list.csv", "mimeType": "text/csv", "buffer": f"name\nBjörn {encoding}\n".encode(encoding)}
        ada.page.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]
        expect(ada.page.get_by_role("row", name=f"Björn {encoding}")).to_be_visible()
    choose(*people, "Dana Reed,1994-03-04,,,")
    expect(ada.page.get_by_text("1 line has a problem")).to_be_visible()
    expect(ada.page.get_by_role("row", name="Dana Reed")).to_contain_text("here already")
    choose(*people)
    ada.button("Add 120 clients").click()
    notice(ada, "120 clients were added")
    rows = ada.page.locator(".row-link")
    expect(rows.first).to_be_visible()
    assert rows.count() < 120
    # More come as one scrolls.
    while rows.count() < 124:
        seen = rows.count()
        ada.page.locator(".list-end").scroll_into_view_if_needed()
        expect(rows.nth(seen)).to_be_attached()
    search = ada.page.get_by_label("Search clients by name")
    search.press_sequentially("lindq")
    expect(rows).to_have_text(["Fay Lindqvist"])
    search.fill("nobody of that name")
    expect(ada.page.get_by_role("heading", name="No client called “nobody of that name”")).to_be_visible()
    # No name, and no search for one, stands in an address.
    assert ada.page.url.endswith("/clients")


# ── the practice ──


def test_whoever_leaves_names_a_successor_who_reads_the_history_that_was_handed_over(visit: Visit) -> None:
    ada, ben, cleo = visit("ada", path="/practice#staff"), visit("ben"), visit("cleo")
    expect(cleo.page.get_by_text("Dana Reed")).to_have_count(0)
    ada.button("Actions for Ben Larsen").click()
    ada.page.get_by_role("menuitem", name="Deactivate").click()
    form = dialog(ada)
    expect(form).to_contain_text("They look after 3 clients")
    ada.button("Deactivate", form).click()
    expect(form.get_by_text("Please fill in: Who takes over.")).to_be_visible()
    form.get_by_label("Who takes over").select_option(label="Cleo Marsh (Therapist)")
    form.get_by_role("switch", name="With history").check()
    ada.button("Deactivate", form).click()
    expect(ada.page.get_by_role("row", name="Ben Larsen")).to_contain_text("Deactivated")
    expect(ben.page.get_by_label("Username")).to_be_visible()
    cleo.rows.filter(has_text="reads this conversation from today").filter(has_text="Dana Reed").first.get_by_role("link").click()
    expect(cleo.message("I’ll bring the notebook")).to_be_visible()
    # The line is nobody's message, and no answer.
    expect(cleo.message("reads this conversation from today").locator(".meta")).to_have_text(re.compile(r"^\d+:\d\d$"))
    open_client(cleo, "Dana Reed")


def test_each_gate_says_why_it_is_shut_and_has_the_button_for_who_may_open_it(visit: Visit) -> None:
    ada, ben = visit("ada", path="/practice"), visit("ben")
    gate = ada.page.get_by_role("switch", name="Turned on for this practice")
    gate.uncheck()
    ada.button("Save changes").click()
    ada.button("Turn off", dialog(ada)).click()
    notice(ada, "Practice saved")
    ben.open_row("I’ll bring the notebook")
    shut = ben.page.locator("qr-gate:visible")
    expect(shut).to_contain_text("not turned on for this practice")
    expect(shut.get_by_role("button").or_(shut.get_by_role("link")).filter(visible=True)).to_have_count(0)
    ada.open("/inbox")
    ada.row("Opening hours in December").get_by_role("link").click()
    ada.link("Open the practice’s settings").click()
    gate.check()
    ada.button("Save changes").click()
    notice(ada, "Practice saved")
    expect(ben.composer).to_be_visible()
    ada.open("/practice#staff")
    ada.button("Actions for Ada Lindgren").click()
    ada.page.get_by_role("menuitem", name="Remove from the client portal").click()
    ada.button("Remove", dialog(ada)).click()
    expect(ada.page.get_by_role("row", name="Ada Lindgren")).to_contain_text("Not in the portal")
    open_client(ada, "Dana Reed")
    ada.button("Write a message").click()
    ada.button("Add me to the portal").click()
    ada.page.get_by_role("textbox", name="Message").fill("Your invoice is ready.")
    ada.button("Send").click()
    expect(ada.message("Your invoice is ready.")).to_be_visible()


# ── one's account ──


def test_a_client_adds_changes_and_removes_a_contact(visit: Visit) -> None:
    dana, ben = visit("dana", phone=True, path="/account#contacts"), visit("ben")
    dana.button("Add contact").click()
    form = dialog(dana)
    form.get_by_label("Name").fill("Mia Reed")
    form.get_by_label("Who this is to you").fill("mother")
    form.get_by_label("Email").fill("not an address")
    dana.button("Add contact", form).click()
    expect(form.get_by_text("This is not an email address")).to_be_visible()
    forgive(dana, 400)
    form.get_by_label("Email").fill("mia@example.org")
    dana.button("Add contact", form).click()
    expect(dana.page.locator(".line")).to_have_count(2)
    dana.button("Change Mia Reed").click()
    form.get_by_label("Who this is to you").fill("grandmother")
    dana.button("Save", form).click()
    expect(dana.page.locator(".line").filter(has_text="Mia Reed")).to_contain_text("grandmother")
    open_client(ben, "Dana Reed")
    tab(ben, "Contacts")
    expect(ben.page.locator(".line")).to_have_count(2)
    expect(ben.page.locator(".line").filter(has_text="Mia Reed").get_by_role("button")).to_have_count(0)
    dana.button("Remove Mia Reed").click()
    expect(dialog(dana)).to_contain_text("gets no later message")
    dana.button("Remove", dialog(dana)).click()
    expect(dana.page.locator(".line")).to_have_count(1)


def test_a_new_password_ends_the_other_sessions_and_so_does_a_button(visit: Visit) -> None:
    there = visit("dana", phone=True)
    here = visit("dana", path="/account#security")
    expect(here.page.locator("qr-sessions .line")).to_have_count(2)
    here.page.get_by_label("Present password").fill("not the right one")
    here.page.get_by_label("New password").fill("short")
    expect(here.page.get_by_text("5 more characters needed")).to_be_visible()
    here.page.get_by_label("New password").fill(NEW_PASSWORD)
    expect(here.page.get_by_text("Very good")).to_be_visible()
    here.button("Change password").click()
    expect(here.page.get_by_text("The old password is not right.")).to_be_visible()
    forgive(here, 403)
    here.page.get_by_label("Present password").fill(PASSWORD)
    here.button("Change password").click()
    notice(here, "Password changed")
    expect(there.page.get_by_label("Username")).to_be_visible()
    expect(there.rows).to_have_count(0)
    sign_in_by_hand(there, "dana", NEW_PASSWORD)
    expect(there.rows.first).to_be_visible()
    # Ending one by hand does the same.
    here.page.reload()
    here.page.locator("qr-sessions").get_by_role("button", name=re.compile("^End the session of")).click()
    notice(here, "The session has ended")
    expect(there.page.get_by_label("Username")).to_be_visible()


def test_a_second_factor_is_set_up_and_asked_for_and_a_recovery_code_works_once(visit: Visit) -> None:
    ben, later = visit("ben", path="/account#security"), visit(phone=True)
    ben.button("Set up a second factor").click()
    picture = ben.page.get_by_role("img", name="Picture with the secret")
    expect(picture).to_be_visible()
    assert picture.evaluate("async image => { await image.decode(); return image.naturalWidth; }") > 50
    app = pyotp.TOTP((ben.page.locator(".secret").text_content() or "").replace(" ", ""))
    ben.page.get_by_label("Then type the six-digit code").fill(app.now())
    ben.button("Turn on").click()
    codes = ben.page.locator(".codes li")
    expect(codes).to_have_count(10)
    kept = codes.first.text_content() or ""
    ben.button("I have kept them").click()
    expect(ben.page.get_by_text("A second factor is on.")).to_be_visible()
    expect(codes).to_have_count(0)
    sign_in_by_hand(later, "ben", PASSWORD)
    later.page.get_by_label("Six-digit code").fill("000000")
    later.button("Sign in").click()
    expect(later.page.get_by_role("alert")).to_contain_text("That code is not right")
    forgive(later, 400)
    # The code of the half minute in which it was set up is used up; the next one is good already.
    later.page.get_by_label("Six-digit code").fill(app.at(int(time.time()) + 30))
    later.button("Sign in").click()
    expect(later.rows.first).to_be_visible()
    for works in (True, False):
        later.context.clear_cookies()
        later.open("/sign-in")
        sign_in_by_hand(later, "ben", PASSWORD)
        later.button("Use a recovery code").click()
        later.page.get_by_label("Recovery code").fill(kept)
        later.button("Sign in").click()
        expect(later.rows.first if works else later.page.get_by_role("alert").filter(visible=True)).to_be_visible()
    forgive(later, 400)


def test_where_the_practice_requires_a_second_factor_staff_set_it_up_before_anything_else(visit: Visit) -> None:
    ada, cleo, dana = visit("ada", path="/practice"), visit(), visit()
    ada.line_may_break = True  # she has no second factor either, and her socket is refused from then on
    ada.page.get_by_role("switch", name="Second factor required for staff").check()
    ada.button("Save changes").click()
    notice(ada, "Practice saved")
    sign_in_by_hand(cleo, "cleo", PASSWORD)
    expect(cleo.page.get_by_role("heading", name="One more step")).to_be_visible()
    expect(cleo.page.get_by_role("img", name="Picture with the secret")).to_be_visible()
    app = pyotp.TOTP((cleo.page.locator(".secret").text_content() or "").replace(" ", ""))
    cleo.page.get_by_label("Then type the six-digit code").fill(app.now())
    cleo.button("Turn on").click()
    cleo.button("I have kept them").click()
    expect(cleo.rows.first).to_be_visible()
    # Clients are not staff.
    sign_in_by_hand(dana, "dana", PASSWORD)
    expect(dana.rows.first).to_be_visible()


# ── ways in ──


def test_an_invitation_from_the_mail_leads_in_once_and_then_offers_a_new_one(visit: Visit, server: Server) -> None:
    ada, lou, late = visit("ada", path="/practice#staff"), visit(path="/sign-in"), visit(path="/sign-in")
    ada.button("Invite").click()
    dialog(ada).get_by_label("Name").fill("Lou Marsh")
    dialog(ada).get_by_label("Email").fill("lou@example.org")
    ada.button("Send invitation", dialog(ada)).click()
    expect(ada.page.get_by_role("row", name="Lou Marsh")).to_contain_text("Invited")
    link = mailed_link(server, "lou@example.org", "invit")
    lou.open(link)
    expect(lou.page.get_by_role("heading", name="Welcome, Lou Marsh")).to_be_visible()
    assert link.rpartition("#")[2] not in lou.page.url
    lou.page.get_by_label("Choose a username").fill("ben")
    lou.page.get_by_label("Choose a password").fill(NEW_PASSWORD)
    lou.button("Start").click()
    expect(lou.page.get_by_text("This username is taken")).to_be_visible()
    forgive(lou, 409)
    lou.page.get_by_label("Choose a username").fill("lou")
    lou.button("Start").click()
    expect(lou.page.get_by_role("heading", name="Nothing here yet")).to_be_visible()
    late.open(link)
    expect(late.page.get_by_role("heading", name="This link is no longer valid")).to_be_visible()
    forgive(late, 403)
    late.page.get_by_label("Email address or username").fill("lou@example.org")
    late.button("Send me a new one").click()
    expect(late.page.get_by_role("heading", name="Look into your mailbox")).to_be_visible()


def test_who_forgot_the_password_chooses_a_new_one_by_the_mail_and_strangers_get_the_same_answer(
    visit: Visit, server: Server
) -> None:
    dana = visit()
    answers = []
    for name in ("nobody@example.org", "dana"):
        dana.link("Forgot your password?").click()
        dana.page.get_by_label("Email address or username").fill(name)
        dana.button("Send me a link").click()
        expect(dana.page.get_by_role("heading", name="Look into your mailbox")).to_be_visible()
        answers.append(dana.page.locator("main").text_content())
        dana.link("Go to sign-in").click()
    assert answers[0] == answers[1]
    dana.open(mailed_link(server, "dana@example.org", "password"))
    expect(dana.page.get_by_role("heading", name="A new password for Dana Reed")).to_be_visible()
    expect(dana.page.get_by_label("Your username")).to_have_value("dana")
    dana.page.get_by_label("New password").fill(NEW_PASSWORD)
    dana.button("Save password and sign in").click()
    expect(dana.rows.first).to_be_visible()


# ── how it looks ──


@pytest.mark.parametrize("phone", [False, True])
def test_no_page_of_a_new_client_from_right_to_left_and_no_goodbye_has_a_barrier(
    visit: Visit, picture: Picture, phone: bool
) -> None:
    ada = visit("ada", phone=phone, path="/clients")
    found: dict[str, list[str]] = {}

    def look(name: str, sign: str | Locator) -> None:
        expect(ada.page.locator(sign).filter(visible=True).first if isinstance(sign, str) else sign).to_be_visible()
        picture(ada, f"people-{name}")
        found[name] = ada.barriers() + in_the_dark(ada, lambda: picture(ada, f"people-{name}"))

    ada.button("Add client").click()
    dialog(ada).get_by_label("Name").fill("ليلى عبد الرحمن القاسمي")
    ada.button("Add client", dialog(ada)).click()
    look("client-right-to-left", "qr-page-client-info form")
    for name in ("Messaging", "Contacts", "Assignments"):
        tab(ada, name)
        look(f"client-{name.lower()}", f"qr-page-client-{name.lower()}")
    ada.open("/practice#staff")
    ada.button("Actions for Ben Larsen").click()
    ada.page.get_by_role("menuitem", name="Deactivate").click()
    look("deactivate", dialog(ada))
    assert {name: barriers for name, barriers in found.items() if barriers} == {}


def in_the_dark(visitor: Visitor, picture: Callable[[], None]) -> list[str]:
    """What axe finds on the same page in the dark scheme, where only colours differ."""
    visitor.look("dark")
    picture()
    found = visitor.barriers(colours_only=True)
    visitor.look("light")
    return [f"dark {one}" for one in found]
