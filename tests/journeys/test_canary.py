"""A day with a canary in everything that is written, and then a look into every place where it must not sing."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import io
import json
import zipfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx2
import psycopg
import pypdf
import pytest
from redis.asyncio import Redis

from tests.canary import found, said, traces
from tests.journeys.device import Device, device, opened
from tests.journeys.servers import House, Practice, server
from tests.services.postgres import PostgresServer
from tests.services.redis import RedisServer
from tests.web.practice import picture

pytestmark = pytest.mark.journey

CANARY = "Zwitscherlied am Mittag"
LOUD: dict[str, Any] = {"log_level": "debug", "metrics_token": "prometheus", "alert_delay": "0"}
NAME = f"{CANARY}.png"


async def day(house: House) -> list[bytes]:
    """Ben and Dana write, and do all that one can do with what was written; the answer is what others were told."""
    async with device(house, "ben") as ben, device(house, "dana", web=1) as dana, device(house, "ada") as ada:
        talk = ben.direct_with("Dana")
        await ben.send(talk, f"{CANARY} 1")
        upload = await ben.http.put("/api/attachments", content=picture(), headers={"X-Filename": NAME.replace(" ", "%20")})
        await ben.do("send_message", to=[dana.id], subject=f"{CANARY} 2", body=f"{CANARY} 3", attachments=[upload.json()["id"]],
                     copy_to_contact_log=True)  # fmt: skip
        await ben.do("save_draft", conversation=talk, body=f"{CANARY} 4")
        await ben.do("send_mass_message", to=[dana.id], subject=f"{CANARY} 5", body=f"{CANARY} 6")
        await dana.has(talk, f"{CANARY} 1")
        await ada.do("set_hold", client=dana.id, reason=f"{CANARY} 7")
        await ada.do("lift_hold", client=dana.id, reason=f"{CANARY} 8")
        taken = await dana.http.get("/api/export")
        pdf = await ben.http.post("/api/print", json={"conversations": [talk]})
        refused = [await wrong(ben), await ben.http.post("/api/sign_in", json={"username": CANARY, "password": CANARY})]
        metrics = await ben.http.get("/metrics", headers={"Authorization": "Bearer prometheus"})
        assert (pdf.status_code, metrics.status_code, taken.status_code) == (200, 200, 200)
        papers = [pdf.content, zipfile.ZipFile(io.BytesIO(taken.content)).read("messages-1.pdf")]
        for paper in papers:
            assert CANARY in "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(paper)).pages)
        told = [repr(pypdf.PdfReader(io.BytesIO(paper)).metadata).encode() for paper in papers]
        return [metrics.content, repr(taken.headers).encode(), *told, *refusals(refused)]


async def wrong(ben: Device) -> httpx2.Response:
    """Everything that is refused, and what makes the server complain."""
    for address in (f"/api/{CANARY}", f"/q/{CANARY}", f"/static/{CANARY}.js"):
        await ben.http.get(address)
    async with opened(ben) as socket:
        await socket.recv()
        await socket.send(json.dumps({"do": CANARY, "key": CANARY, "body": CANARY}))
        await socket.send(f"{{{CANARY}")
        await socket.recv()
    return await ben.http.post("/api/send_message", json={"key": "no key", "to": [CANARY], "body": CANARY})


def refusals(answers: list[httpx2.Response]) -> Iterator[bytes]:
    """What error pages say, and where they say it from."""
    for answer in answers:
        assert answer.status_code >= 400
        yield answer.content + repr(answer.headers).encode()


@contextlib.asynccontextmanager
async def overheard(url: str) -> AsyncIterator[list[str]]:
    """All that anybody says to Redis meanwhile."""
    heard: list[str] = []

    async def listen(client: Any) -> None:
        async with client.monitor() as monitor:
            listening.set()
            async for command in monitor.listen():
                heard.append(repr(command))  # noqa: PERF401  one by one

    listening = asyncio.Event()
    async with Redis.from_url(url) as client:
        task = asyncio.create_task(listen(client))
        await asyncio.wait_for(listening.wait(), 10)
        yield heard
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def test_nothing_that_was_written_is_found_outside_the_conversation(practice: Practice) -> None:
    with server(practice, **LOUD) as house:
        told = await day(house)
        texts = said(house.folder / "data", practice.keys)
        assert {f"{CANARY} 1", f"{CANARY} 3"} <= texts, "or nothing was looked for"
        assert any((house.folder / "data").rglob("*.db-wal"))
        assert traces({CANARY, *texts}, [house.folder]) == []
        assert [found({CANARY}, words) for words in told] == [[]] * len(told)
    assert traces({CANARY, *texts}, [house.folder]) == [], "also after it has stopped"


async def test_neither_redis_nor_the_files_of_postgresql_hold_what_was_written(
    practice: Practice, postgres_server: PostgresServer, redis_server: RedisServer
) -> None:
    template = practice.template(postgres_server)
    with contextlib.ExitStack() as stack:
        address = stack.enter_context(postgres_server.database(template))
        more: dict[str, Any] = {"redis": redis_server.url, "processes": 2, "limits": "on", **LOUD}
        house = stack.enter_context(server(practice, database=address, **more))
        async with overheard(redis_server.url) as heard:
            told = await day(house)
        assert any("PUBLISH" in command for command in heard), "or nobody was listened to"
        assert found({CANARY}, "\n".join(heard).encode()) == []
        assert [found({CANARY}, words) for words in told] == [[]] * len(told)
        with psycopg.connect(address.replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute("CHECKPOINT")
        assert postgres_server.daemon is not None
        data = Path(str(postgres_server.daemon.command[2]))
        assert (data / "pg_wal").is_dir()
        assert traces({CANARY}, [house.folder, data]) == []


def test_a_canary_is_found_wherever_it_sings(tmp_path: Path) -> None:
    cage = {
        "server.log": CANARY.encode(),
        "quietroom.db": b"\x00\x01" + CANARY.encode() + b"\xff",
        "escaped.log": "Käfig im Käfig".encode("unicode_escape"),
        "wide.bin": CANARY.encode("utf-16-le"),
        "mail.eml": b"Content-Transfer-Encoding: base64\n\n" + base64.encodebytes(CANARY.encode()),
        "nothing.log": b"all is quiet",
    }
    for name, raw in cage.items():
        (tmp_path / name).write_bytes(raw)
    trails = {line.partition(" ")[0] for line in traces({CANARY, "Käfig im Käfig"}, [tmp_path])}
    assert trails == cage.keys() - {"nothing.log"}
