"""A mass message to a thousand clients, each with an open page: how soon it is accepted, and how soon everybody has it.

python -m tests.bench.masses <clients> <file>    with the product's settings in the environment, after `chat demo --pairs 1`
"""

import asyncio
import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from chat import house
from chat.actions.sessions import SignIn, sign_in
from chat.lib.database import writing_engine
from chat.models.people import Role
from chat.runtime.lane import Work
from chat.settings import Settings
from chat.transaction import Who
from tests.bench.client import Json, Person, Socket, as_person, ask, close_all, open_all
from tests.bench.figures import percentile
from tests.bench.generator import Generator
from tests.bench.grow import check, hire
from tests.bench.load import TEXT
from tests.bench.plan import Plan
from tests.bench.processes import child
from tests.bench.servers import Backing, product, word
from tests.bench.table import POSTGRES, SQLITE
from tests.bench.targets import Target
from tests.services.postgres import postgres
from tests.services.redis import redis

CLIENTS, ROUNDS = 1_000, 3
SUBJECT = "Closed between the years"


@dataclass(frozen=True)
class Mass:
    """One mass message, in seconds from when it was sent: accepted, first and last of the open pages."""

    accepted: float
    first: float
    delivered: float


def masses(plan: Plan, generator: Generator, folder: Path, note: Callable[[str, str, Any], None]) -> None:
    """Fill a practice on each database, let every client open a page, and write to all of them."""
    for column in (SQLITE, POSTGRES):
        if column in plan.servers:
            place = folder / f"mass-{column}"
            place.mkdir()
            found = measured(column, place, generator)
            note(column, "mass", Mass(*(percentile([getattr(one, name) for one in found], 0.5) for name in Mass.__annotations__)))


def measured(column: str, folder: Path, generator: Generator) -> list[Mass]:
    """A few mass messages on one database."""
    with practice(column, folder, CLIENTS) as place:
        return [generator.run(one_mass, place.target, place.cookies) for _ in range(ROUNDS)]


@dataclass(frozen=True)
class Practice:
    """A practice that is served, and the sessions of the many clients of its first therapist."""

    target: Target
    cookies: list[str]
    database: str


@contextmanager
def practice(column: str, folder: Path, clients: int, pairs: int = 1) -> Iterator[Practice]:
    """One with so many clients, and so many people beside who write to each other."""
    log, tokens = folder / "mass.log", folder / "tokens.json"
    with ExitStack() as running:
        backing = Backing()
        if column == POSTGRES:
            doorbell = running.enter_context(redis())
            backing = Backing(running.enter_context(running.enter_context(postgres(durable=True)).database()), doorbell.url)
        environment = backing.environment(folder)
        word(["chat", "demo", "--pairs", str(pairs)], log, environment)
        word(["tests.bench.masses", str(clients), str(tokens)], log, environment)
        target = running.enter_context(product("mass", folder, pairs, backing, people_there=True))
        if column == POSTGRES:
            running.enter_context(child(["chat", "worker"], log, target.cores[0], environment))
        yield Practice(target, json.loads(tokens.read_text()), backing.database_url or "")


def pages(target: Target, cookies: list[str]) -> list[Person]:
    """The clients, at the therapist's process."""
    therapist = target.pairs[0].one
    return [Person("client", f"session={cookie}", therapist.port, therapist.origin) for cookie in cookies]


async def one_mass(target: Target, cookies: list[str]) -> Mass:
    """Open everybody's page, send, and wait until the last of them shows it."""
    sockets = await open_all(pages(target, cookies))
    found = await delivered(target, sockets)
    await close_all(sockets)
    return found


async def delivered(target: Target, sockets: list[Socket]) -> Mass:
    """Send, and wait until the last of these pages shows it."""
    subject, begun, there = f"{SUBJECT} {uuid4()}", 0.0, asyncio.Event()
    moments: list[float] = []

    def look(_: Socket, frame: Json) -> None:
        if frame.get("conversation", {}).get("subject") == subject:
            moments.append(time.perf_counter() - begun)
            if len(moments) == len(sockets):
                there.set()

    for socket in sockets:
        socket.on_frame = look
    begun = time.perf_counter()
    accepted = await asyncio.to_thread(send, target.pairs[0].one, subject, len(sockets))
    await asyncio.wait_for(there.wait(), 240)
    return Mass(accepted, min(moments), max(moments))


def send(therapist: Person, subject: str, count: int) -> float:
    """Seconds until the mass message is accepted; it goes to the clients of the bench and to the one of the pair."""
    fields = {"key": str(uuid4()), "everyone": True, "subject": subject, "body": TEXT, "confirm": count + 1}
    before = time.perf_counter()
    answer = ask(therapist.port, "POST", "/api/send_mass_message", body=fields, headers=as_person(therapist))
    if answer.status != 200:
        raise RuntimeError(f"the mass message was answered {answer.status}: {answer.body[:200]!r}")
    return time.perf_counter() - before


def fill(count: int, tokens: str) -> None:
    """Clients for the therapist, each with a session; their cookies go into a file."""
    settings = Settings()
    with writing_engine(settings.database).begin() as connection:
        found = hire(connection, count - 1)
    lane = house.lane(settings, house.open_vault(settings))
    works = [Work(sign_in, Who(client, found.organization, Role.CLIENT), SignIn(client, "127.0.0.1")) for client in found.clients]
    lane.carry_out(works, check)
    lane.close()
    Path(tokens).write_text(json.dumps([work.result for work in works]))


if __name__ == "__main__":
    fill(int(sys.argv[1]), sys.argv[2])
