"""Headers on every answer, proof of origin, and bounds on what is read."""

from typing import Any

import pytest
from structlog.contextvars import get_contextvars

from chat.queries import people
from chat.web.guards import HEADERS, same_origin
from tests.web.doors import ORIGIN, Doors

ELSEWHERE = "https://evil.example"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/inbox", 200),
        ("GET", "/no/such/page", 404),
        ("GET", "/api/me", 200),
        ("GET", "/api/nothing", 404),
        ("GET", "/static/js/app.js", 200),
        ("GET", "/static/nothing.js", 404),
        ("GET", "/healthz", 200),
        ("GET", "/readyz", 200),
        ("DELETE", "/api/me", 405),
        ("GET", "/api/send_message", 405),
        ("POST", "/api/nothing", 404),
        ("POST", "/api/send_message", 400),
    ],
)
async def test_every_answer_bears_the_headers(doors: Doors, method: str, path: str, status: int) -> None:
    answer = await doors.ask(doors.practice.cookies["dana"], method, path)
    assert answer.status_code == status
    for name, value in HEADERS.items():
        assert answer.headers[name] == value
    assert answer.headers["cache-control"] == ("no-cache" if path.startswith(("/static/js", "/inbox", "/no/")) else "no-store")
    assert "server" not in answer.headers


async def test_the_policy_lets_pages_load_nothing_from_elsewhere() -> None:
    directives = dict(part.strip().partition(" ")[::2] for part in HEADERS["Content-Security-Policy"].split(";"))
    assert directives["default-src"] == "'none'"
    for name, value in directives.items():
        assert set(value.split()) <= {"'none'", "'self'", "blob:", "'script'", "quietroom"}, name
    assert directives["script-src"] == directives["connect-src"] == directives["form-action"] == "'self'"
    assert directives["frame-ancestors"] == directives["base-uri"] == "'none'"


async def test_every_answer_has_an_id_of_its_own_which_the_log_names(
    doors: Doors, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    first, second = [(await doors.get(None, "/healthz")).headers["x-request-id"] for _ in range(2)]
    assert first != second
    seen: list[str] = []

    def fails(*_: Any) -> None:
        seen.append(get_contextvars()["request"])
        raise ValueError("words")

    monkeypatch.setattr("chat.web.people.desk_of", fails, raising=False)
    monkeypatch.setattr("chat.web.people.unscoped", fails, raising=False)
    monkeypatch.setattr("chat.web.people.signed_in", fails, raising=False)
    answer = await doors.get(doors.practice.cookies["dana"], "/api/people")
    assert answer.status_code == 500
    assert seen == [answer.headers["x-request-id"]]
    assert "A request failed." in caplog.text


async def test_a_fault_says_nothing_of_itself(doors: Doors, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: Any) -> None:
        raise RuntimeError("The canary sings at noon.")

    monkeypatch.setattr(people, "me", fails)
    answer = await doors.get(doors.practice.cookies["dana"], "/api/me")
    assert (answer.status_code, answer.json()["error"]["code"]) == (500, "failed")
    assert "canary" not in answer.text
    assert "Traceback" not in answer.text
    for header, value in HEADERS.items():
        assert answer.headers[header] == value
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("headers", "ours"),
    [
        ({"sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "same-origin", "origin": "null"}, True),
        ({"sec-fetch-site": "same-site", "origin": ORIGIN}, False),
        ({"sec-fetch-site": "cross-site", "origin": ORIGIN}, False),
        ({"sec-fetch-site": "none", "origin": ORIGIN}, False),
        ({"sec-fetch-site": ""}, False),
        ({"origin": ORIGIN}, True),
        ({"origin": ELSEWHERE}, False),
        ({"origin": "null"}, False),
        ({"origin": ORIGIN + ".evil.example"}, False),
        ({}, False),
    ],
)
def test_where_a_request_comes_from(headers: dict[str, str], ours: bool) -> None:
    assert same_origin(headers, frozenset({ORIGIN})) is ours


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
async def test_no_unsafe_method_passes_without_proof(doors: Doors, method: str) -> None:
    cookie = doors.practice.cookies["dana"]
    for path in ("/api/sign_in", "/api/active", "/api/nothing", "/inbox", "/healthz"):
        answer = await doors.ask(cookie, method, path, {}, Origin=ELSEWHERE)
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "cross_origin")


@pytest.mark.parametrize(
    ("body", "headers", "status", "sentence"),
    [
        (b"{}", {"Content_Type": "text/plain"}, 415, "Send JSON"),
        (b"{}", {"Content_Type": ""}, 415, "Send JSON"),
        (b"username=dana", {"Content_Type": "application/x-www-form-urlencoded"}, 415, "Send JSON"),
        (b"{" + b" " * 65_536 + b"}", {}, 413, "This is larger than 64 KiB."),
        (b"", {}, 400, "This is not valid JSON."),
        (b"[1]", {}, 400, "Send a JSON object."),
        (b"\xff", {}, 400, "The JSON is not valid UTF-8."),
        (b'{"a":1,"a":2}', {}, 400, "The JSON names a key twice."),
        (b'{"a":Infinity}', {}, 400, "Infinity is not JSON."),
        (b'{"body":"\\udfff"}', {}, 400, "The text holds half a character"),
        (b"[" * 100, {}, 400, "The JSON is nested too deeply."),
    ],
)
async def test_a_body_that_cannot_be_used_is_refused_in_a_sentence(
    doors: Doors, body: bytes, headers: dict[str, str], status: int, sentence: str
) -> None:
    answer = await doors.post(doors.practice.cookies["dana"], "find_people", body, **headers)
    assert answer.status_code == status
    assert answer.json()["error"]["message"].startswith(sentence)


async def test_json_may_say_its_character_set(doors: Doors) -> None:
    cookie = doors.practice.cookies["dana"]
    assert (await doors.post(cookie, "find_people", {}, Content_Type="application/json; charset=utf-8")).status_code == 200
