"""The real servers and the browser, started when the first test asks for them, one of each for a whole run."""

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager
from itertools import islice
from pathlib import Path
from typing import TypeVar

import pytest

from tests.databases import _engine, address, house, postgresql_template, sqlite_template, template
from tests.services.chromium import chromium
from tests.services.daemon import Missing
from tests.services.postgres import PostgresServer, postgres
from tests.services.redis import RedisServer, redis
from tests.services.s3 import BucketServer, s3
from tests.services.smtp import SmtpSink, smtp

__all__ = ["_engine", "address", "house", "postgresql_template", "sqlite_template", "template"]

T = TypeVar("T")
SLOW, LONGEST = "tests/browser/", "tests/browser/test_states.py"


def running(service: AbstractContextManager[T]) -> Iterator[T]:
    """The service; a test that needs a missing part fails with the sentence that says what to do."""
    try:
        with service as server:
            yield server
    except Missing as missing:
        pytest.fail(str(missing), pytrace=False)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: many tests wait for what takes its time, and a worker that waits leaves its core idle."""
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Side by side, all workers but one begin with what takes long, and the short ones fill up the end.

    Each worker is given an equal piece of the list first, and takes from the end of another's when its own is done. The longest
    of all stand at the head; what one browser sees stays together, for that begins and ends once a worker. One worker has no
    browser, so that those of the others are not too slow for what waits on them.
    """
    workers = getattr(config, "workerinput", {}).get("workercount", 1)
    if workers > 1:
        items[:] = spread(items, workers)


def spread(items: list[pytest.Item], workers: int) -> list[pytest.Item]:
    """The same tests in pieces, one for each worker."""
    slow = sorted((item for item in items if SLOW in item.nodeid), key=lambda item: LONGEST not in item.nodeid)
    quick = iter([item for item in items if SLOW not in item.nodeid])
    found: list[pytest.Item] = []
    for number in range(workers):
        found += slow[number :: workers - 1] if number < workers - 1 else []
        found += islice(quick, max(0, len(items) * (number + 1) // workers - len(found)))
    return [*found, *quick]


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Async tests run on asyncio, as the server does."""
    return "asyncio"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """PostgreSQL that forgets at a power cut, and is therefore quick."""
    yield from running(postgres())


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    """Redis for everybody: tests that kill it start their own with `redis()`."""
    yield from running(redis())


@pytest.fixture(scope="session")
def bucket_server() -> Iterator[BucketServer]:
    """An object store; each test has a bucket of its own."""
    yield from running(s3())


@pytest.fixture(scope="session")
def smtp_sink() -> Iterator[SmtpSink]:
    """A plain mail server; `clear()` it first."""
    yield from running(smtp())


@pytest.fixture(scope="session")
def chromium_path() -> Path:
    """The browser's program; `chromium()` has its arguments, too."""
    try:
        return chromium().path
    except Missing as missing:
        pytest.fail(str(missing), pytrace=False)
