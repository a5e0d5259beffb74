"""Reading over HTTP: how long pages take on a small and on a large database, and how many bytes a browser loads first."""

import asyncio
import gzip
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from posixpath import normpath
from urllib.parse import urljoin, urlsplit

import orjson

from tests.bench.client import Person, Socket, as_person, ask
from tests.bench.figures import percentile

GETS = 21
FIRST_PAGE, INBOX = "/", "/api/conversations?folder=inbox"
LINKS = re.compile(
    r"""<(?:script|link)\b[^>]*?\b(?:src|href)\s*=\s*["']([^"'#]+)["']"""  # what a page names
    r"""|^\s*(?:import|export)\b(?!\s*\()[^"';]*["'](\.[^"']+)["']"""  # what a module imports before it runs
    r"""|@import\s+(?:url\()?["']([^"']+)["']"""  # what a style sheet draws in
    r"""|\bnew URL\(["'](\.[^"']+\.\w+)["'], import\.meta\.url\)""",  # a file that a module asks for when it runs
    re.MULTILINE,
)
NOT_LOADED = re.compile(
    r"""<link\b[^>]*\brel\s*=\s*["'](?:canonical|apple-touch-icon|alternate|help|license|next|prev|search)["'][^>]*>"""
    r"""|<link\b[^>]*\bas\s*=\s*["']fetch["'][^>]*>"""  # data, and no part of the page
)


@dataclass(frozen=True)
class Reads:
    """Milliseconds, medians of 21 requests."""

    inbox: float
    conversation: float
    sync: float
    """From opening a socket to `hello` and the inbox page: what signing in has to wait for."""


@dataclass(frozen=True)
class FirstPage:
    """Everything that the browser loads for a page: itself, scripts, style sheets, pictures."""

    files: int
    bytes: int
    bytes_gz: int
    """As sent to a browser that takes gzip; a file that the server sends plain counts as plain."""


def timed(call: Callable[[], object]) -> float:
    """The median of 21 calls in milliseconds, after two that are not counted."""
    waits = []
    for _ in range(GETS + 2):
        before = time.perf_counter()
        call()
        waits.append((time.perf_counter() - before) * 1000)
    return percentile(waits[2:], 0.5)


def get(person: Person, path: str) -> bytes:
    """A read that has to succeed."""
    answer = ask(person.port, "GET", path, headers=as_person(person))
    if answer.status != 200:
        raise RuntimeError(f"GET {path} answered {answer.status}: {answer.body[:200]!r}")
    return answer.body


def reads(person: Person) -> Reads:
    """The pages of one person, one request at a time; the conversation is the one on top of the inbox."""
    conversation = orjson.loads(get(person, INBOX))["conversations"][0]["id"]
    return Reads(
        timed(lambda: get(person, INBOX)),
        timed(lambda: get(person, f"/api/conversations/{conversation}/messages")),
        timed(lambda: asyncio.run(sync(person))),
    )


async def sync(person: Person) -> None:
    """What a page does at sign-in: connect first, then load."""
    socket = await Socket.open(person)
    get(person, "/api/me")
    get(person, INBOX)
    socket.cut()
    await socket.closed


def linked(path: str, text: str) -> list[str]:
    """The paths, on the same server, that a page, module or style sheet makes a browser load."""
    found = (next(filter(None, match.groups())) for match in LINKS.finditer(NOT_LOADED.sub("", text)))
    absolute = (urlsplit(urljoin(path, name)) for name in found)
    return [normpath(part.path) for part in absolute if not part.netloc]


def first_page(port: int, person: Person | None = None) -> FirstPage:
    """Follow everything that the first page names, and what that names in turn; each file counts once.

    Without anybody's session it is the form to sign in.
    """
    headers = {"Accept-Encoding": "gzip"} | (as_person(person) if person else {})
    seen: dict[str, tuple[int, int]] = {}
    waiting = [FIRST_PAGE]
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        answer = ask(port, "GET", path, headers=headers)
        if answer.status != 200:
            raise RuntimeError(f"the first page names {path}, which answers {answer.status}")
        packed = answer.headers.get("content-encoding") == "gzip"
        body = gzip.decompress(answer.body) if packed else answer.body
        seen[path] = len(body), len(answer.body)
        if answer.headers.get("content-type", "").startswith(("text/", "application/javascript")):
            waiting += linked(path, body.decode())
    return FirstPage(len(seen), sum(size for size, _ in seen.values()), sum(size for _, size in seen.values()))
