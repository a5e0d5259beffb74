"""Sentences that remember how they were made."""

from __future__ import annotations

import pytest

from chat.lib import json
from chat.lib.sentences import Sentence, filled, sentence, unpacked


def test_a_sentence_is_its_english_text() -> None:
    said = Sentence("{names} may write up to {most} characters.", names=["Ben", "Cleo"], most=10_000)
    assert said == "Ben and Cleo may write up to 10,000 characters."
    assert (said.pattern, said.values["most"]) == ("{names} may write up to {most} characters.", 10_000)


@pytest.mark.parametrize(("count", "said"), [(0, "0 clients"), (1, "one client"), (2, "2 clients")])
def test_a_number_chooses_the_pattern(count: int, said: str) -> None:
    assert Sentence("one client", "{count} clients", count=count) == said


def test_a_text_without_values_is_no_pattern() -> None:
    assert Sentence("Type {} or {name}.") == "Type {} or {name}."
    assert filled("{name}", {}) == "{name}"


def test_what_a_person_wrote_is_never_a_pattern() -> None:
    assert Sentence("{name} is off.", name="{most}") == "{most} is off."


def test_a_text_becomes_a_sentence_once() -> None:
    said = Sentence("{name} is off.", name="Dana")
    assert sentence(said) is said
    assert sentence("Off.").pattern == "Off."


def test_a_packed_sentence_comes_back_with_its_values() -> None:
    said = Sentence("{name} reads this from today.", name="Zoë “Z” {x}")
    back = unpacked(said.packed())
    assert isinstance(back, Sentence)
    assert (back, back.pattern, back.values) == (said, said.pattern, said.values)


def test_another_text_stays_what_it_is() -> None:
    assert unpacked("Cleo reads this from today.") == "Cleo reads this from today."
    assert not isinstance(unpacked("{name}"), Sentence)


def test_on_the_wire_a_sentence_is_a_text() -> None:
    assert json.encode([Sentence("{name} is off.", name="Dana")]) == b'["Dana is off."]'
