"""What a campaign uses up is really used up, or it would show nothing."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import psycopg
import pytest

from tests.faults.resources import Greedy
from tests.services.postgres import PostgresServer

pytestmark = pytest.mark.journey

EAGER = 8
GIVING_UP = 60.0


class Visitors:
    """Programs that connect, work, and come back at once when they lose the connection."""

    def __init__(self, address: str) -> None:
        self._address = address
        self.ended = threading.Event()
        self.inside: set[int] = set()

    def come(self, number: int) -> None:
        """One of them, until all are told to stop."""
        while not self.ended.wait(0.001):
            with contextlib.suppress(psycopg.OperationalError), psycopg.connect(self._address, autocommit=True) as connection:
                self.inside.add(number)
                while not self.ended.wait(0.001):
                    connection.execute("SELECT 1")
            self.inside.discard(number)

    def until(self, inside: int) -> None:
        """Wait until so many are connected, at twenty looks in a row."""
        seen, until = 0, time.monotonic() + GIVING_UP
        while seen < 20:
            assert time.monotonic() < until, f"{len(self.inside)} are connected"
            seen = seen + 1 if len(self.inside) == inside else 0
            time.sleep(0.05)


@contextmanager
def visitors(address: str) -> Iterator[Visitors]:
    """Eight of them, all connected at the beginning."""
    some = Visitors(address)
    with ThreadPoolExecutor(EAGER) as pool:
        try:
            coming = [pool.submit(some.come, number) for number in range(EAGER)]
            some.until(EAGER)
            yield some
        finally:
            some.ended.set()
        for one in coming:
            one.result()


def test_who_comes_back_at_once_finds_no_connection_left_and_one_when_it_is_over(postgres_server: PostgresServer) -> None:
    assert postgres_server.daemon is not None, "a server that others use is not to be filled up"
    with visitors(postgres_server.url) as some:
        with Greedy(postgres_server.url):
            some.until(0)
        some.until(EAGER)
