"""`make fuzz`: a hundred thousand requests and as many frames against a real server. Exits with 1 if anything failed."""

from __future__ import annotations

import argparse
import asyncio
import secrets
import sys
import tempfile
from pathlib import Path

from tests.bench.processes import resident_kib
from tests.fuzz import frames, http
from tests.fuzz.season import Tally
from tests.journeys.servers import House, Practice, server

ROUNDS = 5
#: Memory may grow by so many MiB from the second to the last round: caches fill, and the practice itself grows.
GROWTH = 24


def main() -> None:
    """Flood, in rounds, and print what came of it."""
    words = argparse.ArgumentParser(prog="make fuzz", description=__doc__)
    words.add_argument("--requests", type=int, default=100_000)
    words.add_argument("--frames", type=int, default=100_000)
    words.add_argument("--seed", type=int, default=secrets.randbelow(1 << 32))
    given = words.parse_args()
    print(f"seed {given.seed}", flush=True)
    folder = tempfile.TemporaryDirectory(prefix="quietroom-fuzz-")
    with folder as name, server(Practice(Path(name)), log_level="warning") as house:
        sys.exit(1 if _run(house, given) else 0)


def _run(house: House, given: argparse.Namespace) -> list[str]:
    faults, memory, whole = list[str](), list[float](), Tally()
    for number in range(ROUNDS):
        rounds = [http.flood(house, given.requests // ROUNDS, given.seed + number)] if given.requests else []
        rounds += [asyncio.run(frames.flood(house, given.frames // ROUNDS, given.seed + number))] if given.frames else []
        for tally in rounds:
            whole.codes += tally.codes
            faults += tally.faults
        memory.append(resident_kib([house.webs[0].pid]) / 1024)
        print(f"round {number + 1} of {ROUNDS}: {whole.count:,} answers, {memory[-1]:.0f} MiB, {len(faults)} faults", flush=True)
    if memory[-1] - memory[1] > GROWTH:
        faults.append(f"memory grew from {memory[1]:.0f} to {memory[-1]:.0f} MiB")
    if "Traceback" in house.log():
        faults.append("the log holds a traceback:\n" + house.log()[-6_000:])
    for code, count in whole.codes.most_common():
        print(f"{count:>9,}  {code}")
    print("\n".join(faults) or "no faults")
    return faults


if __name__ == "__main__":
    main()
