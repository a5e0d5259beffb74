"""Real `quietroom serve` processes over a demo practice of their own, started in a moment and ended by their process ids."""

import http.client
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from chat.house import make_keys
from tests import canary
from tests.services.daemon import free_port
from tests.services.nursery import CHAT, Chat, nursery
from tests.services.postgres import PostgresServer

ROOT = Path(__file__).parents[2]
HOST = "127.0.0.1"
FILL_SECONDS = 60.0


@dataclass(frozen=True)
class House:
    """One practice and the processes that serve it."""

    folder: Path
    database: str
    webs: list[Chat]
    ports: list[int]

    def log(self) -> str:
        """All that the processes have written so far."""
        return "\n".join((self.folder / f"{port}.log").read_text() for port in self.ports)


class Practice:
    """The demo practice, filled once and copied for each test. Its key ring is the same for all copies."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.keys = make_keys().strip().replace("\n", ";")

    def environment(self, **settings: str) -> dict[str, str]:
        """What a process gets: nothing of the settings of whoever runs the tests."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("QUIETROOM_")}
        own = {"QUIETROOM_KEYS": self.keys, "QUIETROOM_TEST_HASHING": "1", "PYTHONPATH": str(ROOT)}
        return kept | own | {f"QUIETROOM_{name.upper()}": value for name, value in settings.items() if value}

    def fill(self, database: str = "") -> None:
        """Make the demo practice in a database; without one, in the folder that SQLite's copies are made of."""
        settings = {"data": str(self.folder / "sqlite"), "database_url": database}
        log = self.folder / "demo.log"
        filling = nursery(*CHAT).fork(["demo"], self.environment(**settings), log)
        assert filling.wait(FILL_SECONDS) == 0, log.read_text()

    def template(self, database: PostgresServer) -> str:
        """A database to be copied. Another practice on the same server has another key ring, and one of its own."""
        return database.template(f"demo of {self.folder}", self.fill)

    def copy(self, folder: Path) -> None:
        """A fresh SQLite practice in `folder`."""
        if not (self.folder / "sqlite").exists():
            self.fill()
        shutil.copytree(self.folder / "sqlite", folder)


@contextmanager
def server(practice: Practice, *, database: str = "", redis: str = "", processes: int = 1, **settings: str) -> Iterator[House]:
    """A practice that is being served, until the block ends; without `database` on SQLite, by one process."""
    with tempfile.TemporaryDirectory(prefix="quietroom-house-") as name:
        folder = Path(name)
        if not database:
            practice.copy(folder / "data")
        ports = [free_port() for _ in range(processes)]
        shared = {"data": str(folder / "data"), "database_url": database, "redis_url": redis, **settings}
        environments = [practice.environment(port=str(port), **shared) for port in ports]
        webs = [web(folder, port, environment) for port, environment in zip(ports, environments, strict=True)]
        address = database.replace("+psycopg", "") or f"sqlite:///{folder / 'data' / 'quietroom.db'}"
        try:
            for one in webs:
                one.start()
            yield House(folder, address, webs, ports)
            # Whatever a test did: nothing that was said may stand in a log, a mail or a database file.
            assert canary.traces(canary.said(folder / "data", practice.keys, database), [folder]) == []
        finally:
            for one in webs:
                one.stop()


def web(folder: Path, port: int, environment: dict[str, str]) -> Chat:
    """One process, not yet started."""
    return Chat(["serve"], folder / f"{port}.log", lambda: ready(port), environment=environment)


def ready(port: int) -> bool:
    """Whether the process at this port says that it can serve."""
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()
