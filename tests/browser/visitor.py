"""Somebody at a browser: what they do and what they see, in the words of the product."""

import re
import time
from typing import Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Error, Locator, Route, ViewportSize, expect

PASSWORD = "quietroom-demo"  # of the demo practice, known to everybody
DESKTOP: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 390, "height": 844}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
CONTRAST = {"type": "rule", "values": ["color-contrast"]}
# Asking is how the page learns that nobody is signed in, or that the session is locked; the browser writes it down all the same.
# A link that is over says so by its status.
EXPECTED = re.compile(r"401 \(Unauthorized\)|423 \(Locked\)|410 \(Gone\)")
# An answer may be cut short, too: a server that dies is in the middle of one.
BROKEN_LINE = re.compile(r"ERR_(CONNECTION|INTERNET|NETWORK|EMPTY|SOCKET|CONTENT_LENGTH|INCOMPLETE)|WebSocket connection to")

PATIENCE = 30_000  # milliseconds, of a machine that has more to do; nobody waits longer than it takes
expect.set_options(timeout=PATIENCE)


def imported(module: str) -> str:
    """An expression for a module that the page has itself, with its state: "lib/store.js" from where the page has its files."""
    return f"""import(new URL("{module}", document.querySelector('script[type="module"]').src).href)"""


STANDING = f"""async () => {{
    const {{ connection }} = await {imported("lib/socket.js")};
    while (connection.state !== "open") {{
        await new Promise((done) => connection.addEventListener("state", done, {{ once: true }}));
    }}
}}"""


class Visitor:
    """One profile, one tab."""

    def __init__(self, browser: Browser, address: str, *, phone: bool = False, scheme: str = "light") -> None:
        dark: Literal["dark", "light"] = "dark" if scheme == "dark" else "light"
        self.context = browser.new_context(
            base_url=address,
            viewport=PHONE if phone else DESKTOP,
            is_mobile=phone,
            has_touch=phone,
            color_scheme=dark,
            locale="en-GB",
            timezone_id="America/New_York",
            reduced_motion="reduce",
        )
        self.context.set_default_timeout(PATIENCE)
        self.address, self.looks = address, f"{'390' if phone else '1280'}-{dark}"
        self.problems: list[str] = []
        self.line_may_break = False
        self.page = self.context.new_page()
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.problems.append(f"{error.name}: {error.message}"))

    def _note(self, message: ConsoleMessage) -> None:
        if message.type not in {"error", "warning"} or EXPECTED.search(message.text):
            return
        if not (self.line_may_break and BROKEN_LINE.search(message.text)):
            self.problems.append(message.text)

    def leave(self) -> None:
        """Close the browser's profile."""
        try:
            self.context.close()
        except Error:
            self.problems.append("The browser was gone before the test was.")

    def sign_in(self, username: str) -> None:
        """By the API: the page itself is tried once, in its own test."""
        answer = self.context.request.post(
            "/api/sign_in", data={"username": username, "password": PASSWORD}, headers={"Origin": self.address}
        )
        assert answer.ok, answer.text()

    def open(self, path: str) -> None:
        """Go to an address."""
        self.page.goto(path)

    def delay(self, address: str, seconds: float) -> None:
        """What has this address (with ** for anything) comes so much later from now on."""

        def late(route: Route) -> None:
            time.sleep(seconds)
            route.continue_()

        self.page.route(address, late)

    def stand(self) -> None:
        """Wait until the live line stands: it brings no news of its own then, as its handshake might."""
        self.page.evaluate(STANDING)

    def take_clock(self) -> None:
        """From now on time passes for the page as the test says.

        What the page set its watch for before runs on by the true clock, and can no longer be called off: the line has to stand,
        or the patience with its handshake ends in the middle of the test and drops it.
        """
        self.stand()
        self.page.clock.install()

    # ── the list ──

    @property
    def rows(self) -> Locator:
        """The conversations on the messages page."""
        return self.page.locator("qr-list qr-row")

    def row(self, text: str) -> Locator:
        """The conversation whose row says this."""
        return self.rows.filter(has_text=text).first

    def open_row(self, text: str) -> None:
        """Open a conversation, and wait until its messages are there."""
        self.row(text).get_by_role("link").click()
        expect(self.messages.first).to_be_visible()

    # ── the conversation ──

    @property
    def messages(self) -> Locator:
        """The messages of the open conversation."""
        return self.page.locator("qr-message:visible")

    def message(self, text: str) -> Locator:
        """The message with this text."""
        return self.messages.filter(has_text=text)

    @property
    def composer(self) -> Locator:
        """Where one writes."""
        return self.page.locator("qr-composer textarea:visible")

    def write(self, text: str) -> None:
        """Type a message and send it."""
        self.composer.fill(text)
        self.page.locator("qr-composer .send:visible").click()

    # ── everywhere ──

    @property
    def icon(self) -> Locator:
        """The Secure Messages icon."""
        return self.page.get_by_role("button", name=re.compile("^Secure Messages"))

    @property
    def dot(self) -> Locator:
        """The orange dot on it."""
        return self.icon.locator(".dot")

    @property
    def panel(self) -> Locator:
        """The chat panel."""
        return self.page.get_by_role("dialog", name="Secure Messages")

    def seek(self, text: str) -> None:
        """Search for people in the panel's New Message. Until they are found, the list is about to move under the pointer."""
        self.panel.get_by_role("searchbox").fill(text)
        expect(self.panel.locator("qr-new-message .list-head")).to_be_hidden()

    def button(self, name: str, within: Locator | None = None) -> Locator:
        """A button that one can see, by its name."""
        return (within or self.page).get_by_role("button", name=name, exact=True)

    def link(self, name: str) -> Locator:
        """A link that one can see, by its name."""
        return self.page.get_by_role("link", name=name, exact=True).filter(visible=True).first

    def command(self, name: str, **fields: str) -> None:
        """Something that another of their devices does: a command past the page."""
        answer = self.context.request.post(f"/api/{name}", data=fields, headers={"Origin": self.address})
        assert answer.ok, answer.text()

    def look(self, scheme: str) -> None:
        """The same page in the other scheme, where only colours differ."""
        self.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        self.looks = f"{self.looks.partition('-')[0]}-{scheme}"

    def barriers(self, *, colours_only: bool = False) -> list[str]:
        """What axe finds on the page; of the same page in other colours only these are asked for."""
        # Not by the package's `run`: writing down all that is in order takes longer than looking for what is not.
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(f"{Axe().axe_script};0")  # a long text: once a document
        options = {"runOnly": CONTRAST if colours_only else RULES, "resultTypes": ["violations"]}
        found = self.page.evaluate("(options) => axe.run(options).then((found) => found.violations)", options)
        return [f"{one['id']}: {[node['target'] for node in one['nodes']]}" for one in found]
