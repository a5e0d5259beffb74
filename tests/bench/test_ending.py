"""A bench that is told to end."""

import contextlib
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.bench.processes import ROOT, alive, tree


def serving(pids: set[int]) -> list[int]:
    """Which of these are servers of the product."""
    return [pid for pid in pids if b"chat\0serve" in command(pid)]


def command(pid: int) -> bytes:
    """What a process was begun with; nothing of one that has ended meanwhile."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    return b""


def test_no_server_outlives_it() -> None:
    bench = subprocess.Popen(
        [sys.executable, "-m", "tests.bench", "--only", "start", "--servers", "sqlite"], cwd=ROOT, stdout=subprocess.DEVNULL
    )
    until = time.monotonic() + 60
    while not (servers := serving(tree([bench.pid]))):
        assert bench.poll() is None
        assert time.monotonic() < until
        time.sleep(0.05)
    bench.send_signal(signal.SIGTERM)
    assert bench.wait(60) == 128 + signal.SIGTERM
    assert [server for server in servers if alive(server)] == []
