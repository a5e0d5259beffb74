"""What is measured: a running server, and the people who talk on it. Plain data, handed to the generator's process."""

from dataclasses import dataclass, replace

from tests.bench.client import Person


@dataclass(frozen=True)
class Pair:
    """Two people signed in and their conversation."""

    conversation: str
    one: Person
    other: Person


@dataclass(frozen=True)
class Target:
    """One server under measurement."""

    name: str
    pairs: tuple[Pair, ...]
    web: tuple[int, ...]
    """Process ids of the web processes; their CPU is the server's."""
    ports: tuple[int, ...] = ()
    """Where they listen, in the same order."""
    services: tuple[int, ...] = ()
    """Process ids of database server and Redis, counted beside."""
    database: str = ""
    """The address of its PostgreSQL database; empty for SQLite."""
    cores: tuple[int, ...] = ()
    """The cores it may use, for the note below the table."""

    def people(self) -> list[Person]:
        """Everybody, first one side of each conversation, then the other, so that few senders mean many conversations."""
        return [pair.one for pair in self.pairs] + [pair.other for pair in self.pairs]

    def only(self, pairs: int) -> "Target":
        """The same server with at most this many of its pairs."""
        return replace(self, pairs=self.pairs[:pairs])
