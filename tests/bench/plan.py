"""What is to be measured, how often and how long."""

from dataclasses import dataclass

from tests.bench.table import POSTGRES, REFERENCE, SQLITE

SCENARIOS = ("start", "idle", "quiet", "rate", "half", "scale", "storm", "pages", "first_page", "phone", "print", "mass", "crowd")
SERVERS = (REFERENCE, SQLITE, POSTGRES)


@dataclass(frozen=True)
class Plan:
    """The full measurement; `quick` is its little sister for a look in between."""

    only: frozenset[str] = frozenset(SCENARIOS)
    servers: frozenset[str] = frozenset(SERVERS)
    rounds: int = 3
    pairs: int = 1000
    """Conversations: more than a batch has messages, so that as among real people hardly two of a batch meet in one."""
    seconds: float = 2.0
    """Length of each step of the search and half the length of the open loop."""
    messages: int = 500
    sockets: int = 1000
    crowd: int = 5000
    """Sockets that are cut at once, and clients of the mass message beside which people write to each other."""
    sizes: tuple[int, int] = (10_000, 1_000_000)
    patience: float = 10.0
    """Seconds that each measurement waits at most for the rest of the machine to be quiet."""

    def wants(self, *scenarios: str) -> bool:
        """Whether any of these scenarios is to be run."""
        return not self.only.isdisjoint(scenarios)


def quick(plan: Plan) -> Plan:
    """Under a minute, and good for nothing but a first impression."""
    return Plan(
        plan.only - {"pages", "scale", "storm", "phone", "print", "mass", "crowd"}, plan.servers - {POSTGRES},
        rounds=1, pairs=16, seconds=0.7, messages=200, sockets=300, patience=0,
    )  # fmt: skip
