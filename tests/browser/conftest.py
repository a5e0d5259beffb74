"""A server of its own for each test, and people who look at it through a real browser."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from tests import canary
from tests.browser import another
from tests.browser.visitor import Visitor
from tests.services.chromium import chromium, light_chromium
from tests.services.daemon import free_port
from tests.services.nursery import Chat

ROOT = Path(__file__).parents[2]
SCREENSHOTS = ROOT / "build" / "screenshots"
PATIENCE = 30.0

Visit = Callable[..., Visitor]


class Server:
    """`python -m chat serve` on a data folder; killed and started again as a test likes."""

    options: tuple[str, ...] = ()
    pages: Path | None = None  # the folder of another version's pages

    def __init__(self, data: Path) -> None:
        self.data, self.port = data, free_port()
        self.address = f"http://localhost:{self.port}"
        self._process = Chat(("serve", *self.options), data / "server.log", self._answers)

    def start(self) -> None:
        """Answer only when it serves."""
        own = {"QUIETROOM_ENVIRONMENT": "development", "QUIETROOM_PORT": str(self.port), "QUIETROOM_DATA": str(self.data)}
        program = ""
        if self.pages is not None:
            program, own[another.PAGES] = another.PROGRAM, os.fspath(self.pages)
        # A test may have set more.
        self._process.environment, self._process.program = os.environ | own, program
        self._process.start()

    def kill(self) -> None:
        """As a power cut would."""
        self._process.kill()

    def stop(self) -> None:
        """As an operator would."""
        self._process.stop()

    def _answers(self) -> bool:
        try:
            with closing(HTTPConnection("localhost", self.port, timeout=5)) as line:
                line.request("GET", "/healthz")
                return line.getresponse().status == 200
        except OSError:
            return False


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the demo practice, to be copied: filling it takes longer than most tests."""
    data = tmp_path_factory.mktemp("demo")
    server = Server(data)
    server.start()
    server.stop()
    return data


@pytest.fixture(scope="session")
def known(demo: Path) -> set[str]:
    """What people have said in the demo before a test begins."""
    return canary.said(demo)


@pytest.fixture
def server(demo: Path, known: set[str], tmp_path: Path) -> Iterator[Server]:
    """The demo practice, fresh for this test. Nothing that is said in it may stand in a log, a mail or a file."""
    data = shutil.copytree(demo, tmp_path / "data")
    server = Server(data)
    server.start()
    yield server
    server.stop()
    assert canary.traces(canary.said(data) - known, [data]) == []


@pytest.fixture(scope="package")
def playwright(chromium_path: Path) -> Iterator[Playwright]:
    """Whoever drives the browsers.

    It ends with the folder: as long as Playwright runs, its event loop counts as the thread's running one, and async tests
    cannot start theirs.
    """
    assert chromium_path.exists(), "or the tests say before this what is missing"
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="package")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """One browser for this folder; every visitor has a profile of their own in it."""
    browser = playwright.chromium.launch(**light_chromium().launch_options())
    yield browser
    browser.close()


@pytest.fixture(scope="package")
def whole_browser(playwright: Playwright) -> Iterator[Browser]:
    """Chromium with all that it has, for what the light one lacks."""
    browser = playwright.chromium.launch(**chromium().launch_options())
    yield browser
    browser.close()


@pytest.fixture
def visit(browser: Browser, server: Server) -> Iterator[Visit]:
    """`visit("ben", phone=True, scheme="dark")` signs somebody in. No visitor may have met an error or a policy violation."""
    visitors: list[Visitor] = []

    def arrive(username: str | None = None, *, phone: bool = False, scheme: str = "light", path: str = "/inbox") -> Visitor:
        visitor = Visitor(browser, server.address, phone=phone, scheme=scheme)
        visitors.append(visitor)
        if username:
            visitor.sign_in(username)
        visitor.open(path)
        return visitor

    yield arrive
    problems = [problem for visitor in visitors for problem in visitor.problems]
    for visitor in visitors:
        visitor.leave()
    assert problems == []


@pytest.fixture
def picture() -> Callable[[Visitor, str], None]:
    """Keeps a picture of what somebody sees."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)

    def take(visitor: Visitor, name: str) -> None:
        visitor.page.screenshot(path=SCREENSHOTS / f"{name}-{visitor.looks}.png")

    return take
