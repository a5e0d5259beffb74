"""Requests made up by schemathesis from our own OpenAPI document: right ones, and ones that are wrong in some place."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import httpx2
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis import openapi as schemas

from chat.web.documents import openapi
from chat.web.routes import ROUTES
from tests.fuzz.season import NAMES, Season, Tally, encoded, visitor
from tests.journeys.servers import House

#: These end the sessions of whoever fuzzes, again and again; they are tried by nobody signed in.
ENDING = frozenset({"/api/sign_out"})


def operations() -> list[Any]:
    """Every address and method of the document."""
    found: Any = schemas.from_dict(openapi(ROUTES))
    return [result.ok() for result in found.get_all_operations()]


def flood(house: House, count: int, number: int) -> Tally:
    """Send about so many requests, as everybody in turn; `number` is the seed."""
    season, tally = Season(number), Tally()
    people = [visitor(house, name) for name in NAMES] + [visitor(house, "nobody")]
    for person in people:
        season.gather(person)
    found = operations()
    for operation in found:
        send = _sender(season, tally, people if operation.path not in ENDING else people[-1:])
        _generate(operation, send, max(1, count // len(found)), number)
        _return(people, house)
    for person in people:
        person.close()
    return tally


def _generate(operation: Any, send: Callable[[Any], None], count: int, number: int) -> None:
    cases = st.one_of([operation.as_strategy(generation_mode=mode) for mode in GenerationMode])

    @seed(number)
    @settings(max_examples=count, database=None, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
    @given(cases)
    def one(case: Any) -> None:
        send(case)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the library about its own strategies
        one()


def _sender(season: Season, tally: Tally, people: list[httpx2.Client]) -> Callable[[Any], None]:
    def send(case: Any) -> None:
        person = season.chance.choice(people)
        path = case.operation.path
        for name, value in (case.path_parameters or {}).items():
            path = path.replace(f"{{{name}}}", quote(str(season.seasoned(value, "id")), safe="") or "x")
        query = {key: str(season.seasoned(value, key)) for key, value in (case.query or {}).items()}
        asked = f"{case.method} {path} {query} {str(case.body)[:300]}"
        try:
            what: dict[str, Any] = {"content": _content(case, season), "headers": _headers(case), "params": _sendable(query)}
            answer = person.request(case.method, path, **what)
        except httpx2.TransportError as error:
            tally.faults.append(f"{asked}: {type(error).__name__}")
            return
        tally.codes[str(answer.status_code)] += 1
        if answer.status_code >= 500:
            tally.faults.append(f"{asked}: {answer.status_code} {answer.text[:200]}")

    return send


def _sendable(query: dict[str, str]) -> dict[str, str]:
    return {key.encode(errors="replace").decode(): value.encode(errors="replace").decode() for key, value in query.items()}


def _content(case: Any, season: Season) -> bytes | None:
    body = case.body
    if type(body).__name__ == "NotSet":
        return None
    return body if isinstance(body, bytes) else encoded(season.seasoned(body))


def _headers(case: Any) -> dict[str, str]:
    kind = case.media_type or "application/json"
    return {"Content-Type": kind} | ({"X-Filename": "a%00%2f..%2e.pdf"} if kind == "application/octet-stream" else {})


def _return(people: list[httpx2.Client], house: House) -> None:
    """Who was signed out meanwhile signs in again, as far as they still may."""
    for place, name in enumerate(NAMES):
        if people[place].get("/api/me").status_code == 401:
            people[place].close()
            people[place] = visitor(house, name)
