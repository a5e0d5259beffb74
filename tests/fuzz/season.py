"""What makes made-up input reach further than the first check: real ids and keys in the places where they belong."""

from __future__ import annotations

import json
import random
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx2

from tests.journeys.servers import HOST, House

PASSWORD = "quietroom-demo"
NAMES = ("ada", "ben", "cleo", "dana", "eli", "hal", "ivy", "jon", "kim")
LISTS = ("conversations?folder=inbox", "conversations?folder=sent", "people", "clients", "contacts", "staff", "sessions")
#: Fields that hold an id, or several.
IDS = frozenset(
    ("conversation", "conversations", "client", "clients", "person", "therapist", "successor", "to", "cc", "contact", "expects",
     "attachment", "attachments", "session", "mass_message", "id", "before", "after")
)  # fmt: skip
TEXTS = (
    "",
    "x",
    "\x00",
    "\u202e",
    "\ud800",
    "%s" * 9,
    "' OR 1=1 --",
    "\U0001f469\u200d\U0001f467",
    "A" * 12_001,
    "1e999",
    "../x",
)
THINGS: tuple[Any, ...] = (None, True, False, 0, -1, 1, 1 << 53, 1 << 70, 1.5, [], {}, [[]], [None], {"a": {"b": []}}, *TEXTS)


@dataclass
class Tally:
    """What came of it all: answers by their code, and every answer that must not be."""

    codes: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    @property
    def count(self) -> int:
        """Everything that was answered or closed."""
        return self.codes.total()


class Season:
    """Ids of both practices, as their people see them, and one source of chance."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.ids: list[str] = ["0" * 22]

    def gather(self, client: httpx2.Client) -> None:
        """Learn the ids that somebody signed in is shown."""
        for path in LISTS:
            answer = client.get(f"/api/{path}")
            if answer.status_code == 200:
                self.ids += [word for word in _strings(answer.json()) if len(word) == 22]
        self.ids = sorted(set(self.ids))

    def seasoned(self, value: Any, name: str = "") -> Any:
        """The same with real ids and keys in some of their places."""
        if isinstance(value, dict):
            return {key: self.seasoned(one, key) for key, one in value.items()}
        if isinstance(value, list):
            return [self.seasoned(one, name) for one in value]
        if name == "key" and self.chance.random() < 0.7:
            return str(uuid.UUID(int=self.chance.getrandbits(128 if self.chance.random() < 0.8 else 4)))
        if name in IDS and isinstance(value, str) and self.chance.random() < 0.7:
            return self.chance.choice(self.ids)
        return value

    def anything(self, name: str) -> Any:
        """Something for a field of this name, right or wrong."""
        chance = self.chance.random()
        if chance < 0.3:
            return self.chance.choice(THINGS)
        if name == "key":
            return str(uuid.UUID(int=self.chance.getrandbits(128)))
        if name in IDS:
            one = self.chance.choice(self.ids)
            return [one] if chance < 0.6 or name.endswith("s") or name in ("to", "cc") else one
        return self.chance.choice(("x", True, 1, "inbox", "2026-01-01", {}, None)) if chance < 0.7 else self.chance.choice(TEXTS)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _strings(one)


def visitor(house: House, name: str) -> httpx2.Client:
    """Somebody's browser; signed in, if they may still be."""
    origin = f"http://{HOST}:{house.ports[0]}"
    client = httpx2.Client(base_url=origin, headers={"Origin": origin}, timeout=60)
    client.post("/api/sign_in", json={"username": name, "password": PASSWORD})
    return client


def encoded(value: Any) -> bytes:
    """JSON as any program may write it; what UTF-8 cannot hold is escaped."""
    return json.dumps(value).encode()
