"""What operators watch, in Prometheus' words. No label ever names a person, a practice, a conversation or an address."""

from __future__ import annotations

from prometheus_client import CONTENT_TYPE_LATEST, Counter, Gauge, Histogram, generate_latest, start_http_server
from prometheus_client.core import REGISTRY

__all__ = ["CONTENT_TYPE_LATEST", "REGISTRY", "generate_latest", "start_http_server"]

_QUICK = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)

COMMANDS = Counter("quietroom_commands", "Commands by name and by what came of them.", ("command", "outcome"))
COMMITS = Histogram("quietroom_commit_seconds", "Seconds that a transaction takes, with its commit.", buckets=_QUICK)
BATCHES = Histogram("quietroom_batch_commands", "Commands in one transaction.", buckets=(1, 2, 5, 10, 20, 50, 100, 200))
QUEUE = Gauge("quietroom_queue_commands", "Commands that wait for the writer.")
SOCKETS = Gauge("quietroom_sockets", "Open sockets.")
FEED = Histogram("quietroom_feed_seconds", "Seconds from the bell to an answer on its way to the socket.", buckets=_QUICK)
TOO_FAST = Counter("quietroom_too_fast", "Refusals for going too fast, by what.", ("what",))
FAULTS = Counter("quietroom_faults", "Requests and commands that failed by a fault of ours.")
JOBS = Counter("quietroom_job_steps", "Steps of the worker's jobs, by job and by what came of them.", ("job", "outcome"))
ALERTS = Gauge("quietroom_alerts", "Alerts by state: waiting (due, not handed over), failed in the last day.", ("state",))
KEY_AGE = Gauge("quietroom_key_age_seconds", "For how long the key that writes has been writing, if it is named by a day.")
LEDGER = Gauge("quietroom_ledger_waiting", "Deletions that do not stand in the ledger yet, 500 at most.")
OLDEST = Gauge("quietroom_oldest_alert_seconds", "For how long the oldest alert has been due.")

_told: dict[tuple[str, str], Counter] = {}


def command(name: str, outcome: str) -> None:
    """Count a command. Names come from the command table, outcomes are codes of the wire: both few."""
    child = _told.get((name, outcome))
    if child is None:
        # Looking a child up by its labels costs several times what counting does.
        child = _told[name, outcome] = COMMANDS.labels(name, outcome)
    child.inc()
