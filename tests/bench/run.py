"""One run: servers side by side, rounds interleaved, medians at the end."""

import contextlib
import os
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from tests.bench import scenarios, servers
from tests.bench.crowds import crowds
from tests.bench.figures import medians, percentile
from tests.bench.generator import Generator
from tests.bench.growth import growth
from tests.bench.masses import masses
from tests.bench.meter import calmly
from tests.bench.pages import first_page
from tests.bench.phones import phones
from tests.bench.plan import Plan
from tests.bench.prints import prints
from tests.bench.processes import cores, many_files
from tests.bench.rations import rationed
from tests.bench.servers import Backing
from tests.bench.table import PEERS, POSTGRES, REFERENCE, SQLITE, TWO
from tests.bench.targets import Target
from tests.services.postgres import postgres
from tests.services.redis import redis

Figures = dict[str, float]
T = TypeVar("T")


@dataclass
class Run:
    """The generator, the plan, and all figures so far: column, then one mapping a round."""

    plan: Plan
    generator: Generator
    rounds: defaultdict[str, list[Figures]] = field(default_factory=lambda: defaultdict(list))

    def note(self, column: str, name: str, value: Any) -> None:
        """Add a scenario's dataclass to the current round of a column, and say so on the terminal."""
        figures = flat(name, asdict(value)) if not isinstance(value, float) else {name: value}
        if not self.rounds[column]:
            self.rounds[column].append({})
        self.rounds[column][-1].update(figures)
        print(f"  {column}: " + ", ".join(f"{key} {number:,.2f}" for key, number in figures.items()), flush=True)


def flat(name: str, value: Any) -> Figures:
    """Nested figures under dotted names."""
    if not isinstance(value, dict):
        return {name: float(value)}
    return {key: number for part, inner in value.items() for key, number in flat(f"{name}.{part}", inner).items()}


def measure(plan: Plan) -> tuple[dict[str, Figures], dict[str, list[Figures]]]:
    """Run the plan; gives the medians and the rounds they come from."""
    many_files()
    with tempfile.TemporaryDirectory(prefix="quietroom-bench-") as name, Generator(cores()[1]) as generator:
        run, folder = Run(plan, generator), Path(name)
        if plan.wants("start") and SQLITE in plan.servers:
            start(run, folder / "start")
        if plan.wants("phone") and SQLITE in plan.servers:
            phones(folder / "phone", run.note)
        if plan.wants("idle", "quiet", "rate", "half", "storm", "scale", "first_page"):
            with contextlib.ExitStack() as running:
                targets = {target.name: target for target in started(plan, folder, running)}
                before_load(run, targets)
                for count in range(plan.rounds):
                    one_round(run, targets, count, folder)
        if plan.wants("pages"):
            growth(plan, folder, run.note)
        if plan.wants("print") and SQLITE in plan.servers:
            prints(folder / "print", run.note)
        if plan.wants("mass"):
            masses(plan, generator, folder, run.note)
        if plan.wants("crowd"):
            crowds(plan, generator, folder, run.note)
        results = {column: medians(rounds) for column, rounds in run.rounds.items()}
        compare(results)
        return results, dict(run.rounds)


def start(run: Run, folder: Path) -> None:
    """The first start makes the database and the demo; the others are what a restart takes."""
    folder.mkdir()
    run.note(SQLITE, "start.first", servers.seconds_to_start(folder))
    run.note(SQLITE, "start.seconds", percentile([servers.seconds_to_start(folder) for _ in range(3)], 0.5))


def started(plan: Plan, folder: Path, running: contextlib.ExitStack) -> Iterator[Target]:
    """All servers that the plan names, left running until the stack unwinds: only one of them is under load at a time."""
    if REFERENCE in plan.servers:
        yield running.enter_context(servers.reference(folder, plan.pairs))
    if SQLITE in plan.servers:
        yield running.enter_context(servers.product(SQLITE, folder, plan.pairs))
    if POSTGRES in plan.servers:
        database, doorbell = running.enter_context(postgres(durable=True)), running.enter_context(redis())
        address = running.enter_context(database.database())
        pids = tuple(daemon.pid for daemon in (database.daemon, doorbell.daemon) if daemon)
        backing = Backing(address, doorbell.url, pids)
        (folder / TWO).mkdir()
        two = running.enter_context(servers.product(TWO, folder / TWO, plan.pairs, backing, processes=2))
        yield one_process(two)
        yield two
    if peers := plan.servers.intersection(PEERS):
        doorbell = running.enter_context(redis())
        for name in sorted(peers):
            yield running.enter_context(servers.peer(name, folder, plan.pairs, doorbell.url))


def one_process(two: Target) -> Target:
    """The same people, all on the first of the two processes; the second has nobody to serve."""
    port = two.ports[0]
    pairs = tuple(replace(pair, one=replace(pair.one, port=port), other=replace(pair.other, port=port)) for pair in two.pairs)
    return replace(two, name=POSTGRES, pairs=pairs, web=two.web[:1], ports=two.ports[:1], cores=two.cores[:1])


def before_load(run: Run, targets: dict[str, Target]) -> None:
    """What has to be weighed while the servers are fresh: after load they hold free memory that would hide the sockets'."""
    for name, target in targets.items():
        if run.plan.wants("idle") and name != TWO:
            run.note(name, "idle", run.generator.run(scenarios.idle, target, run.plan.sockets))
    if run.plan.wants("first_page") and SQLITE in targets:
        target = targets[SQLITE]
        run.note(SQLITE, "first_page", first_page(target.ports[0], target.pairs[0].one))
        run.note(SQLITE, "first_page.sign_in", first_page(target.ports[0]))
    if TWO in targets:
        run.generator.run(scenarios.warm, targets[TWO], run.plan.seconds)
        servers.gather_statistics(targets[TWO])


def one_round(run: Run, targets: dict[str, Target], count: int, folder: Path) -> None:
    """Every server once; each round begins with another one, so that a slow minute of the machine does not hit the same."""
    print(f"round {count + 1} of {run.plan.rounds}", flush=True)
    names = list(targets)
    for name in names[count % len(names) :] + names[: count % len(names)]:
        if count:
            run.rounds[name].append({})
        servers.keep_awake(targets[name])
        run.note(name, "disk.p50", fsync(folder))
        under_load(run, targets[name])


def under_load(run: Run, target: Target) -> None:
    """The scenarios of one server in one round."""
    plan, generator, name = run.plan, run.generator, target.name

    def calm(scenario: Callable[..., Coroutine[Any, Any, T]], *arguments: Any) -> T:
        return calmly(lambda: generator.run(scenario, target, *arguments), plan.patience)

    if plan.wants("quiet"):
        run.note(name, "quiet", calm(scenarios.quiet, plan.messages))
    if plan.wants("rate", "half", "scale"):
        best = scenarios.best_of(calm(scenarios.rate, plan.seconds))
        run.note(name, "rate", best)
        if plan.wants("half"):
            run.note(name, "half", calm(scenarios.half, best.rate, plan.seconds * 2))
    if plan.wants("scale") and name in {POSTGRES, TWO}:
        with rationed(target.web) as done:
            if done:
                run.note(name, "rationed", scenarios.best_of(calm(scenarios.rate, plan.seconds)))
    if plan.wants("storm") and name not in {TWO, *PEERS}:  # who was cut off from a peer learns nothing of what it missed
        run.note(name, "storm", calm(scenarios.storm, plan.crowd))


def fsync(folder: Path) -> float:
    """Milliseconds that the disk takes to keep 4 KiB, median of 50: explains a slow round."""
    waits = []
    with (folder / "fsync").open("wb") as file:
        for _ in range(50):
            file.write(bytes(4096))
            file.flush()
            before = time.perf_counter()
            os.fdatasync(file.fileno())
            waits.append((time.perf_counter() - before) * 1000)
    return percentile(waits, 0.5)


def compare(results: dict[str, Figures]) -> None:
    """The figures that are ratios of two columns."""
    base = results.get(REFERENCE, {}).get("rate.rate")
    for name, figures in results.items():
        if base and name != REFERENCE and "rate.rate" in figures:
            figures["rate.share"] = figures["rate.rate"] / base
    one, two = results.get(POSTGRES, {}), results.get(TWO, {})
    if "rate.rate" in one and "rate.rate" in two:
        two["scale.measured"] = two["rate.rate"] / one["rate.rate"]
        two["scale.by_cpu"] = 2 * one["rate.cpu"] / two["rate.cpu"]
    if "rationed.rate" in one and "rationed.rate" in two:
        two["scale.rationed"] = two["rationed.rate"] / one["rationed.rate"]
