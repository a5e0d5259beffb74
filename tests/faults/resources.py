"""What a machine runs out of: room on its disk, locks, connections. Nothing is acknowledged that is not kept, and it heals."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import sqlite3
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import partial
from pathlib import Path

import psycopg

from tests.faults.campaign import APART, EMBEDDED, Kind, Stage
from tests.faults.checker import Findings
from tests.faults.history import ACKNOWLEDGED
from tests.faults.scene import Scene
from tests.services.daemon import Daemon, Missing

VOLUME = "48m"
LOCKED = 10.0
HUNGRY = 6.0  # seconds without room or connections
TELLING = 60.0  # no promise, only when it is called a finding that nobody was told
GRAB = 0.05
END_OTHERS = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name <> 'greedy'
"""


async def full_disk(stage: Stage) -> float:
    """The volume that holds SQLite's files fills up and, after a while, has room again."""
    data = stage.scene.house.folder / "data"
    web = stage.scene.parts["web 0"]
    with await asyncio.to_thread(Volume, data, web) as volume:
        await stage.traffic.flow(5)
        volume.fill()
        await hungry(stage, HUNGRY)
        await stage.look()
        volume.empty()
        return await stage.traffic.recovered(time.monotonic())


async def hungry(stage: Stage, seconds: float) -> None:
    """So long, and until somebody was told that it cannot be saved at the moment."""
    before, saved = told(stage), stage.traffic.history.count(ACKNOWLEDGED)
    until = time.monotonic() + seconds + TELLING
    await asyncio.sleep(seconds)
    while told(stage) == before and time.monotonic() < until:  # noqa: ASYNC110  it tells nobody
        await asyncio.sleep(0.1)
    if told(stage) == before:
        meanwhile = stage.traffic.history.count(ACKNOWLEDGED) - saved
        stage.findings += Findings(other=[f"nobody was put off; {meanwhile} messages were acknowledged meanwhile"])
    if any(not words.strip().endswith(".") for one in stage.traffic.devices for words in one.busy):
        stage.findings += Findings(other=["somebody was put off without a sentence"])


def told(stage: Stage) -> int:
    """How often somebody was put off."""
    return sum(len(one.busy) for one in stage.traffic.devices)


class Volume:
    """A small memory-backed volume in the place of a folder, while its server is stopped and started around it."""

    def __init__(self, folder: Path, web: Daemon) -> None:
        self._folder, self._web = folder, web
        self._ballast = folder / "ballast"

    def __enter__(self) -> Volume:
        self._exchange(["mount", "-t", "tmpfs", "-o", f"size={VOLUME}", "tmpfs", os.fspath(self._folder)])
        return self

    def __exit__(self, *_: object) -> None:
        self.empty()
        self._exchange(["umount", os.fspath(self._folder)])

    def fill(self) -> None:
        """Until not one more page fits."""
        with self._ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
            while file.write(bytes(4096)):
                pass

    def empty(self) -> None:
        """There is room again."""
        self._ballast.unlink(missing_ok=True)

    def _exchange(self, command: list[str]) -> None:
        self._web.stop()
        beside = self._folder.with_name("beside")
        shutil.copytree(self._folder, beside)
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            raise Missing(f"A small volume cannot be mounted here ({done.stderr.strip()}): this needs root.")
        shutil.copytree(beside, self._folder, dirs_exist_ok=True)
        shutil.rmtree(beside)
        self._web.start()


async def held(stage: Stage, by: str) -> float:
    """Somebody else holds the lock that every send needs."""
    holder = {"sqlite": sqlite_lock, "postgres": postgres_lock}[by]
    with await asyncio.to_thread(Entered, holder(stage.scene)):
        await hungry(stage, LOCKED)
    return await stage.traffic.recovered(time.monotonic())


class Entered:
    """A context that was entered beside the event loop."""

    def __init__(self, context: AbstractContextManager[None]) -> None:
        self._stack = ExitStack()
        self._stack.enter_context(context)

    def __enter__(self) -> None:
        pass

    def __exit__(self, *_: object) -> None:
        self._stack.close()


@contextmanager
def sqlite_lock(scene: Scene) -> Iterator[None]:
    """The one lock of the file."""
    path = scene.house.folder / "data" / "quietroom.db"
    connection = sqlite3.connect(path, isolation_level=None, timeout=30, check_same_thread=False)
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        connection.execute("ROLLBACK")
        connection.close()


@contextmanager
def postgres_lock(scene: Scene) -> Iterator[None]:
    """The table of the mailboxes, as a careless operator locks it."""
    with psycopg.connect(scene.house.database) as connection:
        connection.execute("LOCK TABLE mailbox IN ACCESS EXCLUSIVE MODE")
        yield
        connection.rollback()


async def no_connections(stage: Stage) -> float:
    """Others take every connection that the database has, also those that the processes of the house had."""
    with await asyncio.to_thread(Greedy, stage.scene.house.database):
        await hungry(stage, HUNGRY)
    return await stage.traffic.recovered(time.monotonic())


class Greedy:
    """Takes connections as soon as one is free, until the block ends. Who was quicker to come back is sent away again."""

    def __init__(self, address: str) -> None:
        self._address, self._ended = address, threading.Event()
        self._held: list[psycopg.Connection] = []
        self._grab()
        self._thread = threading.Thread(target=self._go_on, daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()
        for one in self._held:
            one.close()

    def _go_on(self) -> None:
        while not self._ended.wait(GRAB):
            self._held[0].execute(END_OTHERS)
            self._grab()

    def _grab(self) -> None:
        with contextlib.suppress(psycopg.OperationalError):
            while not self._ended.is_set():
                self._held.append(psycopg.connect(self._address, autocommit=True, application_name="greedy", connect_timeout=5))


def kinds() -> list[Kind]:
    """All of them."""
    return [
        Kind("disk-full", "disk full", EMBEDDED, full_disk, 3),
        Kind("locked-sqlite", "database locked for 10 s", EMBEDDED, partial(held, by="sqlite"), 3),
        Kind("locked-postgres", "database locked for 10 s", APART, partial(held, by="postgres"), 3),
        Kind("connections", "no connections left", APART, no_connections, 3),
    ]
