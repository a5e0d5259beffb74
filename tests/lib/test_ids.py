"""Ids as the outside sees them: opaque, bound to their table and key."""

from __future__ import annotations

import string
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat.lib.ids import LENGTH, Ids

IDS = Ids(bytes(range(32)))
ALPHABET = string.ascii_letters + string.digits + "-_"
NUMBERS = st.integers(0, 2**64 - 1)


@given(NUMBERS, st.sampled_from(["person", "conversation", "a table with a long name"]))
@settings(deadline=None, derandomize=True, database=None)
def test_every_number_comes_back(number: int, tag: str) -> None:
    word = IDS.outer(tag, number)
    assert len(word) == LENGTH
    assert set(word) <= set(ALPHABET)
    assert IDS.inner(tag, word) == number


def test_a_word_is_good_for_its_own_table_only() -> None:
    assert IDS.inner("conversation", IDS.outer("person", 7)) is None


def test_a_word_is_good_under_its_own_key_only() -> None:
    assert Ids(bytes(32)).inner("person", IDS.outer("person", 7)) is None


def test_words_tell_neither_order_nor_nearness() -> None:
    words = [IDS.outer("person", number) for number in range(1_000)]
    assert len(set(words)) == 1_000
    assert words != sorted(words)
    assert len({word[:2] for word in words}) > 500
    assert len({word[-2:] for word in words}) > 200  # the last character holds two bits only


def test_every_process_makes_the_same_words() -> None:
    assert IDS.outer("person", 7) == Ids(bytes(range(32))).outer("person", 7)


@given(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=30) | st.text(ALPHABET + "+/=", min_size=LENGTH, max_size=LENGTH)
)
@settings(deadline=None, derandomize=True, database=None)
def test_garbage_is_nothing(word: str) -> None:
    assert IDS.inner("person", word) is None


def test_a_word_changed_in_any_place_is_nothing() -> None:
    word = IDS.outer("person", 7)
    for place in range(LENGTH):
        for character in ALPHABET + "+/=é":
            other = word[:place] + character + word[place + 1 :]
            assert (IDS.inner("person", other) == 7) == (other == word), other


@pytest.mark.parametrize("word", ["", "a" * 21, "a" * 23, "ä" * 22, "=" * 22, "\x00" * 22])
def test_words_of_another_form_are_nothing(word: str) -> None:
    assert IDS.inner("person", word) is None


def test_threads_share_one_translator() -> None:
    with ThreadPoolExecutor(8) as pool:
        words = list(pool.map(lambda number: IDS.outer("thread", number), range(2_000)))
        assert list(pool.map(lambda word: IDS.inner("thread", word), words)) == list(range(2_000))
