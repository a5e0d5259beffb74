"""The order in which tests run side by side."""

from types import SimpleNamespace
from typing import Any

import pytest

from tests.conftest import LONGEST, SLOW, spread


def named(*names: str) -> list[Any]:
    return [SimpleNamespace(nodeid=name) for name in names]


@pytest.mark.parametrize("workers", [2, 3, 4])
def test_every_test_runs_once_and_all_workers_but_the_last_begin_with_a_browser(workers: int) -> None:
    quick = [f"tests/lib/test_{number}.py" for number in range(20)]
    items = named(*quick[:10], *(f"{SLOW}test_{number}.py" for number in range(4)), f"{LONGEST}::one", *quick[10:])
    found = [item.nodeid for item in spread(items, workers)]
    assert sorted(found) == sorted(item.nodeid for item in items)
    assert found[0].startswith(LONGEST)
    begins = [found[len(items) * number // workers] for number in range(workers)]
    assert [name.startswith(SLOW) for name in begins] == [True] * (workers - 1) + [False]


def test_where_nearly_all_is_slow_nothing_is_lost() -> None:
    items = named(*(f"{SLOW}test_{number}.py" for number in range(7)), "tests/lib/test_ids.py")
    assert sorted(item.nodeid for item in spread(items, 3)) == sorted(item.nodeid for item in items)
