"""Less than a core for some processes, so that they and nothing else are short: by control groups, where we may make some."""

import contextlib
import os
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

SHARE = 0.3
"""Of a core, for each process."""
PERIOD_US = 10_000
CPU = (Path("/sys/fs/cgroup/cpu"), Path("/sys/fs/cgroup"))
"""Where CPU time is rationed: in the first version of control groups, and in the second, where it is one thing of several."""


@contextlib.contextmanager
def rationed(pids: Sequence[int]) -> Iterator[bool]:
    """Each of these processes gets `SHARE` of a core for as long as the block lasts; False where the machine does not let us."""
    with contextlib.ExitStack() as groups:
        try:
            for pid in pids:
                groups.enter_context(_group(pid))
        except OSError:
            groups.close()
            yield False
        else:
            yield True


@contextlib.contextmanager
def _group(pid: int) -> Iterator[None]:
    """A group of its own for one process, gone at the end with the process back where the others are."""
    root = next((folder for folder in CPU if (folder / "cgroup.procs").exists()), CPU[0])
    group = root / f"quietroom-bench-{os.getpid()}-{pid}"
    group.mkdir()
    try:
        ration(group)
        (group / "cgroup.procs").write_text(str(pid))
        yield
    finally:
        _dissolve(group, root)


def ration(group: Path) -> None:
    """Write down what the group may use; OSError where it has no say in CPU time."""
    quota = round(PERIOD_US * SHARE)
    if (group / "cpu.cfs_quota_us").exists():
        (group / "cpu.cfs_period_us").write_text(str(PERIOD_US))
        (group / "cpu.cfs_quota_us").write_text(str(quota))
    elif (group / "cpu.max").exists():
        (group / "cpu.max").write_text(f"{quota} {PERIOD_US}")
    else:
        raise OSError(f"{group} cannot ration CPU time")


def _dissolve(group: Path, root: Path) -> None:
    for _ in range(50):
        for pid in (group / "cgroup.procs").read_text().split():
            with contextlib.suppress(OSError):  # it has ended
                (root / "cgroup.procs").write_text(pid)
        with contextlib.suppress(OSError):
            group.rmdir()
            return
        time.sleep(0.02)
