"""The rows of the table, their floors and goals, and how they are written down."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from tests.bench.rations import SHARE

REFERENCE, SQLITE, POSTGRES, TWO = "reference", "sqlite", "postgres", "postgres2"
COLUMNS = {
    REFERENCE: "reference",
    SQLITE: "SQLite",
    POSTGRES: "PostgreSQL + Redis",
    TWO: "the same, 2 processes",
    "channels": "Django Channels",
    "socketio": "python-socketio",
}
PEERS = ("channels", "socketio")
"""What others offer: no bar is meant for it, as little as for the reference."""
Medians = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True)
class Row:
    """One line: a field of the figures, what it has to reach, and which way is better."""

    field: str
    label: str
    unit: str
    floor: float | None = None
    goal: float | None = None
    rising: bool = False
    """Higher is better."""

    def verdict(self, value: float) -> str:
        """What a value is worth: goal, floor or missed; nothing where no bar is set."""
        if self.goal is None or self.floor is None:
            return ""
        sign = 1 if self.rising else -1
        return "goal" if value * sign >= self.goal * sign else "floor" if value * sign >= self.floor * sign else "missed"


ROWS = (
    Row("rate.rate", "highest rate, p99 < 250 ms", "/s", 2500, 5000, rising=True),
    Row("rate.share", "highest rate, against the reference", "×", 0.2, 0.4, rising=True),
    Row("rate.cpu", "CPU a message at that rate", "µs", 400, 180),
    Row("rate.cpu_services", "CPU a message of database server and Redis", "µs"),
    Row("quiet.delivered.p50", "delivered p50, one in flight", "ms", 3, 1.2),
    Row("quiet.delivered.p99", "delivered p99, one in flight", "ms", 15, 5),
    Row("quiet.acknowledged.p50", "acknowledged p50, one in flight", "ms"),
    Row("quiet.acknowledged.p99", "acknowledged p99, one in flight", "ms"),
    Row("half.delivered.p50", "delivered p50 at half the highest rate", "ms", 20, 8),
    Row("half.delivered.p99", "delivered p99 at half the highest rate", "ms", 100, 40),
    Row("half.cpu", "CPU a message at half the highest rate", "µs"),
    Row("scale.measured", "two web processes against one, rate measured", "×", 1.4, 1.7, rising=True),
    Row("rationed.rate", f"highest rate where each web process has {SHARE} of a core", "/s"),
    Row("scale.rationed", f"two web processes against one, rate where each has {SHARE} of a core", "×", 1.4, 1.7, rising=True),
    Row("scale.by_cpu", "two web processes against one, by CPU a message", "×", 1.4, 1.7, rising=True),
    Row("idle.kib", "resident memory an idle socket", "KiB", 40, 30),
    Row("reads.inbox", "inbox page, 1,000,000 messages against 10,000", "×", 2, 1.2),
    Row("reads.conversation", "conversation page, the same", "×", 2, 1.2),
    Row("reads.sync", "sign-in sync, the same", "×", 2, 1.2),
    Row("storm.caught_up", "sockets cut at once: all caught up", "s", 30, 15),
    Row("storm.sockets", "sockets cut", ""),
    Row("storm.cpu", "CPU a socket that comes back", "ms"),
    Row("print.seconds", "PDF of 50 conversations, 2,000 messages", "s", 20, 5),
    Row("print.delay_p99", "a request without work meanwhile, p99", "ms", 50, 20),
    Row("print.delay_before", "the same while nothing is printed", "ms"),
    Row("mass.accepted", "mass message to 1,000 clients: accepted", "s", 1, 0.3),
    Row("mass.delivered", "the same: on all open pages", "s", 30, 5),
    Row("crowd.delivered", "mass message to 5,000 clients while 50 people write: on all open pages", "s"),
    Row("crowd.alone.p50", "delivered p50 among the 50 before it, 5,000 pages open", "ms"),
    Row("crowd.alone.p99", "the same, p99", "ms"),
    Row("crowd.beside.p50", "delivered p50 among the 50 until the last page has it", "ms"),
    Row("crowd.beside.p99", "the same, p99", "ms"),
    Row("crowd.quiet_mib", "resident memory before it", "MiB"),
    Row("crowd.peak_mib", "the same at most until the last page has it", "MiB"),
    Row("crowd.connections", "connections to the database at most meanwhile", ""),
    Row("first_page.bytes_gz", "first page, everything loaded", "bytes", 120 * 1024, 60 * 1024),
    Row("first_page.sign_in.bytes_gz", "the form to sign in, the same", "bytes", 120 * 1024, 60 * 1024),
    Row("phone.inbox", "Inbox on a phone that has nothing yet: 1.6 Mbit/s, 150 ms a request", "s", 3, 1.5),
    Row("phone.sign_in", "the form to sign in on such a phone", "s", 3, 1.5),
    Row("phone.far", "Inbox, the same with 300 ms a request", "s"),
    Row("phone.slow", "Inbox, the first line with a quarter of the CPU", "s"),
    Row("start.seconds", "ready after start", "s", 3, 1),
    Row("start.first", "ready after the first start of all", "s"),
    Row("disk.p50", "fsync of 4 KiB, p50", "ms"),
    Row("rate.others_busy", "cores that others used meanwhile", ""),
    Row("rate.generator_busy", "share of its core that the generator used", ""),
)


def number(value: float | None) -> str:
    """Three figures that count, thousands with commas; a dash for what was not measured."""
    if value is None or math.isnan(value):
        return "–"
    if math.isinf(value):
        return "never"
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    return f"{value:,.{digits}f}"


def lines(medians: Medians) -> list[list[str]]:
    """The table as cells: head first, only columns and rows that hold something."""
    columns = [name for name in COLUMNS if name in medians]
    table = [["", "floor", "goal", *(COLUMNS[name] for name in columns), "SQLite : reference", ""]]
    for row in ROWS:
        values = {name: medians[name][row.field] for name in columns if row.field in medians[name]}
        if not values:
            continue
        cells = [number(values.get(name)) for name in columns]
        bar = [number(row.floor), number(row.goal)]
        table.append(
            [f"{row.label} {f'({row.unit})' if row.unit else ''}".strip(), *bar, *cells, ratio(values), verdicts(row, values)]
        )
    return table


def ratio(values: Mapping[str, float]) -> str:
    """The product against the reference, both in their plainest form."""
    if SQLITE not in values or not values.get(REFERENCE):
        return ""
    return number(values[SQLITE] / values[REFERENCE])


def verdicts(row: Row, values: Mapping[str, float]) -> str:
    """The verdict of the plainest form of the product that was measured; bars are not meant for the reference."""
    own = [value for name, value in values.items() if name not in {REFERENCE, *PEERS}]
    return row.verdict(own[0]) if own else ""


def plain(cells: list[list[str]]) -> str:
    """For the terminal."""
    widths = [max(len(row[place]) for row in cells) for place in range(len(cells[0]))]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if place else cell.ljust(width) for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in cells
    )


def markdown(cells: list[list[str]]) -> str:
    """For docs/figures.md."""
    head, *rows = ["| " + " | ".join(row) + " |" for row in cells]
    return "\n".join([head, "|" + "---|" * len(cells[0]), *rows])
