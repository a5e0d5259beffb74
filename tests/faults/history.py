"""What the senders know, kept outside the server: every message that was tried, and what was answered."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

UNKNOWN, ACKNOWLEDGED, REFUSED = "unknown", "acknowledged", "refused"
MARK = "campaign"  # every body of a campaign begins with it
WIDE = "🙂"  # what a long one is filled with: four bytes each
Json = dict[str, Any]


@dataclass
class Attempt:
    """One message under one key. `copies`: how many conversations it is to stand in, each once."""

    key: str
    author: str
    body: str
    copies: int = 1
    state: str = UNKNOWN
    conversation: str = ""  # where it stands by the answer, as the outside names it
    seq: int = 0
    words: str = ""  # why it was refused


@dataclass
class History:
    """All attempts by their keys, in order."""

    attempts: dict[str, Attempt] = field(default_factory=dict)

    def begin(self, author: str, *, copies: int = 1, length: int = 0) -> Attempt:
        """A message is about to be sent: its key stands in its body, so that each can be told from all others."""
        key = str(uuid4())
        attempt = Attempt(key, author, f"{MARK} {key} by {author}".ljust(length, WIDE), copies)
        self.attempts[key] = attempt
        return attempt

    def done(self, key: str, result: Json) -> None:
        """The server says that it has it on disk."""
        if attempt := self.attempts.get(key):
            attempt.state = ACKNOWLEDGED
            attempt.conversation, attempt.seq = str(result.get("conversation", "")), int(result.get("seq", 0))

    def refused(self, key: str, words: str) -> None:
        """The server says no."""
        if attempt := self.attempts.get(key):
            attempt.state, attempt.words = REFUSED, words

    def count(self, state: str) -> int:
        """How many attempts are in this state."""
        return sum(attempt.state == state for attempt in self.attempts.values())

    def keep(self, file: Path) -> None:
        """Write it down, a line for each attempt."""
        file.write_text("".join(json.dumps(asdict(one)) + "\n" for one in self.attempts.values()))
