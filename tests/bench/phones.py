"""The first page as a phone gets it: a browser that has nothing yet, over a line like 3G, with a proxy before the server."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, StorageState, ViewportSize, sync_playwright

from tests.bench.figures import percentile
from tests.bench.processes import child, free_port, program, wait_until_ready
from tests.bench.servers import EMBEDDED, PASSWORD, word
from tests.bench.table import SQLITE
from tests.services.certificate import self_signed
from tests.services.chromium import light_chromium

LOADS = 5
PHONE: ViewportSize = {"width": 390, "height": 844}
DOWN, UP = 1_600, 768
"""Kilobits a second of what measuring services call 3G."""
NEAR, FAR = 150, 300
"""Milliseconds that a request takes at least: of a good line of that kind, and of a usual one."""
QUARTER = 4
"""How many times slower the processor is made, after what is usual for a phone against a desktop computer."""
CONVERSATIONS, FORM = "qr-row", "qr-sign-in input"
SHOWN = """(sign) => new Promise((done) => {
    const look = () => (document.querySelector(sign)?.checkVisibility() ? done(performance.now()) : requestAnimationFrame(look));
    look();
})"""


@dataclass(frozen=True)
class Phone:
    """Seconds from asking for the page until one sees what one came for, medians of five loads with nothing kept."""

    inbox: float
    sign_in: float
    far: float
    """The inbox over the usual line."""
    slow: float
    """The inbox over the good line, by a slow processor."""


def phones(folder: Path, note: Callable[[str, str, Any], None]) -> None:
    """Start the product behind a proxy and load its pages."""
    if shutil.which("node") is None:
        raise SystemExit("The proxy before the product needs Node.js 20 or newer; install it and run this again.")
    folder.mkdir()
    with served(folder) as origin, sync_playwright() as playwright:
        browser = playwright.chromium.launch(**light_chromium().launch_options())
        client = signed_in(browser, origin)

        def seconds(who: StorageState | None, sign: str, latency: int = NEAR, slower: int = 1) -> float:
            return percentile([load(browser, origin, who, sign, latency, slower) for _ in range(LOADS)], 0.5)

        inbox = partial(seconds, client, CONVERSATIONS)
        note(SQLITE, "phone", Phone(inbox(), seconds(None, FORM), inbox(FAR), inbox(slower=QUARTER)))
        browser.close()


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The product with a proxy before it that speaks HTTP/2 over TLS; gives the proxy's address."""
    behind, port, log = free_port(), free_port(), folder / "phone.log"
    origin = f"https://localhost:{port}"
    own = {"QUIETROOM_BASE_URL": origin, "QUIETROOM_PORT": str(behind), "QUIETROOM_TRUSTED_PROXIES": "127.0.0.1"}
    environment = {**EMBEDDED.environment(folder), **own}
    word(["chat", "demo", "--pairs", "1"], log, environment)
    front = ["node", str(Path(__file__).with_name("front.js")), str(port), str(behind), str(self_signed(folder / "front.pem"))]
    with child(["chat", "serve"], log, None, environment) as pid, program(front, log, None):
        wait_until_ready(behind, pid, log)
        yield origin


def signed_in(browser: Browser, origin: str) -> StorageState:
    """The cookies of a client who has a conversation."""
    context = browser.new_context(base_url=origin, ignore_https_errors=True)
    answer = context.request.post("/api/sign_in", data={"username": "c0001", "password": PASSWORD}, headers={"Origin": origin})
    if not answer.ok:
        raise RuntimeError(f"signing in answered {answer.status}: {answer.text()[:200]}")
    state = context.storage_state()
    context.close()
    return state


def load(browser: Browser, origin: str, who: StorageState | None, sign: str, latency: int, slower: int) -> float:
    """Seconds that one load takes until the sign is there, with all that the page needs for it."""
    context = browser.new_context(
        base_url=origin, viewport=PHONE, is_mobile=True, has_touch=True, ignore_https_errors=True, storage_state=who
    )
    try:
        page = context.new_page()
        line = context.new_cdp_session(page)
        line.send("Network.enable")
        speed = {"downloadThroughput": DOWN * 125, "uploadThroughput": UP * 125}
        line.send("Network.emulateNetworkConditions", {"offline": False, "latency": latency, **speed})
        line.send("Emulation.setCPUThrottlingRate", {"rate": slower})
        page.goto("/inbox", wait_until="commit")
        return float(page.evaluate(SHOWN, sign)) / 1000
    finally:
        context.close()
