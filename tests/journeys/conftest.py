"""A practice to travel in: on SQLite with one process, or on PostgreSQL and Redis with two."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.journeys.servers import House, Practice, server
from tests.services.postgres import PostgresServer
from tests.services.redis import RedisServer

EITHER = ("SQLite", "PostgreSQL and Redis")


@pytest.fixture(scope="session")
def practice(tmp_path_factory: pytest.TempPathFactory) -> Practice:
    """The demo practice, to be copied."""
    return Practice(tmp_path_factory.mktemp("practice"))


@contextmanager
def on_postgres(practice: Practice, postgres: PostgresServer, redis: str) -> Iterator[House]:
    """Two web processes over a database of their own."""
    template = practice.template(postgres)
    with postgres.database(template) as address, server(practice, database=address, redis=redis, processes=2) as house:
        yield house


@pytest.fixture(scope="session")
def embedded(practice: Practice) -> Iterator[House]:
    """A practice on SQLite, served by one process, for all tests that only write and read in it."""
    with server(practice) as found:
        yield found


@pytest.fixture(scope="session")
def apart(practice: Practice, postgres_server: PostgresServer, redis_server: RedisServer) -> Iterator[House]:
    """The same on PostgreSQL and Redis, served by two processes."""
    with on_postgres(practice, postgres_server, redis_server.url) as found:
        yield found


@pytest.fixture(params=EITHER)
def house(request: pytest.FixtureRequest) -> House:
    """Each of the two."""
    found: House = request.getfixturevalue("embedded" if request.param == EITHER[0] else "apart")
    return found


@pytest.fixture
def own_house(practice: Practice) -> Iterator[House]:
    """A practice of the test's own, on SQLite, for what is done to its server."""
    with server(practice) as found:
        yield found
