"""Child processes of the bench: started on a chosen core, measured through /proc, ended by their own id."""

import contextlib
import os
import resource
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.bench.client import HOST, ask

ROOT = Path(__file__).resolve().parents[2]
TICK = os.sysconf("SC_CLK_TCK")


def cores() -> tuple[int, int]:
    """The core for the server and the core for the generator; the same one on a machine with a single core."""
    allowed = sorted(os.sched_getaffinity(0))
    return allowed[0], allowed[1 % len(allowed)]


def many_files() -> None:
    """Raise the limit of open files, which children inherit: a thousand sockets need more than the usual 1,024."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def child(
    arguments: list[str], log: Path, core: int | None, environment: dict[str, str] | None = None, python: str = sys.executable
) -> Iterator[int]:
    """Run `python -m …` and give its process id; it is ended when the block ends."""
    with program([python, "-m", *arguments], log, core, environment) as pid:
        yield pid


@contextlib.contextmanager
def program(command: list[str], log: Path, core: int | None, environment: dict[str, str] | None = None) -> Iterator[int]:
    """Run a program and give its process id; it is ended, at the latest by force after 15 seconds, when the block ends."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True,
        )  # fmt: skip
    try:
        if core is not None:
            os.sched_setaffinity(process.pid, {core})
        yield process.pid
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_until_ready(port: int, pid: int, log: Path, patience: float = 60.0) -> None:
    """Return as soon as GET /readyz answers 200; raise with the end of the log if the process ends or `patience` seconds pass."""
    until = time.monotonic() + patience
    while time.monotonic() < until:
        with contextlib.suppress(OSError):
            if ask(port, "GET", "/readyz").status == 200:
                return
        if not alive(pid):
            break
        time.sleep(0.01)
    raise RuntimeError(f"the server on port {port} did not become ready:\n" + log.read_text(errors="replace")[-3000:])


def alive(pid: int) -> bool:
    """Whether the process runs (one that ended but was not waited for does not)."""
    fields = _stat(pid)
    return bool(fields) and fields[0] != "Z"


def tree(pids: Iterable[int]) -> set[int]:
    """These processes and all that descend from them."""
    parents = {int(name): _stat(int(name)) for name in os.listdir("/proc") if name.isdigit()}
    found, wanted = set[int](), set(pids)
    while wanted:
        found |= wanted
        wanted = {pid for pid, fields in parents.items() if fields and int(fields[1]) in wanted} - found
    return found


def cpu_seconds(pids: Iterable[int]) -> float:
    """Seconds of CPU that these processes, their threads and their children have used (resolution: one tick, usually 10 ms)."""
    return sum(sum(int(field) for field in _stat(pid)[11:15]) for pid in tree(pids)) / TICK


def machine_seconds() -> float:
    """Seconds of CPU that the whole machine has used, all cores together, without idling and waiting for disks."""
    fields = [int(field) for field in Path("/proc/stat").read_text().partition("\n")[0].split()[1:9]]
    return (sum(fields) - fields[3] - fields[4]) / TICK


def resident_kib(pids: Iterable[int]) -> float:
    """Resident memory in KiB of these processes and their children; a page that several share is counted once (PSS)."""
    return float(sum(_pss(pid) for pid in tree(pids)))


def _pss(pid: int) -> int:
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0


def _stat(pid: int) -> list[str]:
    """Fields of /proc/<pid>/stat after the name: state, parent, …, at 11–14 ticks of user, system and of children waited for."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return []
