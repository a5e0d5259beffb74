"""Sealing: bound to key and place."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat.lib import clock
from chat.lib.crypto import DataKey, KeyRing, Unreadable, begins, key_of

SECRET = bytes(range(32))
KEY = DataKey(7, SECRET)
OLD, NEW = bytes([1]) * 32, bytes([2]) * 32


@given(st.text(st.characters(exclude_categories=["Cs"])))
@settings(deadline=None, derandomize=True, database=None)
def test_what_was_sealed_opens_in_its_place(text: str) -> None:
    sealed = KEY.seal("message.body:1:1", text)
    assert KEY.open("message.body:1:1", sealed) == text
    assert key_of(sealed) == 7


def test_bytes_are_sealed_as_they_are() -> None:
    assert KEY.open_bytes("file:1", KEY.seal_bytes("file:1", b"\xff\x00")) == b"\xff\x00"


def test_nothing_of_the_text_is_in_the_sealed_value_and_none_is_like_another() -> None:
    first, second = KEY.seal("place", "a" * 50), KEY.seal("place", "a" * 50)
    assert b"aaa" not in first
    assert first != second
    assert first[8:20] != second[8:20]


@pytest.mark.parametrize("place", ["message.body:1:2", "message.body:2:1", "draft.body:1:1", ""])
def test_a_value_that_was_moved_does_not_open(place: str) -> None:
    with pytest.raises(Unreadable):
        KEY.open(place, KEY.seal("message.body:1:1", "secret"))


def test_a_value_changed_in_any_byte_of_nonce_text_or_tag_does_not_open() -> None:
    sealed = KEY.seal("place", "secret")
    for at in range(8, len(sealed)):
        with pytest.raises(Unreadable):
            KEY.open("place", sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :])


@pytest.mark.parametrize("length", [0, 5, 8, 12, 19, 20, 25, 35])
def test_a_value_that_was_cut_does_not_open(length: int) -> None:
    with pytest.raises(Unreadable):
        KEY.open("place", KEY.seal("place", "secret")[:length])


def test_another_key_does_not_open_it() -> None:
    with pytest.raises(Unreadable):
        DataKey(7, bytes(32)).open("place", KEY.seal("place", "secret"))


def test_a_ring_makes_keys_that_it_opens_again() -> None:
    ring = KeyRing({"old": OLD, "new": NEW})
    number, wrapped, name, secret = ring.make()
    assert (name, len(secret), ring.names) == ("new", 32, ["old", "new"])
    assert 0 < number < 2**62 + 1
    assert ring.unwrap(number, name, wrapped) == secret
    assert secret not in wrapped
    assert ring.make()[0] != number


def test_a_newer_ring_still_reads_what_an_older_one_wrapped() -> None:
    number, wrapped, name, secret = KeyRing({"old": OLD}).make()
    assert KeyRing({"old": OLD, "new": NEW}).unwrap(number, name, wrapped) == secret


def test_a_data_key_is_bound_to_its_id_and_its_wrapping_key() -> None:
    ring = KeyRing({"old": OLD, "new": NEW})
    number, wrapped, name, _ = ring.make()
    with pytest.raises(Unreadable, match="does not open"):
        ring.unwrap(number + 1, name, wrapped)
    with pytest.raises(Unreadable, match="does not open"):
        ring.unwrap(number, "old", wrapped)
    with pytest.raises(Unreadable, match="does not open"):
        ring.unwrap(number, name, wrapped[:-1])
    with pytest.raises(Unreadable, match="does not open"):
        ring.unwrap(number, name, b"")
    with pytest.raises(Unreadable, match="lacks the key other"):
        ring.unwrap(number, "other", wrapped)


def test_a_key_that_is_named_by_a_day_writes_from_that_day_on_and_reads_before() -> None:
    ring = KeyRing({"old": OLD, "2026-12-05": NEW, "2026-12-12": OLD})
    day = begins("2026-12-05")
    assert (begins("old"), begins("2026-12")) == (0, 0)
    for instant, name in (
        (day - 1, "old"), (day, "2026-12-05"), (begins("2026-12-12") - 1, "2026-12-05"), (begins("2026-12-12"), "2026-12-12")
    ):  # fmt: skip
        with clock.frozen(instant):
            assert ring.current == name
            number, wrapped, by, secret = ring.make()
            assert by == name
        with clock.frozen(day - 1):
            assert ring.unwrap(number, by, wrapped) == secret


def test_before_the_day_of_its_first_key_that_one_writes() -> None:
    with clock.frozen(0):
        assert KeyRing({"2026-12-12": OLD, "2026-12-05": NEW}).current == "2026-12-05"


def test_there_is_no_key_of_a_day_that_there_is_not() -> None:
    with pytest.raises(ValueError, match="day is out of range"):
        begins("2026-02-30")
