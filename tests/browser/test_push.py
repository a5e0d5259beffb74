"""Notifications on a device: switched on under Account, pushed by a real service, shown by the service worker."""

import json
import re
import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, CDPSession, expect

from tests.browser.conftest import Server, Visit
from tests.browser.visitor import Visitor
from tests.lib.test_webpush import AUTH, BROWSER
from tests.services.push import Service, opened, push_service

pytestmark = pytest.mark.browser

Picture = Callable[[Visitor, str], None]
PATIENCE = 30.0
#: Chromium has no push service of its own here: the subscription points to ours. All else is the browser's own.
SUBSCRIBED = """
const given = { endpoint: ENDPOINT, toJSON: () => ({ endpoint: ENDPOINT, keys: KEYS }), unsubscribe: () => {
    localStorage.removeItem("test.subscribed");
    return Promise.resolve(true);
} };
PushManager.prototype.subscribe = (options) => {
    globalThis.asked = options;
    localStorage.setItem("test.subscribed", "yes");
    return Promise.resolve(given);
};
PushManager.prototype.getSubscription = () => Promise.resolve(localStorage.getItem("test.subscribed") ? given : null);
"""


@pytest.fixture(scope="package")
def browser(whole_browser: Browser) -> Browser:
    """The light one knows no push messages."""
    return whole_browser


@pytest.fixture
def service() -> Iterator[Service]:
    """The push service that this house may post to."""
    with push_service() as found:
        yield found


@pytest.fixture(autouse=True)
def push_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """To loopback, and without ten seconds for reading. Stands before the server starts."""
    monkeypatch.setenv("QUIETROOM_ALERT_DELAY", "0")
    monkeypatch.setenv("QUIETROOM_PUSH_HOSTS", "127.0.0.1")


def allow(visitor: Visitor, script: str) -> None:
    """Whoever is asked says yes; and the page begins with this script."""
    visitor.context.grant_permissions(["notifications"])
    visitor.context.add_init_script(script)
    visitor.open("/account#alerts")
    visitor.page.reload()


def at(service: Service) -> str:
    """The script that lets the browser subscribe to this service."""
    keys = json.dumps({"p256dh": BROWSER, "auth": AUTH})
    return f"const ENDPOINT = {json.dumps(service.url)}, KEYS = {keys};{SUBSCRIBED}"


def pushed(service: Service) -> dict[str, int]:
    """What the next push says to the browser that can open it."""
    until = time.monotonic() + PATIENCE
    while not service.got and time.monotonic() < until:
        time.sleep(0.05)
    _, body = service.got.pop(0)
    found: dict[str, int] = json.loads(opened(body))
    return found


def worker_of(visitor: Visitor) -> tuple[CDPSession, str]:
    """The debugger's line to the page's service worker: the session, and the number of its registration."""
    line = visitor.context.new_cdp_session(visitor.page)
    found: list[str] = []
    line.on(
        "ServiceWorker.workerRegistrationUpdated", lambda event: found.extend(r["registrationId"] for r in event["registrations"])
    )
    line.send("ServiceWorker.enable")
    until = time.monotonic() + PATIENCE
    while not found and time.monotonic() < until:
        visitor.page.wait_for_timeout(50)
    return line, found[0]


def deliver(visitor: Visitor, data: str) -> list[dict[str, object]]:
    """Deliver a push as the browser's push service would; the notifications that then stand on the device."""
    (worker,) = visitor.context.service_workers
    worker.evaluate("navigator.setAppBadge = (unread) => { self.toldBadge = unread; return Promise.resolve(); }")
    line, number = worker_of(visitor)
    push = {"origin": visitor.address, "registrationId": number, "data": data}
    shown = """async () => {
        const { getNotifications } = ServiceWorkerRegistration.prototype;
        const registration = await navigator.serviceWorker.ready;
        for (let turn = 0; turn < 100; turn += 1) {
            const found = await getNotifications.call(registration);
            if (found.length) return found.map(({ title, body, tag }) => ({ title, body, tag }));
            await new Promise((next) => setTimeout(next, 50));
        }
        return [];
    }"""
    notifications: list[dict[str, object]] = []
    for _ in range(4):  # the developer's line tells nobody of a push that it did not deliver
        line.send("ServiceWorker.deliverPushMessage", push)
        if notifications := visitor.page.evaluate(shown):
            break
    return notifications


def test_a_message_is_pushed_to_the_device_and_shown_without_a_word_of_it(
    push_at_once: None, service: Service, visit: Visit, server: Server, picture: Picture
) -> None:
    dana = visit("dana", path="/account#alerts")
    allow(dana, at(service))
    dana.button("Turn on").click()
    expect(dana.page.get_by_text("On for this browser, as long as you are signed in.")).to_be_visible()
    expect(dana.button("Turn off")).to_be_focused()
    assert dana.page.evaluate("asked.userVisibleOnly") is True
    picture(dana, "notifications")
    assert dana.barriers() == []
    ben = visit("ben", path="/inbox")
    ben.open_row("Friday’s appointment")
    ben.write("canary in a push")
    said = pushed(service)
    assert set(said) == {"unread"}
    assert said["unread"] >= 1
    (shown,) = deliver(dana, json.dumps(said))
    assert shown == {"title": "You have a secure message", "body": "Open to read it.", "tag": "unread"}
    (worker,) = dana.context.service_workers
    assert worker.evaluate("self.toldBadge") == said["unread"]
    expect(dana.page).to_have_title(re.compile(rf"^\({said['unread']}\) "))


def test_whoever_turns_them_off_gets_none(push_at_once: None, service: Service, visit: Visit) -> None:
    dana = visit("dana", path="/account#alerts")
    allow(dana, at(service))
    dana.button("Turn on").click()
    dana.button("Turn off").click()
    expect(dana.button("Turn on")).to_be_visible()
    dana.page.reload()
    expect(dana.button("Turn on")).to_be_visible()
    assert dana.page.evaluate("localStorage.length") == 0


def test_signing_in_again_in_the_same_browser_is_enough(push_at_once: None, service: Service, visit: Visit) -> None:
    dana = visit("dana", path="/account#alerts")
    allow(dana, at(service))
    dana.button("Turn on").click()
    expect(dana.button("Turn off")).to_be_visible()
    dana.command("sign_out")
    dana.sign_in("dana")
    with dana.page.expect_response(lambda answer: answer.url.endswith("/api/save_push")) as saved:
        dana.open("/inbox")
    assert saved.value.ok


def test_somebody_else_at_the_same_browser_gets_nothing_of_it(push_at_once: None, service: Service, visit: Visit) -> None:
    dana = visit("dana", path="/account#alerts")
    allow(dana, at(service))
    dana.button("Turn on").click()
    expect(dana.button("Turn off")).to_be_visible()
    dana.command("sign_out")
    dana.sign_in("eli")
    dana.page.reload()
    expect(dana.button("Turn on")).to_be_visible()


REFUSED = "PushManager.prototype.subscribe = () => Promise.reject(new DOMException('no service', 'AbortError'));"
STALLED = "PushManager.prototype.subscribe = () => new Promise(() => {});"


def test_a_service_that_refuses_is_said_in_a_sentence(push_at_once: None, visit: Visit) -> None:
    dana = visit("dana", path="/account#alerts")
    allow(dana, REFUSED)
    dana.button("Turn on").click()
    expect(dana.page.get_by_role("alert")).to_contain_text("notification service refused")
    expect(dana.button("Turn on")).to_be_visible()


def test_after_ten_seconds_nobody_is_kept_waiting(push_at_once: None, visit: Visit) -> None:
    dana = visit("dana", path="/account#alerts")
    dana.take_clock()
    allow(dana, STALLED)
    dana.button("Turn on").click()
    expect(dana.button("Turn on")).to_have_class(re.compile("busy"))
    dana.page.wait_for_function("navigator.serviceWorker.controller || navigator.serviceWorker.ready")
    dana.page.clock.run_for(9_000)
    expect(dana.page.get_by_role("alert")).to_have_count(0)
    dana.page.clock.run_for(2_000)
    expect(dana.page.get_by_role("alert")).to_contain_text("has not answered for 10 seconds")


@pytest.mark.parametrize(
    ("script", "sentence"),
    [
        ("delete globalThis.PushManager;", "This browser cannot show notifications."),
        (
            "delete globalThis.PushManager; Object.defineProperty(navigator, 'userAgent', { value: 'iPhone' });",
            "“Add to Home Screen”",
        ),
        ("Object.defineProperty(Notification, 'permission', { value: 'denied' });", "blocked in your browser"),
    ],
)
def test_where_it_is_not_possible_the_page_says_what_to_do(push_at_once: None, visit: Visit, script: str, sentence: str) -> None:
    dana = visit("dana", phone=True, path="/account#alerts")
    dana.context.add_init_script(script)
    dana.page.reload()
    expect(dana.page.get_by_text(sentence)).to_be_visible()
    expect(dana.button("Turn on")).to_have_count(0)


def test_a_press_on_the_notification_opens_the_inbox(push_at_once: None, service: Service, visit: Visit) -> None:
    dana = visit("dana", path="/account#alerts")
    allow(dana, at(service))
    dana.button("Turn on").click()
    expect(dana.button("Turn off")).to_be_visible()
    (worker,) = dana.context.service_workers
    press = """async (open) => {
        const told = [];
        clients.matchAll = () => Promise.resolve(open ? [{ visibilityState: "hidden", focus: () => told.push("focus") }] : []);
        clients.openWindow = (path) => told.push(path);
        const event = new ExtendableEvent("notificationclick");
        Object.assign(event, { notification: { close: () => told.push("close") } });
        self.dispatchEvent(event);
        for (let turn = 0; turn < 100 && told.length < 2; turn += 1) await new Promise((next) => setTimeout(next, 10));
        return told;
    }"""
    assert worker.evaluate(press, False) == ["close", "/inbox"]
    assert worker.evaluate(press, True) == ["close", "focus"]
