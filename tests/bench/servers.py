"""Starting what is measured: the reference and the product, each in a folder of its own, with people signed in."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import psycopg

from tests.bench.client import HOST, Person, as_person, ask, sign_in
from tests.bench.processes import ROOT, child, cores, free_port, wait_until_ready
from tests.bench.targets import Pair, Target

PASSWORD = "quietroom-demo"
COUNTED = ("command", "send", "upload", "socket")
UNLIMITED: dict[str, str] = {"QUIETROOM_LIMITS": "on", **{f"QUIETROOM_{name.upper()}_LIMIT": "1000000000" for name in COUNTED}}
"""Settings that lift the limits meant for people: one machine signs in hundreds of them and writes for them all. Everything is
counted as in production, so that the figures hold what counting costs; only nobody comes to the end of it."""


@contextlib.contextmanager
def reference(folder: Path, pairs: int) -> Iterator[Target]:
    """The bare reference on the server's core."""
    port, core = free_port(), cores()[0]
    log = folder / "reference.log"
    with child(["tests.bench.reference", str(port), str(folder)], log, core) as pid:
        wait_until_ready(port, pid, log)
        yield Target("reference", signed_in((port,), pairs, f"http://{HOST}:{port}"), (pid,), (port,), cores=(core,))


DIALECTS = {"channels": "plain", "socketio": "socket.io"}


@contextlib.contextmanager
def peer(name: str, folder: Path, pairs: int, redis_url: str) -> Iterator[Target]:
    """One of `table.PEERS` on the server's core, from the environment that holds them; it believes everybody."""
    python = ROOT / ".venv" / "peers" / "bin" / "python"
    if not python.exists():
        raise SystemExit("The peers are not installed. Run: make bench PEERS=1")
    port, core, log = free_port(), cores()[0], folder / f"{name}.log"
    arguments = [f"tests.bench.peers.{name}_chat", str(port), str(folder), redis_url]
    with child(arguments, log, core, python=str(python)) as pid:
        wait_until_ready(port, pid, log)
        people = signed_in((port,), pairs, f"http://{HOST}:{port}", DIALECTS[name])
        yield Target(name, people, (pid,), (port,), cores=(core,))


@dataclass(frozen=True)
class Backing:
    """Where the product keeps its data; without addresses it keeps everything in its folder."""

    database_url: str | None = None
    redis_url: str | None = None
    pids: tuple[int, ...] = ()

    def environment(self, folder: Path) -> dict[str, str]:
        """The settings of the product, every process alike."""
        addresses = {"QUIETROOM_DATABASE_URL": self.database_url, "QUIETROOM_REDIS_URL": self.redis_url}
        known = {name: address for name, address in addresses.items() if address}
        return {"QUIETROOM_ENVIRONMENT": "development", "QUIETROOM_DATA": str(folder / "data"), **UNLIMITED, **known}


EMBEDDED = Backing()


@contextlib.contextmanager
def product(
    name: str, folder: Path, pairs: int, backing: Backing = EMBEDDED, processes: int = 1, *, people_there: bool = False
) -> Iterator[Target]:
    """The whole product, nothing switched off, with so many web processes, one after the other on the first two cores."""
    ports, log = tuple(free_port() for _ in range(processes)), folder / f"{name}.log"
    origin = f"http://{HOST}:{ports[0]}"
    environment = {**backing.environment(folder), "QUIETROOM_BASE_URL": origin}
    if not people_there:
        word(["chat", "demo", "--pairs", str(pairs)], log, environment)
    with contextlib.ExitStack() as running:
        pids = []
        for number, port in enumerate(ports):
            settings = {**environment, "QUIETROOM_PORT": str(port)}
            pids.append(running.enter_context(child(["chat", "serve"], log, cores()[number % 2], settings)))
            wait_until_ready(port, pids[-1], log)
        used = tuple(cores()[number % 2] for number in range(processes))
        yield Target(name, signed_in(ports, pairs, origin), tuple(pids), ports, backing.pids, backing.database_url or "", used)


def word(arguments: list[str], log: Path, environment: dict[str, str]) -> None:
    """Run a module of the command line to its end, at most ten minutes; raises with the end of its log if it fails."""
    command = [sys.executable, "-m", *arguments]
    with log.open("ab") as output:
        ended = subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}, stdout=output, stderr=output, timeout=600)
    if ended.returncode:
        raise RuntimeError(f"{' '.join(arguments)} failed:\n" + log.read_text(errors="replace")[-3000:])


def seconds_to_start(folder: Path, backing: Backing = EMBEDDED) -> float:
    """From starting the process to the first 200 of GET /readyz."""
    port, log = free_port(), folder / "start.log"
    environment = {**backing.environment(folder), "QUIETROOM_PORT": str(port)}
    before = time.perf_counter()
    with child(["chat", "serve"], log, cores()[0], environment) as pid:
        wait_until_ready(port, pid, log)
        return time.perf_counter() - before


def signed_in(ports: tuple[int, ...], pairs: int, origin: str, dialect: str = "plain") -> tuple[Pair, ...]:
    """Sign in t0001, c0001, t0002, …, a few at a time; with two processes the people of a pair talk to different ones."""

    def one(number: int) -> Pair:
        name = f"{number:04d}"
        first, other = ports[number % len(ports)], ports[(number + 1) % len(ports)]
        person = sign_in(f"t{name}", PASSWORD, first, origin, dialect)
        client = sign_in(f"c{name}", PASSWORD, other, origin, dialect)
        return Pair(conversation_of(client), person, client)

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return tuple(pool.map(one, range(1, pairs + 1)))


def gather_statistics(target: Target) -> None:
    """What autovacuum does within a minute: without it PostgreSQL plans for the empty tables that it began with."""
    with psycopg.connect(target.database.replace("+psycopg", "", 1), autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


def keep_awake(target: Target) -> None:
    """Say for everybody that they are there: the product locks pages after a quarter of an hour without a touch."""

    def one(person: Person) -> None:
        ask(person.port, "POST", "/api/active", body={}, headers=as_person(person))

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(one, target.people()))


def conversation_of(person: Person) -> str:
    """The id of the only conversation that this person was written to in."""
    rows = ask(person.port, "GET", "/api/conversations?folder=inbox", headers=as_person(person)).json()["conversations"]
    return str(rows[0]["id"])
