"""Cursors of pages."""

import pytest

from chat.lib.pages import cursor, parse


def test_a_cursor_comes_back() -> None:
    for pair in ((0, "a"), (-5, "x_-Y"), (1_772_625_600_000, "A" * 22)):
        assert parse(cursor(*pair)) == pair


@pytest.mark.parametrize(
    "text", ["", ".", "1", "1.", ".a", "x.a", "1.a.b", "1.a b", "1 .a", "1.a\n", "9" * 19 + ".a", "1." + "a" * 65, "١.a"]
)
def test_anything_else_is_none(text: str) -> None:
    assert parse(text) is None
