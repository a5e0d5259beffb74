"""What only a real server answers."""

import asyncio

import httpx2
import pytest

from tests.journeys.device import visitor
from tests.journeys.servers import HOST, House

pytestmark = pytest.mark.journey


async def test_no_answer_names_the_software_behind_it(embedded: House) -> None:
    async with httpx2.AsyncClient(base_url=f"http://{HOST}:{embedded.ports[0]}") as client:
        for path in ("/healthz", "/inbox", "/static/js/app.js", "/api/me", "/api/nothing"):
            assert "server" not in (await client.get(path)).headers


async def test_what_is_no_http_is_answered_without_a_trace(embedded: House) -> None:
    reader, writer = await asyncio.open_connection(HOST, embedded.ports[0])
    writer.write(b"\x16\x03\x01 this is not HTTP\r\n\r\n")
    answer = await asyncio.wait_for(reader.read(), 10)
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"Traceback" not in answer
    assert b"server:" not in answer.lower()
    writer.close()
    await writer.wait_closed()


@pytest.mark.parametrize("username", ["da\x00na", "\x00", "dana\u2028"])
async def test_a_username_that_no_database_can_hold_is_refused_in_a_sentence(house: House, username: str) -> None:
    async with visitor(house, "ben") as ben:
        answer = await ben.http.post("/api/sign_in", json={"username": username, "password": "x"})
        assert (answer.status_code, answer.json()["error"]["field"]) == (400, "username")
