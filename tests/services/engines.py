"""Firefox and WebKit, driven by what they themselves understand: WebDriver BiDi over a socket, and WebDriver over HTTP."""

import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable
from contextlib import ExitStack
from http.client import HTTPConnection
from itertools import count
from pathlib import Path
from typing import Any, Protocol

from websockets.sync.client import ClientConnection, connect

from tests.services.daemon import Missing, free_port

PATIENCE = 90.0
CENTER = "(() => { const box = (%s).getBoundingClientRect(); return [box.x + box.width / 2, box.y + box.height / 2]; })()"


class Engine(Protocol):
    """One browser with one page."""

    def go(self, address: str) -> None:
        """Load a page."""

    def look(self, expression: str) -> Any:
        """What an expression is worth on the page; it is awaited."""

    def act(self, actions: list[dict[str, Any]]) -> None:
        """Keys and pointers, as WebDriver says them."""

    def close(self) -> None:
        """End the program."""


class Page:
    """What a person does, on any engine."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def wait(self, expression: str) -> Any:
        """Until the expression is true; the answer is its value."""
        until = time.monotonic() + PATIENCE
        while not (value := self.engine.look(expression)):
            if time.monotonic() > until:
                body = self.engine.look("document.body.innerText")
                raise AssertionError(f"Never true: {expression}\n{str(body)[:600]}")
            time.sleep(0.1)
        return value

    def click(self, element: str) -> None:
        """Press what the expression answers, in its middle, once it is there."""
        self.wait(f"Boolean({element}) && ({element}).getClientRects().length > 0")
        x, y = (round(value) for value in self.engine.look(CENTER % element))
        move = {"type": "pointerMove", "x": x, "y": y}
        press = [{"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}]
        self.engine.act([{"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}, "actions": [move, *press]}])

    def type(self, text: str) -> None:
        """Press the keys of a text, where the focus is."""
        keys = [{"type": kind, "value": letter} for letter in text for kind in ("keyDown", "keyUp")]
        self.engine.act([{"type": "key", "id": "keys", "actions": keys}])


class Firefox:
    """Headless, over WebDriver BiDi."""

    def __init__(self, folder: Path) -> None:
        program = shutil.which("firefox-esr") or shutil.which("firefox")
        if program is None:
            raise Missing("The tests need Firefox; `make test` gets it (Debian: apt-get install firefox-esr).")
        port = free_port()
        own = {"HOME": str(folder), "MOZ_REMOTE_ALLOW_SYSTEM_ACCESS": "0"}
        command = [
            program,
            "--headless",
            "--no-remote",
            "--profile",
            str(folder),
            f"--remote-debugging-port={port}",
            "about:blank",
        ]
        with (folder / "firefox.log").open("wb") as log:
            self._process = subprocess.Popen(command, env=os.environ | own, stdout=log, stderr=log)
        self._numbers, self._open = count(1), ExitStack()
        try:
            self._line: ClientConnection = patiently(
                lambda: self._open.enter_context(connect(f"ws://127.0.0.1:{port}/session", max_size=None))
            )
        except (OSError, Warning):
            end(self._process)
            raise
        self._do("session.new", capabilities={})
        self._context = self._do("browsingContext.getTree")["contexts"][0]["context"]

    def _do(self, method: str, **params: Any) -> Any:
        number = next(self._numbers)
        self._line.send(json.dumps({"id": number, "method": method, "params": params}))
        while (answer := json.loads(self._line.recv(timeout=PATIENCE))).get("id") != number:
            pass  # an event
        if answer["type"] == "error":
            raise AssertionError(f"{method}: {answer['message']}")
        return answer["result"]

    def go(self, address: str) -> None:
        """Load a page."""
        self._do("browsingContext.navigate", context=self._context, url=address, wait="complete")

    def look(self, expression: str) -> Any:
        """What it is worth, by way of JSON."""
        said = f"Promise.resolve({expression}).then((value) => JSON.stringify(value ?? null))"
        target = {"context": self._context}
        answer = self._do("script.evaluate", expression=said, target=target, awaitPromise=True)
        if answer["type"] != "success":
            raise AssertionError(answer["exceptionDetails"]["text"])
        return json.loads(answer["result"]["value"])

    def act(self, actions: list[dict[str, Any]]) -> None:
        """Keys and pointers."""
        self._do("input.performActions", context=self._context, actions=actions)

    def close(self) -> None:
        """By its own process id."""
        self._open.close()
        end(self._process)


class WebKit:
    """WebKitGTK's small browser on a screen that nobody sees, over WebDriver."""

    def __init__(self, folder: Path) -> None:
        program, screen = shutil.which("WebKitWebDriver"), shutil.which("Xvfb")
        browser = next(Path("/usr").glob("lib*/*/webkit2gtk-4.*/MiniBrowser"), None)
        if not (program and screen and browser):
            raise Missing("The tests need WebKit; `make test` gets it (Debian: apt-get install webkit2gtk-driver xvfb).")
        self._log = (folder / "webkit.log").open("wb")
        reading, writing = os.pipe()
        command = [screen, "-displayfd", str(writing), "-screen", "0", "1280x900x24", "-nolisten", "tcp"]
        self._screen = subprocess.Popen(command, pass_fds=[writing], stdout=self._log, stderr=self._log)
        os.close(writing)
        with os.fdopen(reading) as said:
            display = said.readline().strip()  # all of it: a screen that cannot say its number ends
        self._port = free_port()
        own = {"HOME": str(folder), "DISPLAY": f":{display}", "WEBKIT_DISABLE_COMPOSITING_MODE": "1", "NO_AT_BRIDGE": "1"}
        self._driver = subprocess.Popen(
            [program, f"--port={self._port}"], env=os.environ | own, stdout=self._log, stderr=self._log
        )
        options = {"binary": str(browser), "args": ["--automation"]}
        wanted = {"capabilities": {"alwaysMatch": {"webkitgtk:browserOptions": options}}}
        try:
            self._session = patiently(lambda: self._ask("POST", "/session", wanted))["sessionId"]
        except (OSError, AssertionError):
            self._end()
            raise

    def _ask(self, method: str, path: str, body: Any = None) -> Any:
        line = HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE)
        try:
            line.request(method, path, None if body is None else json.dumps(body), {"Content-Type": "application/json"})
            answer = json.loads(line.getresponse().read())["value"]
        finally:
            line.close()
        if isinstance(answer, dict) and "error" in answer:
            raise AssertionError(f"{path}: {answer['message']}")
        return answer

    def _do(self, what: str, body: Any) -> Any:
        return self._ask("POST", f"/session/{self._session}/{what}", body)

    def go(self, address: str) -> None:
        """Load a page."""
        self._do("url", {"url": address})

    def look(self, expression: str) -> Any:
        """What it is worth."""
        script = f"const done = arguments[0]; Promise.resolve({expression}).then((value) => done(value ?? null));"
        return self._do("execute/async", {"script": script, "args": []})

    def act(self, actions: list[dict[str, Any]]) -> None:
        """Keys and pointers."""
        self._do("actions", {"actions": actions})

    def close(self) -> None:
        """Browser, driver and screen, by their own process ids."""
        try:
            self._ask("DELETE", f"/session/{self._session}")
        finally:
            self._end()

    def _end(self) -> None:
        end(self._driver)
        end(self._screen)
        self._log.close()


def patiently(attempt: Callable[[], Any]) -> Any:
    """Again until it is there."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return attempt()
        except (OSError, AssertionError):
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


def end(process: subprocess.Popen[bytes]) -> None:
    """Kindly, then not."""
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(10)
