"""The real servers and the browser, started when the first test asks for them, one of each for a whole run."""

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager
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
