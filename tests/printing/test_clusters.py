"""What belongs together, and what is said of a character that no typeface has."""

from __future__ import annotations

import pytest

from chat.printing.clusters import clusters, names, stretches

WHOLE = (
    "e\u0301",
    "👍🏽",
    "👩‍🚀",
    "👨‍👩‍👧‍👦",
    "🇩🇪",
    "❤️",
    "1\ufe0f\u20e3",
    "🏴\U000e0067\U000e0062\U000e007f",
    "\u1112\u1161\u11ab",
    "नि",
)


@pytest.mark.parametrize("whole", WHOLE)
def test_what_a_reader_takes_for_one_character_is_not_torn_apart(whole: str) -> None:
    assert clusters(f"a{whole}b") == ["a", whole, "b"]


@pytest.mark.parametrize("apart", ["ab", "가나", "😀😂", "你好", "🇩🇪🇺🇸"])
def test_neighbours_stay_apart(apart: str) -> None:
    assert len(clusters(apart)) == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("😀", ["grinning face"]),
        ("👩‍🚀", ["woman + rocket"]),
        ("🇩🇪", ["flag DE"]),
        ("👍🏽", ["thumbs up sign + skin type-4"]),
        ("🏴\U000e0067\U000e0062\U000e007f", ["waving black flag + tag gb"]),
        ("\ue000", ["U+E000"]),
        ("\u0995", ["U+0995"]),
        ("\U0001fae8", ["U+1FAE8"]),  # younger than this Python
    ],
)
def test_a_character_without_a_glyph_is_named(text: str, said: list[str]) -> None:
    assert list(names(text)) == said


def test_a_long_name_goes_on_in_another_frame() -> None:
    said = list(names("👨‍👩‍👧‍👦" * 5))
    assert len(said) > 1
    assert all(len(one) < 100 for one in said)
    assert " ".join(said).count("woman") == 5


@pytest.mark.parametrize("character", ["\x00", "\x07", "\x1b", "\x9f", "\ud800", "\uffff", "\u0378"], ids=ascii)
def test_what_cannot_be_drawn_is_marked(character: str) -> None:
    assert [one.marks for one in stretches(f"a{character}", bold=False)] == [(), (f"U+{ord(character):04X}",)]


def test_hidden_letters_are_shown() -> None:
    assert [one.marks for one in stretches("a\U000e0048\U000e0069", bold=False)] == [(), ("tag Hi",)]


def test_an_accent_that_no_typeface_has_does_not_take_its_letter_along() -> None:
    found = list(stretches("a\u0378\u1abf", bold=False))
    assert found[0].text == "a"
    assert found[0].face is not None


def test_a_lone_accent_gets_a_circle_to_stand_on() -> None:
    assert next(iter(stretches("\u0301", bold=False))).text == "\u25cc\u0301"
