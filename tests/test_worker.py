"""The worker carries out jobs in small steps, beside people and after them."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import insert, select, text

from chat import house
from chat.actions.attachments import StoredFile, add_attachment
from chat.actions.messages import send_messages
from chat.lib.buckets import Bucket, Place
from chat.lib.clock import Watch as Watched
from chat.lib.clock import frozen
from chat.lib.crypto import begins
from chat.models import AuditEntry, Deletion, Watch
from chat.models.columns import table
from chat.queries.chains import Walk, heads, unchained
from chat.queries.changes import epoch
from chat.queries.keys import uses
from chat.queries.ledger import waiting
from chat.queries.overview import overview
from chat.runtime import Runtime, Unavailable
from chat.settings import Settings
from chat.transaction import Transaction
from chat.worker import JOBS, Job, Worker, chain_audit, steps, sweep_files, tell_of_unread
from tests.databases import Template, to_people
from tests.people import NOON, later
from tests.services.s3 import BucketServer

ROTATIONS = select(table(AuditEntry).c.details).where(table(AuditEntry).c.action == "rotate_keys")


@asynccontextmanager
async def running(address: str, tmp_path: Path, *jobs: Job, **values: Any) -> AsyncIterator[tuple[Runtime, Worker]]:
    settings = Settings(database_url=address, data=tmp_path, **values)
    vault = house.open_vault(settings)
    runtime = house.runtime(settings, vault)
    await runtime.start()
    worker = Worker(settings, vault, runtime, jobs)
    worker.start()
    try:
        yield runtime, worker
    finally:
        await worker.stop()
        await runtime.stop()


async def test_a_job_with_more_to_do_goes_on_at_once_and_then_rests(address: str, tmp_path: Path) -> None:
    left, done = [3, 2, 1], asyncio.Event()
    loop = asyncio.get_running_loop()

    def step(tx: Transaction, what: str) -> bool:
        assert (tx.who, what) == (None, "old receipts")
        left.pop()
        if not left:
            loop.call_soon_threadsafe(done.set)
        return bool(left)

    # An hour between two looks: only "there is more" lets all three steps happen.
    async with running(address, tmp_path, Job("count", 3600, steps(step, "old receipts"))):
        await asyncio.wait_for(done.wait(), 10)
    assert left == []


async def test_deletions_go_to_the_ledger_and_wait_while_it_cannot_be_written(address: str, tmp_path: Path) -> None:
    folder, job = tmp_path / "ledger", next(job for job in JOBS if job.name == "ledger")
    row = {"at": 5, "kind": "conversation", "item": 1, "person_id": 7, "through": 3}
    async with running(address, tmp_path, ledger=str(folder)) as (runtime, worker):
        await runtime.perform(lambda tx, _: tx.connection.execute(insert(table(Deletion)).values(**row)) and None, None)
        with pytest.raises(Unavailable, match="Look at QUIETROOM_LEDGER"):
            await job.step(worker)
        assert len((await runtime.ask(waiting))[1]) == 1
        folder.mkdir()
        while await job.step(worker):
            pass
        assert (await runtime.ask(waiting))[1] == {}
        kept = house.ledger(worker.settings, worker.vault)
        ((word, *rest),) = kept.since(0)
        assert (word, rest) == (await runtime.ask(epoch), [5, "conversation", 1, 7, 3])
        marked = kept.through()
        assert marked == worker.marked > 0
        await job.step(worker)
        assert kept.through() == marked, "not at every look"


@pytest.mark.parametrize(
    ("day", "days", "wraps"), [("2026-11-28", 7, "2026-11-28"), ("2026-11-27", 7, "old"), ("2026-11-28", 0, "old")]
)
async def test_when_the_day_of_a_key_comes_everything_is_wrapped_by_it(
    address: str, tmp_path: Path, day: str, days: int, wraps: str
) -> None:
    keys = ";".join(f"{name}={b64encode(bytes([at]) * 32).decode()}" for at, name in enumerate(("id", "old", "2026-11-28")))
    job = next(job for job in JOBS if job.name == "rotate keys")
    async with running(address, tmp_path, keys=keys, key_days=days) as (runtime, worker):
        with frozen(begins("2026-11-01")):
            await runtime.perform(lambda tx, _: tx.make_keys(["test"] * 250) and None, None)
        with frozen(begins(day)):
            await job.step(worker)
            await job.step(worker)
        assert await runtime.ask(uses) == {wraps: 250}
        told = await runtime.ask(lambda reading: reading.connection.execute(ROTATIONS).fetchall())
        assert [row[0] for row in told] == (["250 data keys, now by 2026-11-28, by the calendar"] if wraps == day else [])


async def test_without_a_ledger_its_job_does_nothing(address: str, tmp_path: Path) -> None:
    async with running(address, tmp_path) as (_, worker):
        assert not await next(job for job in JOBS if job.name == "ledger").step(worker)


async def test_days_that_are_over_become_numbers_of_the_overview_by_a_clock_that_is_believed(
    template: Template, address: str, tmp_path: Path
) -> None:
    ben, dana, ada = (template.cast[name] for name in ("ben", "dana", "ada"))
    job = next(job for job in JOBS if job.name == "overview")
    with frozen(NOON):
        async with running(address, tmp_path) as (runtime, worker):
            await runtime.perform(send_messages, dana, to_people(ben))
            with frozen(later(days=3)):
                await chain_audit(worker)
                assert not await job.step(worker), "the clock jumped"
                worker.clock = Watched()
                while await job.step(worker):
                    pass
                seen = [await runtime.ask(overview, who=who) for who in (ada, ben)]
    for one in seen:
        assert [(week.received, week.sent, week.late) for week in one.weeks] == [(1, 0, 1)]
        assert str(one.through) == "2026-03-06"


async def test_a_job_that_fails_harms_no_other_and_is_tried_again(
    address: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    tries, again = 0, asyncio.Event()

    async def broken(_: Worker) -> None:
        nonlocal tries
        tries += 1
        raise LookupError("poison")

    async def sound(_: Worker) -> bool:
        if tries > 2:
            again.set()
        return False

    async with running(address, tmp_path, Job("broken", 0.01, broken), Job("sound", 0.01, sound)):
        await asyncio.wait_for(again.wait(), 10)
    assert "The job broken failed" in caplog.text


async def test_a_step_that_runs_when_the_process_stops_is_let_to_its_end(address: str, tmp_path: Path) -> None:
    begun, go, ended = asyncio.Event(), asyncio.Event(), []

    async def slow(_: Worker) -> bool:
        begun.set()
        await go.wait()
        ended.append(True)
        return True

    async with running(address, tmp_path, Job("slow", 3600, slow)) as (_, worker):
        await asyncio.wait_for(begun.wait(), 10)
        stopping = asyncio.create_task(worker.stop())
        await asyncio.sleep(0)
        go.set()
        await stopping
    assert ended == [True]


async def test_people_go_first_and_jobs_get_a_step_after_each_group(address: str, tmp_path: Path) -> None:
    order: list[str] = []
    blocked, go = threading.Event(), threading.Event()

    def block(_tx: Transaction, _what: Any) -> None:
        blocked.set()
        go.wait(10)

    def note(_tx: Transaction, what: str) -> None:
        order.append(what)

    async with running(address, tmp_path) as (runtime, _):
        first = asyncio.create_task(runtime.perform(block, None))
        await asyncio.to_thread(blocked.wait, 10)
        waiting = [asyncio.create_task(runtime.perform(note, None, f"job {n}", job=True)) for n in range(2)]
        waiting += [asyncio.create_task(runtime.perform(note, None, f"person {n}")) for n in range(3)]
        await asyncio.sleep(0)
        go.set()
        await asyncio.gather(first, *waiting)
        # The blocking command was a person's: a job's step is due, then the people who gathered, then the next step.
        assert order == ["job 0", "person 0", "person 1", "person 2", "job 1"]


def started(environment: dict[str, str]) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "chat", "worker"]
    return subprocess.Popen(command, env=os.environ | environment, stderr=subprocess.PIPE, text=True)


@pytest.mark.journey
def test_a_worker_process_runs_on_postgresql_until_it_is_told_to_stop(postgresql_template: Template, tmp_path: Path) -> None:
    with postgresql_template.copy() as address:
        process = started({"QUIETROOM_DATABASE_URL": address, "QUIETROOM_DATA": str(tmp_path)})
        try:
            assert process.stderr is not None
            assert any("The worker is ready" in line for line in process.stderr)
            process.send_signal(signal.SIGTERM)
            assert process.wait(20) == 0
        finally:
            process.kill()
            process.communicate()


@pytest.mark.journey
def test_a_worker_of_its_own_on_sqlite_is_refused_with_the_reason(tmp_path: Path) -> None:
    process = started({"QUIETROOM_DATABASE_URL": "", "QUIETROOM_DATA": str(tmp_path)})
    _, words = process.communicate(timeout=20)
    assert process.returncode == 1
    assert "needs PostgreSQL" in words


async def test_files_that_were_given_up_are_removed_once_the_bucket_answers_also_by_another_process(
    address: str, template: Template, tmp_path: Path, bucket_server: BucketServer
) -> None:
    ben, place = template.cast["ben"], bucket_server.bucket()
    bucket = Bucket.at(Place.of(place), "key", "secret")
    values = {"files_key": SecretStr("key"), "files_secret": SecretStr("secret")}
    with frozen(NOON):
        async with running(address, tmp_path, files=place, **values) as (runtime, worker):
            for data in (b"one", b"two"):
                stored = StoredFile("a.txt", "text/plain", 3, b"", *bucket.put(data))
                await runtime.perform(add_attachment, ben, stored)
            with frozen(later(days=2)):
                away = "s3://box?endpoint=http://127.0.0.1:1"
                worker.settings = worker.settings.model_copy(update={"files": away})
                with pytest.raises(Unavailable, match="Files could not be removed"):
                    await sweep_files(worker)
                assert len(bucket_server.lies(place)) == 2
        async with running(address, tmp_path, files=place, **values) as (_, worker):
            with frozen(later(days=2)):
                assert await sweep_files(worker) is True
                assert bucket_server.lies(place) == []
                assert await sweep_files(worker) is False


async def test_a_step_of_a_job_commits(address: str, tmp_path: Path) -> None:
    def rename(tx: Transaction, _what: Any) -> None:
        tx.connection.execute(text("UPDATE organization SET mail_name = 'Harbor'"))

    async with running(address, tmp_path) as (runtime, _):
        await runtime.perform(rename, None, job=True)
        assert await runtime.ask(lambda reading: reading.connection.scalar(text("SELECT min(mail_name) FROM organization")))


async def test_nobody_is_told_that_a_message_stays_unread_by_a_clock_that_jumped(
    address: str, template: Template, tmp_path: Path
) -> None:
    ben, dana = template.cast["ben"], template.cast["dana"]
    asked = replace(to_people(dana), unread_after=1)
    told = select(table(Watch).c.told_at)
    with frozen(NOON):
        async with running(address, tmp_path) as (runtime, worker):
            await runtime.perform(send_messages, ben, asked)
            with frozen(later(days=1)):
                assert await tell_of_unread(worker) is False
                assert await runtime.ask(lambda reading: reading.connection.scalar(told)) is None
                worker.clock = Watched()
                await tell_of_unread(worker)
                assert await runtime.ask(lambda reading: reading.connection.scalar(told)) == later(days=1)
    assert "not read" in {job.name for job in JOBS}


async def test_the_rows_of_the_audit_trail_get_their_places(address: str, tmp_path: Path) -> None:
    async with running(address, tmp_path) as (runtime, worker):
        while await chain_audit(worker):
            pass
        assert await runtime.ask(unchained, bytes(32), worker.name) == []
        (harbor,) = [one for one in await runtime.ask(heads) if one.organization == 1]
        walk = Walk(1, house.audit_key(worker.vault), {harbor.place: harbor.chain})
        assert await runtime.ask(walk.step) is False
        assert (walk.fault, walk.place > 0) == ("", True)
    assert {"audit chain"} <= {job.name for job in JOBS if job.every < 1}, "within a second"
