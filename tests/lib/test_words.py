"""Words as people mean them."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat.lib.words import WORDS, excerpt, folded, like, listed, patterns, username

TEXT = st.text(st.characters(exclude_categories=["Cs"]))


@pytest.mark.parametrize(
    ("text", "found"),
    [("Zoë Müller", "zoe muller"), ("  ŁUKASZ\tŻak ", "łukasz zak"), ("Straße", "strasse"), ("ﬁn", "fin"), ("ℌans", "hans")],
)
def test_names_are_found_whatever_accents_case_or_blanks(text: str, found: str) -> None:
    assert folded(text) == found


@given(TEXT)
@settings(deadline=None, derandomize=True, database=None, max_examples=300)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert folded(folded(text)) == folded(text)
    assert username(username(text)) == username(text)


def test_a_username_has_one_form() -> None:
    assert username(" Dana ") == username("DANA") == username("ｄａｎａ") == "dana"
    assert username("zoë") != username("zoe")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ""),
        ("one\n\n two\tthree", "one two three"),
        ("x" * 120, "x" * 120),
        ("x" * 121, "x" * 119 + "…"),
        ("word " * 40, "word " * 23 + "word…"),
        ("\n" * 500 + "Hello", "Hello"),
    ],
)
def test_an_excerpt_is_the_first_words_on_one_line(text: str, words: str) -> None:
    assert excerpt(text) == words
    assert len(excerpt(text)) <= 120


def test_an_excerpt_may_be_shorter() -> None:
    assert excerpt("one two three", 8) == "one two…"


def test_names_stand_in_a_sentence() -> None:
    assert [listed(names) for names in ([], ["Ben"], ["Ben", "Cleo"], ["Ada", "Ben", "Cleo"])] == [
        "",
        "Ben",
        "Ben and Cleo",
        "Ada, Ben and Cleo",
    ]


@given(TEXT.filter(lambda text: "\x00" not in text), TEXT.filter(lambda text: "\x00" not in text))
@settings(deadline=None, derandomize=True, database=None)
def test_a_pattern_finds_its_own_text_and_none_of_its_signs_is_a_wildcard(text: str, other: str) -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute("PRAGMA case_sensitive_like = ON")
    for candidate in (f"before {text} after", other):
        found = connection.execute("SELECT ? LIKE ? ESCAPE '\\'", (candidate, like(text))).fetchone()[0]
        assert bool(found) == (text in candidate)
    connection.close()


def test_wildcards_are_plain_signs() -> None:
    assert like("50%_\\") == "%50\\%\\_\\\\%"


def test_a_search_becomes_the_patterns_of_its_longest_words_and_the_rest_finds_everything() -> None:
    assert list(patterns("Re_d  dána re_d").values()) == ["%dana%", "%re\\_d%", "%%", "%%", "%%", "%%"]
    assert set(patterns("").values()) == {"%%"}
    many = patterns("a bb ccc dddd eeeee ffffff ggggggg")
    assert (tuple(many), "%a%" in many.values(), "%ggggggg%" in many.values()) == (WORDS, False, True)
