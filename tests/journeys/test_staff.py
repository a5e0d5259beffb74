"""Whoever is put out is out everywhere: at every process, in every tab, by every link, and without Redis."""

import asyncio
import email
import email.policy
import re
from collections.abc import Iterator
from contextlib import contextmanager

import httpx2
import pytest

from tests.journeys.device import Device, device, opened, visitor
from tests.journeys.servers import House, Practice, server
from tests.journeys.test_sockets import ending
from tests.services.nursery import Chat
from tests.services.postgres import PostgresServer
from tests.services.redis import redis

pytestmark = pytest.mark.journey
OVER = {"/api/me", "/api/conversations?folder=inbox", "/api/clients", "/api/sessions"}


@contextmanager
def without_redis(practice: Practice, postgres: PostgresServer) -> Iterator[House]:
    """Two web processes and a worker over PostgreSQL, whose Redis has just died."""
    more = {"environment": "development", "alert_delay": "0"}
    template = practice.template(postgres)
    with (
        redis() as bells,
        postgres.database(template) as database,
        server(practice, database=database, redis=bells.url, processes=2, **more) as house,
    ):
        worker = Chat(["worker"], house.folder / "worker.log", lambda: True, environment=house.webs[0].environment)
        worker.start()
        try:
            bells.kill()
            yield house
        finally:
            worker.stop()


async def mailed(house: House, address: str, link: str) -> str:
    """What stands behind `link` in the mail that somebody gets; the worker needs a moment for it."""
    async with asyncio.timeout(30):
        while True:  # a folder tells nobody
            for path in (house.folder / "data" / "outbox").glob("*.eml"):
                mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
                body = mail.get_body(("plain",))
                found = re.search(rf"https?://[^/\s]+/{re.escape(link)}(\S+)", body.get_content()) if body else None
                if found and mail["To"] == address:
                    return found[1]
            await asyncio.sleep(0.1)


async def refused(one: Device, status: int, *paths: str) -> None:
    """Nothing is answered at any of these addresses."""
    answers = {path: (await one.http.get(path)).status_code for path in paths}
    assert answers == dict.fromkeys(paths, status)


async def test_a_deactivated_therapist_is_out_everywhere_and_the_client_goes_on_with_the_successor(
    practice: Practice, postgres_server: PostgresServer
) -> None:
    with without_redis(practice, postgres_server) as house:
        async with (
            device(house, "ada", 0) as ada,
            device(house, "dana", 1) as dana,
            device(house, "cleo", 1) as cleo,
            visitor(house, "ben", 0) as ben,
            visitor(house, "ben", 1) as elsewhere,
            opened(ben) as here,
            opened(elsewhere) as there,
        ):
            for socket in (here, there):
                await socket.recv()
            assert (await ben.http.post("/api/request_password_reset", json={"name": "ben"})).status_code == 200
            token = await mailed(house, "ben@example.org", "new-password#")
            assert (await ben.http.post("/api/look_at_link", json={"token": token})).status_code == 200, "it is a good one"
            talk = dana.direct_with("Ben")

            await ada.do("deactivate", person=ben.id, successor=cleo.id, history=True)

            await refused(ben, 401, *OVER)
            await refused(elsewhere, 401, *OVER)
            for socket in (here, there):
                assert await ending(socket) == ("revoked", 4401)
            for path, fields in {"look_at_link": {}, "reset_password": {"password": "four words walk together"}}.items():
                assert (await ben.http.post(f"/api/{path}", json={"token": token, **fields})).status_code == 403, path
            for one, password in ((ben, "quietroom-demo"), (elsewhere, "four words walk together")):
                given = {"username": "ben", "password": password}
                assert (await one.http.post("/api/sign_in", json=given)).status_code == 401

            line = "Cleo Marsh reads this conversation from today."
            for one in (dana, cleo):
                await one.has(talk, line)
            assert "I’ll bring the notebook on Friday too." in cleo.bodies(talk)
            await dana.until(lambda one: "Cleo" in one.rows[talk]["people"][0]["name"])
            await dana.send(talk, "Good morning, Cleo.")
            await cleo.has(talk, "Good morning, Cleo.")


async def test_a_quick_link_that_is_open_ends_with_the_clients_messaging(
    practice: Practice, postgres_server: PostgresServer
) -> None:
    with without_redis(practice, postgres_server) as house:
        async with device(house, "ben", 0) as ben, visitor(house, "dana", 1) as dana:
            client, talk = dana.id, ben.direct_with("Dana")
            await ben.send(talk, "Is Friday still good?")
            token = await mailed(house, "dana@example.org", "q/")
            dana.http.cookies.clear()
            pressed = await dana.http.post(f"/q/{token}")
            assert (pressed.status_code, bool(dana.http.cookies)) == (303, True)
            here = f"/api/conversations/{talk}/messages"
            assert (await dana.http.get(here)).status_code == 200
            async with opened(dana) as socket:
                await socket.recv()

                await ben.do("disable_messaging", client=client)

                await refused(dana, 401, here)
                assert (await ending(socket))[1] == 4401
            async with httpx2.AsyncClient(base_url=dana.origin, headers={"Origin": dana.origin}) as another:
                for again in (await another.get(f"/q/{token}"), await another.post(f"/q/{token}")):
                    assert again.status_code == 410
                    assert not again.cookies
