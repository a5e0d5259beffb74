"""Where a campaign takes place: a practice served by real processes, each of which can be hurt."""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from chat.house import Vault, open_vault
from chat.settings import Settings
from tests.faults import sink
from tests.faults.stored import Stored, stored
from tests.journeys.servers import HOST, House, Practice, server
from tests.services.daemon import Daemon, free_port
from tests.services.nursery import Chat
from tests.services.postgres import PostgresServer, postgres
from tests.services.redis import RedisServer, redis

PATIENT: dict[str, str] = {
    "alert_delay": "1",
    "staff_alert_delay": "3600",
    "alert_fold": "0",
}  # each message to a client makes a mail, soon


@dataclass
class Scene:
    """A house, and what stands around it; on SQLite there is nothing around it."""

    house: House
    practice: Practice
    vault: Vault
    parts: dict[str, Daemon] = field(default_factory=dict)  # "web 0", "web 1", "worker", "redis", "postgres", "mail server"

    @property
    def mails(self) -> Path:
        """Where the mail server keeps what came."""
        return self.house.folder / "mails"

    def number(self, id: str) -> int:
        """The conversation behind its word of the outside."""
        found = self.vault.ids.inner("conversation", id)
        assert found is not None
        return found

    def person(self, id: str) -> int:
        """The person behind their word of the outside."""
        found = self.vault.ids.inner("person", id)
        assert found is not None
        return found

    def stored(self) -> Stored:
        """What is on disk now."""
        return stored(self.house.database, self.vault)


@contextmanager
def embedded(practice: Practice) -> Iterator[Scene]:
    """One process on SQLite, whose worker is part of it."""
    with server(practice, processes=1, **PATIENT) as house:
        yield _scene(house, practice)


class Backing:
    """PostgreSQL, durable as in production, Redis and a mail server, shared by the scenes of a run."""

    def __init__(self, practice: Practice, database: PostgresServer, bells: RedisServer) -> None:
        self.practice, self.database, self.bells = practice, database, bells
        self.template = practice.template(database)

    @contextmanager
    def scene(self) -> Iterator[Scene]:
        """Two web processes, a worker and a mail server over a database of their own."""
        port = free_port()
        mail_url = f"smtp://{HOST}:{port}?tls=none"
        with contextlib.ExitStack() as running:
            address = running.enter_context(self.database.database(self.template))
            settings = {**PATIENT, "mail_url": mail_url}
            redis_url = self.bells.url
            serving = server(self.practice, database=address, redis=redis_url, processes=2, **settings)
            house = running.enter_context(serving)
            scene = _scene(house, self.practice)
            scene.parts["mail server"] = _mail_server(house.folder, port)
            environment = self.practice.environment(
                data=str(house.folder / "data"), database_url=address, redis_url=redis_url, **settings
            )
            scene.parts["worker"] = _worker(house.folder, environment)
            around = {"postgres": self.database.daemon, "redis": self.bells.daemon}
            scene.parts |= {name: daemon for name, daemon in around.items() if daemon is not None}
            for name in ("mail server", "worker"):
                scene.parts[name].start()
                running.callback(scene.parts[name].stop)
            yield scene


@contextmanager
def backing(practice: Practice) -> Iterator[Backing]:
    """The servers around, for as long as the block lasts."""
    with postgres(durable=True) as database, redis() as bells:
        yield Backing(practice, database, bells)


def _scene(house: House, practice: Practice) -> Scene:
    vault = open_vault(Settings(keys=practice.keys))
    return Scene(house, practice, vault, {f"web {place}": web for place, web in enumerate(house.webs)})


def _mail_server(folder: Path, port: int) -> Daemon:
    words: list[str | Path] = [str(port), folder / "mails"]
    log = folder / "mail-server.log"
    return Chat(words, log, lambda: listens(port), environment=dict(os.environ), program=sink.PROGRAM)


def _worker(folder: Path, environment: dict[str, str]) -> Daemon:
    port = free_port()
    own = environment | {"QUIETROOM_METRICS_PORT": str(port)}
    return Chat(["worker"], folder / "worker.log", lambda: listens(port), environment=own)


def listens(port: int) -> bool:
    """Whether somebody takes connections there."""
    with contextlib.suppress(OSError), socket.create_connection((HOST, port), timeout=1):
        return True
    return False
