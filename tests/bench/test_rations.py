"""Rationing: what is written where, and that it is what a process gets."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.bench import rations
from tests.bench.processes import cpu_seconds
from tests.bench.rations import ration, rationed


def test_both_versions_of_control_groups_are_told(tmp_path: Path) -> None:
    for names, told in ((("cpu.cfs_period_us", "cpu.cfs_quota_us"), ("10000", "3000")), (("cpu.max",), ("3000 10000",))):
        group = tmp_path / names[0]
        group.mkdir()
        for name in names:
            (group / name).touch()
        ration(group)
        assert tuple((group / name).read_text() for name in names) == told


def test_a_group_without_a_say_is_no_ration(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="cannot ration"):
        ration(tmp_path)


def test_where_groups_cannot_be_made_nothing_is_rationed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rations, "CPU", (tmp_path / "none",))
    with rationed([1]) as done:
        assert not done


def test_a_process_gets_its_share_and_then_all_again() -> None:
    busy = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        with rationed([busy.pid]) as done:
            if not done:
                pytest.skip("this machine does not let us make control groups")
            time.sleep(0.2)
            before, clock = cpu_seconds([busy.pid]), time.monotonic()
            time.sleep(1)
            # At most its share of what passed; a machine that is busy with other things gives less.
            assert cpu_seconds([busy.pid]) - before <= (time.monotonic() - clock) * rations.SHARE * 1.2 + 0.05
        assert not list(rations.CPU[0].glob(f"quietroom-bench-*-{busy.pid}"))
        assert busy.poll() is None, "it goes on"
    finally:
        busy.kill()
        busy.wait()
