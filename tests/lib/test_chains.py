"""A link depends on its record, on all before it, and on the key."""

import pytest

from chat.lib.chains import START, link, same

KEY = bytes(32)
RECORD = (1, None, "view", "Ünï")


def test_the_same_record_at_the_same_place_has_the_same_link() -> None:
    assert same(link(KEY, START, RECORD), link(KEY, START, list(RECORD)))


@pytest.mark.parametrize(
    ("key", "previous", "record"),
    [
        (bytes(31) + b"1", START, RECORD),
        (KEY, b"x", RECORD),
        (KEY, START, (1, None, "view", "Uni")),
        (KEY, START, (1, "", "view", "Ünï")),
    ],
)
def test_another_key_predecessor_or_record_has_another_link(key: bytes, previous: bytes, record: tuple[object, ...]) -> None:
    assert not same(link(KEY, START, RECORD), link(key, previous, record))  # type: ignore[arg-type]
