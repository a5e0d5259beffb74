"""What is looked at: who stands where, what they have done there, and by what one sees that the page is ready."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from playwright.sync_api import expect

from tests.browser.visitor import Visitor

Act = Callable[[Visitor], None]
ALL = frozenset({"typical", "empty", "extreme"})
TYPICAL = frozenset({"typical"})
FULL = ALL - {"empty"}


@dataclass(frozen=True)
class Scene:
    """A place, and a sign that it is there. Without `who` nobody is signed in."""

    name: str
    path: str
    sign: str
    who: str | None = "ben"
    act: Act | None = None
    practices: frozenset[str] = ALL


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
    """Open the page of a client, and a tab of it."""
    visitor.page.locator("a.row-link").first.click()
    expect(visitor.page.locator(".person-head h1")).to_be_visible()
    if tab:
        visitor.page.get_by_role("navigation", name="Sections").get_by_role("link", name=tab, exact=True).click()


def open_panel(visitor: Visitor) -> None:
    """Press the icon at the top right."""
    visitor.icon.click()
    expect(visitor.panel).to_be_visible()


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
    visitor.panel.get_by_role("searchbox").fill("Gus")
    visitor.panel.get_by_role("button", name="Gus").click()


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
    Scene("trash", "/trash", "qr-empty h2", practices=TYPICAL),
    Scene("selected", "/inbox", "qr-row", act=select_three, practices=FULL),
    Scene("conversation", "/inbox", "qr-row", act=first_row, practices=FULL),
    *(
        Scene(f"conversation-{n}", "/inbox", "qr-row", act=partial(first_row, number=n), practices=frozenset({"extreme"}))
        for n in range(1, 6)
    ),
    Scene("writing", "/inbox", "qr-row", act=write_three_lines, practices=FULL),
    Scene("send-menu", "/inbox", "qr-row", act=each(write_three_lines, press("More ways to send")), practices=TYPICAL),
    Scene("compose", "/inbox#compose", "#compose-to"),
    Scene("mass-message", "/sent#compose", "#compose-to", act=to_everybody, practices=FULL),
    Scene("panel", "/account", ".facts", act=open_panel),
    Scene("panel-new-message", "/account", ".facts", act=each(open_panel, press("New Message"))),
    Scene("panel-gate", "/account", ".facts", act=each(open_panel, to_new_client), practices=TYPICAL),
    Scene("client-inbox", "/inbox", "qr-row, qr-empty h2", "dana"),
    Scene("client-conversation", "/inbox", "qr-row", "dana", first_row, FULL),
    Scene("client-compose", "/inbox#compose", "#compose-to", "dana", practices=TYPICAL),
    Scene("client-account", "/account", ".facts", "dana"),
    Scene("client-contacts", "/account#contacts", "qr-page-contacts .section-head", "dana"),
    Scene("client-alerts", "/account#alerts", "qr-alerts form", "dana", practices=TYPICAL),
    Scene("client-help", "/help", ".help-card", "dana", practices=TYPICAL),
]
PAGES = [
    Scene("clients", "/clients", "a.row-link, qr-empty h2"),
    Scene("clients-all", "/clients", "a.row-link, qr-empty h2", "ada", practices=FULL),
    Scene("clients-inactive", "/clients#inactive", "qr-empty h2", practices=TYPICAL),
    Scene("clients-alerts", "/clients#alerts", "qr-alert-list h2", practices=TYPICAL),
    Scene("clients-import", "/clients#import", "h1", "ada", practices=TYPICAL),
    Scene("add-client", "/clients", "a.row-link", "ada", press("Add client"), TYPICAL),
    *(
        Scene(
            f"client-page-{tab or 'info'}".lower().replace(" ", "-"),
            "/clients",
            "a.row-link",
            act=partial(first_client, tab=tab),
            practices=FULL,
        )
        for tab in ("", "Messaging", "Contacts", "Assignments", "Alerts", "Contact log")
    ),
    Scene("practice-read", "/practice", ".facts"),
    Scene("practice", "/practice", "qr-page-practice-settings form", "ada"),
    Scene("practice-staff", "/practice#staff", "qr-page-staff tbody tr", "ada"),
    Scene("practice-audit", "/practice#audit", "qr-page-audit .log-entry, qr-page-audit qr-empty h2", "ada"),
    Scene("account", "/account", ".facts"),
    Scene("account-alerts", "/account#alerts", "qr-alerts form", practices=TYPICAL),
    Scene("account-security", "/account#security", "qr-sessions .line", practices=TYPICAL),
    Scene("help", "/help", ".help-card", practices=TYPICAL),
    Scene("help-page", "/help/messages", ".prose h2", practices=TYPICAL),
    Scene("help-signed-out", "/help/account", ".prose h2", None, practices=TYPICAL),
    Scene("missing", "/nowhere", "qr-empty h2", practices=TYPICAL),
    Scene("mails-of-development", "/dev/outbox", "h1", practices=TYPICAL),
]
SCENES = [*DOORS, *MAILBOX, *PAGES]
