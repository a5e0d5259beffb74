"""What is looked at: who stands where, what they have done there, and by what one sees that the page is ready."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from playwright.sync_api import expect

from tests.browser.visitor import Visitor, imported

Act = Callable[[Visitor], None]
ALL = frozenset({"typical", "empty", "extreme"})
TYPICAL = frozenset({"typical"})
FULL = ALL - {"empty"}
EMPTY = frozenset({"empty"})


@dataclass(frozen=True)
class Scene:
    """A place, and a sign that it is there. Without `who` nobody is signed in."""

    name: str
    path: str
    sign: str
    who: str | None = "ben"
    act: Act | None = None
    practices: frozenset[str] = ALL
    language: str = ""  # which they have chosen; without one English


def press(name: str, role: str = "button") -> Act:
    """Press what is called so, in the conversation, the page or the panel."""

    def act(visitor: Visitor) -> None:
        visitor.page.get_by_role(role, name=name, exact=True).filter(visible=True).first.click()  # type: ignore[arg-type]

    return act


def each(*acts: Act) -> Act:
    """One after the other."""

    def act(visitor: Visitor) -> None:
        for one in acts:
            one(visitor)

    return act


def first_row(visitor: Visitor, number: int = 0) -> None:
    """Open a conversation of the list."""
    visitor.rows.nth(number).get_by_role("link").click()
    expect(visitor.messages.first).to_be_visible()


def first_client(visitor: Visitor, tab: str = "") -> None:
    """Open the page of a client, and a tab of it, by the end of its address."""
    visitor.page.locator("a.row-link").first.click()
    expect(visitor.page.locator(".person-head h1")).to_be_visible()
    if tab:
        visitor.page.locator(f"nav.tabs a[href$='#{tab}']").click()


def open_panel(visitor: Visitor) -> None:
    """Press the icon at the top right."""
    visitor.icon.click()
    expect(visitor.panel).to_be_visible()


def narrow_menu(visitor: Visitor) -> None:
    """What one can do with a conversation that has little room: a menu there, buttons elsewhere."""
    first_row(visitor)
    if visitor.looks.startswith("390"):
        visitor.page.locator("qr-conversation .in-narrow > button").click()


def select_three(visitor: Visitor) -> None:
    """Tick the first three conversations; on a phone after saying that one selects."""
    for button in visitor.page.get_by_role("button", name="Select", exact=True).filter(visible=True).all():
        button.click()
    for number in range(3):
        visitor.rows.nth(number).get_by_role("checkbox").check()


def refused(visitor: Visitor) -> None:
    """Try to sign in with the wrong password."""
    visitor.page.get_by_label("Username").fill("nobody")
    visitor.page.get_by_label("Password").fill("not this one")
    visitor.button("Sign in").click()


def to_new_client(visitor: Visitor) -> None:
    """Choose somebody for whom messaging is off."""
    press("New Message")(visitor)
    visitor.seek("Gus")
    visitor.panel.get_by_role("button", name="Gus").click()


def to_dana(visitor: Visitor) -> None:
    """Write to her from New Message."""
    press("New Message")(visitor)
    visitor.seek("Dana")
    visitor.panel.get_by_role("button", name="Dana Reed").click()
    visitor.composer.fill("Is Friday still all right?")


def write_three_lines(visitor: Visitor) -> None:
    """Write an answer that is not sent."""
    first_row(visitor)
    visitor.composer.fill("One line.\nAnother line.\nAnd a third, longer one, which goes on until it has to be broken somewhere.")


def to_everybody(visitor: Visitor) -> None:
    """Address all clients, and review."""
    visitor.button("Select all my clients").click()
    visitor.page.get_by_label("Subject").fill("Closed on the 12th")
    visitor.page.get_by_label("Message", exact=True).fill("The office is closed on the 12th. We are back on the 15th.")
    visitor.button("Review and send").click()


def address(visitor: Visitor) -> None:
    """Name somebody in Compose."""
    visitor.page.locator("#compose-to").press_sequentially("dana")
    visitor.page.get_by_role("option", name="Dana Reed").click()


def tell_if_unread(visitor: Visitor) -> None:
    """Ask beside Send to be told, and open the choice once more."""
    more = visitor.page.locator(".more-ways:visible")
    more.click()
    visitor.page.locator(".menu-days button:visible").nth(1).click()
    more.click()


def seek(text: str, field: str = "input[type=search]") -> Act:
    """Look for somebody in the first field for it."""

    def act(visitor: Visitor) -> None:
        visitor.page.locator(f"{field}:visible").first.press_sequentially(text)

    return act


def list_keys(visitor: Visitor) -> None:
    """Ask for the shortcuts, which come some seconds after the page."""
    visitor.page.evaluate(f"async () => {{ await {imported('lib/shortcuts.js')}; }}")
    visitor.page.keyboard.press("?")
    expect(visitor.page.locator("dl.keys")).to_be_visible()


def click(selector: str) -> Act:
    """Press the first of these that one sees, whatever it is called."""
    return lambda visitor: visitor.page.locator(f"{selector}:visible").first.click()


def in_trash(visitor: Visitor) -> None:
    """Move the sleep diary to the trash, and select it there."""
    visitor.row("Sleep diary").locator(".bin").click()
    expect(visitor.page.locator(".toast").first).to_be_visible()
    visitor.open("/trash")
    expect(visitor.row("Sleep diary")).to_be_visible()
    for button in visitor.page.get_by_role("button", name="Select", exact=True).filter(visible=True).all():
        button.click()
    visitor.row("Sleep diary").get_by_role("checkbox").check()


def with_tables(visitor: Visitor) -> None:
    """Open the numbers below the pictures, once the days are counted: soon after the server's start."""
    plot = visitor.page.locator("qr-page-overview svg.plot").first
    for _ in range(60):
        visitor.page.reload()
        expect(visitor.page.locator(OVERVIEW).filter(visible=True).first).to_be_visible()
        if plot.is_visible():
            break
        visitor.page.wait_for_timeout(500)
    for summary in visitor.page.locator(".plot-open").all():
        summary.click()


def then(sign: str) -> Act:
    """Wait until it is there."""
    return lambda visitor: expect(visitor.page.locator(sign).filter(visible=True).first).to_be_visible()


OVERVIEW = "qr-page-overview :is(svg.plot, qr-empty h2)"
HAND_OVER = "[data-part=handOver]"
SECOND_FACTOR = "Set up a second factor"
TABS = ("", "messaging", "contacts", "assignments", "alerts", "log", "record")
DOORS = [
    Scene("sign-in", "/sign-in", "#username-error", None, practices=TYPICAL),
    Scene("sign-in-refused", "/sign-in", ".trouble", None, refused, TYPICAL),
    Scene("forgot", "/forgot", "form button", None, practices=TYPICAL),
    Scene("invitation-over", "/invitation#nothing", "h1", None, practices=TYPICAL),
    Scene("quick-link-over", "/q/nothing", "h1", None, practices=TYPICAL),
    Scene("unsubscribe", "/unsubscribe?t=nothing", "h1", None, practices=TYPICAL),
]
MAILBOX = [
    Scene("inbox", "/inbox", "qr-row, qr-empty h2"),
    Scene("sent", "/sent", "qr-row, qr-empty h2"),
    Scene("trash", "/trash", "qr-empty h2", practices=TYPICAL | EMPTY),
    Scene("inbox-nobody", "/inbox", "qr-row", act=seek("zebedee"), practices=TYPICAL),
    Scene("selected", "/inbox", "qr-row", act=select_three, practices=FULL),
    Scene("conversation", "/inbox", "qr-row", act=first_row, practices=FULL),
    *(
        Scene(f"conversation-{n}", "/inbox", "qr-row", act=partial(first_row, number=n), practices=frozenset({"extreme"}))
        for n in range(1, 6)
    ),
    Scene("writing", "/inbox", "qr-row", act=write_three_lines, practices=FULL),
    Scene("send-menu", "/inbox", "qr-row", act=each(write_three_lines, press("More ways to send")), practices=TYPICAL),
    Scene("tell-if-unread", "/inbox", "qr-row", act=each(write_three_lines, tell_if_unread), practices=TYPICAL),
    Scene("compose", "/inbox#compose", "#compose-to"),
    Scene("compose-nobody", "/inbox#compose", "#compose-to", act=seek("zebedee", "#compose-to"), practices=TYPICAL | EMPTY),
    Scene("compose-tell", "/inbox#compose", "#compose-to", act=each(address, tell_if_unread), practices=TYPICAL),
    Scene("mass-message", "/sent#compose", "#compose-to", act=to_everybody, practices=FULL),
    Scene("panel", "/account", ".facts", act=open_panel),
    Scene("panel-new-message", "/account", ".facts", act=each(open_panel, press("New Message"))),
    Scene("panel-tell", "/account", ".facts", act=each(open_panel, to_dana, tell_if_unread), practices=TYPICAL),
    Scene("panel-gate", "/account", ".facts", act=each(open_panel, to_new_client), practices=TYPICAL),
    Scene("client-inbox", "/inbox", "qr-row, qr-empty h2", "dana"),
    Scene("client-conversation", "/inbox", "qr-row", "dana", first_row, FULL),
    Scene("client-compose", "/inbox#compose", "#compose-to", "dana", practices=TYPICAL),
    Scene("client-account", "/account", ".facts", "dana"),
    Scene("client-contacts", "/account#contacts", "qr-page-contacts .section-head", "dana"),
    Scene("client-alerts", "/account#alerts", "qr-alerts form", "dana", practices=TYPICAL),
    Scene("client-help", "/help", ".help-card", "dana", practices=TYPICAL),
    Scene("client-add-contact", "/account#contacts", "qr-page-contacts .section-head", "dana", press("Add contact"), TYPICAL),
    Scene("contact-inbox", "/inbox", "qr-row, qr-empty h2", "hal", practices=TYPICAL),
    Scene("shortcuts", "/inbox", "qr-row", act=list_keys, practices=TYPICAL),
    Scene("account-menu", "/inbox", "qr-row", act=click(".avatar-button"), practices=TYPICAL),
    Scene("conversation-menu", "/inbox", "qr-row", act=narrow_menu, practices=TYPICAL),
]
#: What changes something comes last, and is taken back where that is possible.
CHANGES = [
    Scene("trash-erase", "/inbox", "qr-row", act=each(in_trash, press("Permanently Delete")), practices=TYPICAL),
    Scene("trash-full", "/trash", "qr-row", practices=TYPICAL),
    Scene("trash-restored", "/trash", "qr-row", act=click("qr-row .bin"), practices=TYPICAL),
    Scene("print", "/inbox", "qr-row", act=each(select_three, press("Print Selected")), practices=TYPICAL),
    Scene("mass-sent", "/sent#compose", "#compose-to", act=each(to_everybody, click("dialog .primary")), practices=TYPICAL),
]
PAGES = [
    Scene("clients", "/clients", "a.row-link, qr-empty h2"),
    Scene("clients-nobody", "/clients", "a.row-link", act=seek("zebedee"), practices=TYPICAL),
    Scene("clients-all", "/clients", "a.row-link, qr-empty h2", "ada"),
    Scene("clients-inactive", "/clients#inactive", "qr-empty h2", practices=TYPICAL | EMPTY),
    Scene("clients-alerts", "/clients#alerts", "qr-alert-list h2", practices=TYPICAL | EMPTY),
    Scene("clients-import", "/clients#import", "text=Choose a file", "ada", practices=TYPICAL),
    Scene("add-client", "/clients", "a.row-link", "ada", each(press("Add client"), then("dialog[open]")), TYPICAL),
    *(
        Scene(f"client-page-{tab or 'info'}", "/clients", "a.row-link", who, partial(first_client, tab=tab), practices)
        for tab in TABS
        for who, practices in (("ben", FULL), ("ada", EMPTY))
    ),
    *(
        Scene(name, "/clients", "a.row-link", who, each(partial(first_client, tab=tab), press(button)), TYPICAL)
        for name, who, tab, button in (
            ("add-entry", "ben", "log", "Add entry"),
            ("assign", "ada", "assignments", "Assign"),
            ("disable", "ben", "messaging", "Disable Secure Messaging"),
            ("hold", "ada", "record", "Put on hold"),
        )
    ),
    Scene(
        "hand-over", "/clients", "a.row-link", "ada", each(partial(first_client, tab="assignments"), click(HAND_OVER)), TYPICAL
    ),
    Scene("practice-read", "/practice", ".facts"),
    Scene("practice", "/practice", "qr-page-practice-settings form", "ada"),
    Scene("practice-overview", "/practice#overview", OVERVIEW, "ada"),
    Scene("practice-overview-own", "/practice#overview", OVERVIEW, act=with_tables, practices=TYPICAL),
    Scene("practice-staff", "/practice#staff", "qr-page-staff tbody tr", "ada"),
    Scene("practice-invite", "/practice#staff", "qr-page-staff tbody tr", "ada", press("Invite"), TYPICAL),
    Scene("practice-staff-menu", "/practice#staff", "qr-page-staff tbody tr", "ada", click(".cell-menu button"), TYPICAL),
    Scene("practice-audit", "/practice#audit", "qr-page-audit .log-entry, qr-page-audit qr-empty h2", "ada"),
    Scene("account", "/account", ".facts"),
    Scene("account-alerts", "/account#alerts", "qr-alerts form", practices=TYPICAL),
    Scene("account-security", "/account#security", "qr-sessions .line", practices=TYPICAL),
    Scene("second-factor", "/account#security", "qr-sessions .line", "ben", each(press(SECOND_FACTOR), then(".qr")), TYPICAL),
    Scene("help", "/help", ".help-card", practices=TYPICAL),
    Scene("help-page", "/help/messages", ".prose h2", practices=TYPICAL),
    Scene("help-signed-out", "/help/account", ".prose h2", None, practices=TYPICAL),
    Scene("missing", "/nowhere", "qr-empty h2", practices=TYPICAL),
    Scene("mails-of-development", "/dev/outbox", "h1", practices=TYPICAL),
]
ELSEWHERE = [
    Scene("sign-in", "/sign-in", "#username-error", None),
    Scene("inbox", "/inbox", "qr-row"),
    Scene("conversation", "/inbox", "qr-row", act=first_row),
    Scene("tell-if-unread", "/inbox", "qr-row", act=each(write_three_lines, tell_if_unread)),
    Scene("compose", "/inbox#compose", "#compose-to", act=address),
    Scene("trash", "/trash", "qr-empty h2"),
    Scene("panel", "/account", ".facts", act=each(click("qr-top [data-part=messages]"), click(".panel [data-part=compose]"))),
    Scene("shortcuts", "/inbox", "qr-row", act=list_keys),
    Scene("clients", "/clients", "a.row-link", "ada"),
    *(Scene(f"client-page-{tab or 'info'}", "/clients", "a.row-link", "ada", partial(first_client, tab=tab)) for tab in TABS),
    Scene("practice-read", "/practice", ".facts"),
    Scene("practice", "/practice", "qr-page-practice-settings form", "ada"),
    Scene("practice-overview", "/practice#overview", OVERVIEW, "ada", with_tables),
    Scene("practice-staff", "/practice#staff", "qr-page-staff tbody tr", "ada"),
    Scene("practice-audit", "/practice#audit", "qr-page-audit .log-entry", "ada"),
    Scene("account", "/account", ".facts"),
    Scene("account-security", "/account#security", "qr-sessions .line"),
    Scene("client-account", "/account", ".facts", "dana"),
    Scene("client-contacts", "/account#contacts", "qr-page-contacts .section-head", "dana"),
    Scene("client-conversation", "/inbox", "qr-row", "dana", first_row),
    Scene("help-page", "/help/messages", ".prose h2"),
]
#: In the other language, and in English from right to left.
LANGUAGES = [
    replace(scene, name=f"{language}-{scene.name}", language=language, practices=TYPICAL)
    for language in ("es", "ar-XB")
    for scene in ELSEWHERE
]
#: What a client sees in the language that is for clients.
LANGUAGES += [
    replace(scene, name=f"ar-{scene.name}", language="ar", practices=TYPICAL)
    for scene in [*DOORS, *MAILBOX, *PAGES]
    if (scene.who == "dana" and scene.act in (None, first_row)) or scene.name in ("sign-in", "forgot")
]
SCENES = [*DOORS, *MAILBOX, *PAGES, *LANGUAGES, *CHANGES]
