"""Words as people mean them: names are found whatever their accents, case or order."""

from __future__ import annotations

import unicodedata
from itertools import zip_longest


def folded(text: str) -> str:
    """`text` without accents and case, blanks made single: what searches compare."""
    # Twice: some letters get their case, or their accent, only when they are taken apart.
    return " ".join(_plain(_plain(text).casefold()).split())


def _plain(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def username(text: str) -> str:
    """The one form of a username that is stored and compared."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).strip()


def excerpt(text: str, length: int = 120) -> str:
    """The first words of a text on one line."""
    line = " ".join(text.lstrip()[: length * 2].split())
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"


def listed(names: list[str]) -> str:
    """Names in a sentence: "Ben", "Ben and Cleo", "Ada, Ben and Cleo"."""
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + f" and {names[-1]}" if names else ""


#: The parameters of a statement that searches by words.
WORDS = ("word1", "word2", "word3", "word4", "word5", "word6")


def patterns(search: str) -> dict[str, str]:
    """The pattern of each of WORDS for the words of a search, the longest six of them; what is left over finds everything."""
    longest = sorted(set(folded(search).split()), key=lambda word: (-len(word), word))[: len(WORDS)]
    return {name: like(word) for name, word in zip_longest(WORDS, longest, fillvalue="")}


def like(part: str) -> str:
    """The pattern for SQL's LIKE (escape character \\) that finds `part` anywhere."""
    escaped = part.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"
