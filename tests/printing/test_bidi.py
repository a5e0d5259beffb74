"""Text in both directions: as Unicode's rules have it, whatever somebody typed."""

from __future__ import annotations

import pytest
from fpdf.bidi import BidiParagraph
from fpdf.enums import TextDirection
from hypothesis import example, given, settings
from hypothesis import strategies as some

from chat.printing import bidi

LETTERS = "abאבעغ12١ .,-+$%()[]\u0301\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200f\u200e\t"


def shown(text: str) -> str:
    """The characters from left to right."""
    base = bidi.base_level(text)
    return "".join(bidi.visual(text, bidi.levels(text, base)))


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("abc", "abc"),
        ("אבג", "גבא"),
        ("abc אבג def", "abc גבא def"),
        ("אבג abc דהו", "והד abc גבא"),
        ("אבג 123 דהו", "והד 123 גבא"),
        ("אבג (abc) דהו", "והד )abc( גבא"),  # the brackets are mirrored when they are drawn
        ("אבג-14:30", "14:30-גבא"),
        ("العدد 12-10", "10-12 ددعلا"),  # a range of numbers in Arabic runs from right to left
        ("abc \u2067אבג 1\u2069 def", "abc \u20671 גבא\u2069 def"),
    ],
)
def test_mixed_text_stands_as_it_is_read(text: str, seen: str) -> None:
    assert shown(text) == seen


def test_a_paragraph_begins_at_the_side_of_its_first_letter() -> None:
    assert [bidi.base_level(text) for text in ("12 אב ab", "12 ab אב", "", "123", "\u2067אב\u2069 ab")] == [1, 0, 0, 0, 0]


@settings(deadline=None, max_examples=200, derandomize=True)
@example("a (b א) ב", 1)
@example("א (ב a) b", 0)
@given(some.text(alphabet=LETTERS, min_size=1, max_size=24), some.sampled_from([0, 1]))
def test_levels_are_those_of_an_independent_implementation(text: str, base: int) -> None:
    other = BidiParagraph(text, TextDirection.RTL if base else TextDirection.LTR).get_characters_with_embedding_level()
    assert {character.character_index: character.embedding_level for character in other}.items() <= dict(
        enumerate(bidi.levels(text, base))
    ).items()


@pytest.mark.parametrize(
    "text", ["-" * 9_999 + "א", "(" * 9_999 + "א", "\u2067a" * 5_000, "\u2068" * 9_999 + "א", "\u202bא" * 5_000]
)
def test_long_rows_of_one_sign_are_no_trouble(text: str) -> None:
    assert len(bidi.levels(text, bidi.base_level(text))) == len(text)


@settings(deadline=None, max_examples=50, derandomize=True)
@given(some.text(max_size=60))
def test_nothing_is_lost_or_doubled_by_ordering(text: str) -> None:
    assert sorted(shown(text)) == sorted(text)
