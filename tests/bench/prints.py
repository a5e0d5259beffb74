"""Printing: how long a PDF of many conversations takes, and how long everybody else waits meanwhile."""

import http.client
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from tests.bench.client import HOST, Person, as_person, ask
from tests.bench.figures import percentile
from tests.bench.pages import INBOX, get
from tests.bench.servers import EMBEDDED, product, word
from tests.bench.table import SQLITE

CONVERSATIONS, MESSAGES = 50, 2_000
EVERY = 0.01
"""Seconds between two looks at the server while it prints."""


@dataclass(frozen=True)
class Print:
    """One PDF of 50 conversations with 2,000 messages."""

    seconds: float
    kib: float
    delay_p99: float
    """Milliseconds that a request without any work waits meanwhile: the event loop's delay and its own way there and back."""
    delay_before: float
    """The same while nothing is printed."""


def prints(folder: Path, note: Callable[[str, str, Any], None]) -> None:
    """Fill a practice, print it once to start the process that draws, and once to measure."""
    folder.mkdir()
    log, environment = folder / "grow.log", EMBEDDED.environment(folder)
    word(["chat", "demo", "--pairs", "1"], log, environment)
    word(["tests.bench.grow", str(MESSAGES * 10 // 9 + 1), str(MESSAGES // CONVERSATIONS)], log, environment)
    with product("print", folder, 1, EMBEDDED, people_there=True) as target:
        person = target.pairs[0].one
        chosen = conversations(person)
        pdf(person, chosen[:1])
        quiet = percentile(waits(person.port, lambda: time.sleep(3)), 0.99)
        sizes: list[int] = []
        before = time.perf_counter()
        meanwhile = waits(person.port, lambda: sizes.append(len(pdf(person, chosen))))
        seconds = time.perf_counter() - before
        note(SQLITE, "print", Print(seconds, sizes[0] / 1024, percentile(meanwhile, 0.99), quiet))


def conversations(person: Person) -> list[str]:
    """The ids of the short conversations; the long one, written last, leads the inbox."""
    rows: list[dict[str, Any]] = []
    path = INBOX
    while len(rows) <= CONVERSATIONS:
        page = orjson.loads(get(person, path))
        rows += page["conversations"]
        if page["next"] is None:
            break
        path = f"{INBOX}&before={page['next']}"
    chosen = [row["id"] for row in rows if row["visible"] == MESSAGES // CONVERSATIONS]
    if len(chosen) != CONVERSATIONS:
        raise RuntimeError(f"{len(chosen)} conversations are there to be printed, not {CONVERSATIONS}")
    return chosen


def pdf(person: Person, chosen: list[str]) -> bytes:
    """The PDF of these conversations."""
    answer = ask(person.port, "POST", "/api/print", body={"conversations": chosen}, headers=as_person(person))
    if answer.status != 200:
        raise RuntimeError(f"printing answered {answer.status}: {answer.body[:200]!r}")
    return answer.body


def waits(port: int, work: Callable[[], object]) -> list[float]:
    """Milliseconds of a request every 10 ms on one connection for as long as `work`, in another thread, takes."""
    failed: list[BaseException] = []

    def carry_out() -> None:
        try:
            work()
        except BaseException as error:
            failed.append(error)

    worker = threading.Thread(target=carry_out)
    connection = http.client.HTTPConnection(HOST, port, timeout=60)
    found: list[float] = []
    worker.start()
    while worker.is_alive():
        before = time.perf_counter()
        connection.request("GET", "/healthz")
        connection.getresponse().read()
        found.append((time.perf_counter() - before) * 1000)
        time.sleep(EVERY)
    worker.join()
    connection.close()
    if failed:
        raise failed[0]
    return found
