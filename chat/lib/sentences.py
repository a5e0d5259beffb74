"""Sentences that remember how they were made, so that they can be said in another language than the one they are written in."""

from __future__ import annotations

import json
from typing import Any, Self

from chat.lib.words import listed

_MARK = "\x02"  # begins a packed sentence; no text that a person sends can hold it at its start


class Sentence(str):
    """An English sentence, ready to be read. `pattern` is how it was made, with the names of `values` in braces.

    Values are names, numbers, lists of names, and other sentences. A sentence that counts has a second pattern for all numbers
    but one; the number is the value `count`.
    """

    pattern: str
    several: str | None
    values: dict[str, Any]

    def __new__(cls, pattern: str, several: str | None = None, /, **values: Any) -> Self:
        """Made of one pattern, or of two of which the number chooses."""
        chosen = several if several is not None and values.get("count") != 1 else pattern
        self = super().__new__(cls, filled(chosen, {name: _english(value) for name, value in values.items()}))
        self.pattern, self.several, self.values = pattern, several, values
        return self

    def packed(self) -> str:
        """A text of which `unpacked` makes the sentence again: for lines that are kept and read by many."""
        return _MARK + json.dumps([self.pattern, self.values], ensure_ascii=False)


def sentence(text: str) -> Sentence:
    """A text as a sentence; one that is one already stays what it is."""
    return text if isinstance(text, Sentence) else Sentence(text)


def filled(pattern: str, values: dict[str, str]) -> str:
    """A pattern with its values; without any it is no pattern, whatever it holds."""
    return pattern.format_map(values) if values else pattern


def unpacked(text: str) -> str:
    """The sentence of a packed text; any other text as it is."""
    if not text.startswith(_MARK):
        return text
    pattern, values = json.loads(text[len(_MARK) :])
    return Sentence(pattern, **values)


def _english(value: Any) -> str:
    if isinstance(value, int):
        return f"{value:,}"
    return listed(value) if isinstance(value, list) else str(value)
