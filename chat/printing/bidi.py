"""The order of mixed left-to-right and right-to-left text (Unicode's UAX #9), in time that grows with the text and no faster.

fpdf2 has an implementation that recurses once a character, so that a long row of dashes beside one Hebrew letter ends it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar
from unicodedata import bidirectional

from fpdf.bidi import BIDI_BRACKETS

T = TypeVar("T")
DEEPEST = 125
BRACKETS_OPEN = 63
# Hebrew to Arabic and their presentation forms, everything right-to-left beyond the basic plane, and the controls.
NEEDS_ORDER = re.compile(
    "[\u0590-\u08ff\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_ISOLATES, _EMBEDDINGS = {"LRI", "RLI", "FSI"}, {"LRE", "RLE", "LRO", "RLO"}
_REMOVED = _EMBEDDINGS | {"PDF", "BN"}
_NEUTRAL = {"B", "S", "WS", "ON", "LRI", "RLI", "FSI", "PDI"}


def base_level(text: str) -> int:
    """1 for a paragraph that reads from right to left, by its first strong character; 0 otherwise."""
    if not NEEDS_ORDER.search(text):
        return 0
    kinds = [bidirectional(character) for character in text]
    return _first_strong(kinds, 0, len(kinds), _partners(kinds))


def levels(text: str, base: int) -> list[int]:
    """The embedding level of each character of one paragraph; odd ones read from right to left."""
    kinds = [bidirectional(character) or "L" for character in text]
    partners = _partners(kinds)
    explicit, resolved = _explicit(kinds, base, partners)
    kept = [at for at, kind in enumerate(kinds) if kind not in _REMOVED]
    found = list(explicit)
    for places in _sequences(kinds, explicit, kept, partners):
        _Sequence(text, kinds, resolved, explicit, places, base, partners).resolve(found)
    _smooth(kinds, found, base)
    return found


def visual(things: Sequence[T], of: Sequence[int]) -> list[T]:
    """The things of one line, given in the order of reading with their levels, in the order in which they stand."""
    ordered = list(things)
    ranks = list(of)
    for level in range(max(ranks, default=0), 0, -1):
        start = 0
        while start < len(ranks):
            end = start
            while end < len(ranks) and ranks[end] >= level:
                end += 1
            if end > start + 1:
                ordered[start:end] = ordered[start:end][::-1]
                ranks[start:end] = ranks[start:end][::-1]
            start = end + 1
    return ordered


def _partners(kinds: Sequence[str]) -> dict[int, int]:
    """Isolate initiators and the marks that end them, each to the other."""
    found: dict[int, int] = {}
    waiting: list[int] = []
    for at, kind in enumerate(kinds):
        if kind in _ISOLATES:
            waiting.append(at)
        elif kind == "PDI" and waiting:
            begin = waiting.pop()
            found[begin], found[at] = at, begin
    return found


def _first_strong(kinds: Sequence[str], start: int, end: int, partners: dict[int, int]) -> int:
    at = start
    while at < end:
        if kinds[at] in {"L", "R", "AL"}:
            return int(kinds[at] != "L")
        at = partners.get(at, end) + 1 if kinds[at] in _ISOLATES else at + 1
    return 0


def _explicit(kinds: Sequence[str], base: int, partners: dict[int, int]) -> tuple[list[int], list[str]]:
    """Rules X1 to X8: levels and kinds after embeddings, overrides and isolates."""
    stack: list[tuple[int, str, bool]] = [(base, "", False)]
    too_many_isolates = too_many_embeddings = isolates = 0
    result, kept = [], list(kinds)
    for at, kind in enumerate(kinds):
        level, override, _ = stack[-1]
        if kind == "PDI":
            if too_many_isolates:
                too_many_isolates -= 1
            elif isolates:
                too_many_embeddings = 0
                while not stack[-1][2]:
                    stack.pop()
                stack.pop()
                isolates -= 1
            level, override, _ = stack[-1]
        result.append(base if kind == "B" else level)
        if override and kind not in _REMOVED and kind != "B":
            kept[at] = override
        if kind in _ISOLATES | _EMBEDDINGS:
            odd = _first_strong(kinds, at + 1, partners.get(at, len(kinds)), partners) if kind == "FSI" else kind[0] == "R"
            deeper = (level + 1) | 1 if odd else (level + 2) & ~1
            fits = deeper <= DEEPEST and not too_many_isolates and not too_many_embeddings
            isolate = kind in _ISOLATES
            if fits:
                isolates += isolate
                stack.append((deeper, kind[0] if kind[2] == "O" else "", isolate))
            elif isolate:
                too_many_isolates += 1
            elif not too_many_isolates:
                too_many_embeddings += 1
        elif kind == "PDF" and not too_many_isolates:
            if too_many_embeddings:
                too_many_embeddings -= 1
            elif not stack[-1][2] and len(stack) > 1:
                stack.pop()
    return result, kept


def _sequences(kinds: Sequence[str], level: Sequence[int], kept: Sequence[int], partners: dict[int, int]) -> list[list[int]]:
    """Rule X10: runs of one level, those around an isolate joined."""
    runs: list[list[int]] = []
    for at in kept:
        if runs and level[runs[-1][-1]] == level[at]:
            runs[-1].append(at)
        else:
            runs.append([at])
    begins = {run[0]: run for run in runs}
    joined = []
    for run in runs:
        if kinds[run[0]] == "PDI" and run[0] in partners:
            continue
        whole = list(run)
        while kinds[whole[-1]] in _ISOLATES and partners.get(whole[-1]) in begins:
            whole += begins[partners[whole[-1]]]
        joined.append(whole)
    return joined


@dataclass
class _Sequence:
    """Rules W1 to I2 for one isolating run sequence: the characters at `places`, with their explicit levels."""

    text: str
    original: list[str]
    resolved: list[str]
    level: list[int]
    places: list[int]
    base: int
    partners: dict[int, int]
    types: list[str] = field(default_factory=list)

    def resolve(self, found: list[int]) -> None:
        """Write the level of every character of the sequence into `found`."""
        self.types = [self.resolved[at] for at in self.places]
        own = self.level[self.places[0]]
        before, after = self._edges(own)
        embedding = "R" if own % 2 else "L"
        self._weak(before)
        self._brackets(before, embedding)
        self._neutral(before, after, embedding)
        for at, kind in zip(self.places, self.types, strict=True):
            if own % 2:
                found[at] += kind != "R"
            else:
                found[at] += {"R": 1, "AN": 2, "EN": 2}.get(kind, 0)

    def _edges(self, own: int) -> tuple[str, str]:
        first, last = self.places[0], self.places[-1]
        before = self._neighbour(range(first - 1, -1, -1))
        open_end = self.original[last] in _ISOLATES and last not in self.partners
        after = self.base if open_end else self._neighbour(range(last + 1, len(self.original)))
        return ("R" if max(own, before) % 2 else "L"), ("R" if max(own, after) % 2 else "L")

    def _neighbour(self, places: range) -> int:
        return next((self.level[at] for at in places if self.original[at] not in _REMOVED), self.base)

    def _weak(self, before: str) -> None:
        types, strong = self.types, before
        for at, kind in enumerate(types):  # W1
            if kind == "NSM":
                left = types[at - 1] if at else before
                types[at] = "ON" if left in _ISOLATES or left == "PDI" else left
        for at, kind in enumerate(types):  # W2, W3
            if kind in {"L", "R", "AL"}:
                strong = kind
            if kind == "EN" and strong == "AL":
                types[at] = "AN"
        types[:] = ["R" if kind == "AL" else kind for kind in types]
        for at in range(1, len(types) - 1):  # W4
            left, right = types[at - 1], types[at + 1]
            if left == right and ((types[at] == "ES" and left == "EN") or (types[at] == "CS" and left in {"EN", "AN"})):
                types[at] = left
        self._terminators()
        strong = before
        for at, kind in enumerate(types):  # W7
            if kind in {"L", "R"}:
                strong = kind
            elif kind == "EN" and strong == "L":
                types[at] = "L"

    def _terminators(self) -> None:
        """W5, W6: signs of currency and the like belong to the number beside them."""
        types, at = self.types, 0
        while at < len(types):
            end = at
            while end < len(types) and types[end] == "ET":
                end += 1
            if end > at:
                number = (at and types[at - 1] == "EN") or (end < len(types) and types[end] == "EN")
                types[at:end] = ["EN" if number else "ON"] * (end - at)
            at = end + 1
        types[:] = ["ON" if kind in {"ES", "CS", "ET"} else kind for kind in types]

    def _pairs(self) -> list[tuple[int, int]]:
        waiting: list[tuple[str, int]] = []
        pairs = []
        for at, place in enumerate(self.places):
            bracket = BIDI_BRACKETS.get(self.text[place]) if self.types[at] == "ON" else None
            if bracket is None:
                continue
            if bracket["type"] == "o":
                if len(waiting) == BRACKETS_OPEN:
                    return []
                waiting.append((bracket["pair"], at))
                continue
            found = next((n for n in range(len(waiting) - 1, -1, -1) if waiting[n][0] == self.text[place]), None)
            if found is not None:
                pairs.append((waiting[found][1], at))
                del waiting[found:]
        return sorted(pairs)

    def _brackets(self, before: str, embedding: str) -> None:
        """N0: a pair of brackets goes with what stands in it, or before it."""
        types, strong, seen = self.types, before, 0
        for begin, end in self._pairs():
            for kind in types[seen:begin]:
                strong = {"L": "L", "R": "R", "EN": "R", "AN": "R"}.get(kind, strong)
            seen = begin
            inside = {"L" if kind == "L" else "R" for kind in types[begin + 1 : end] if kind in {"L", "R", "EN", "AN"}}
            if inside:
                direction = embedding if embedding in inside or strong == embedding else strong
                types[begin] = types[end] = direction
                for at in (begin, end):
                    self._marks_after(at, direction)

    def _marks_after(self, at: int, direction: str) -> None:
        for following in range(at + 1, len(self.types)):
            if self.original[self.places[following]] != "NSM":
                return
            self.types[following] = direction

    def _neutral(self, before: str, after: str, embedding: str) -> None:
        """N1, N2."""
        types, at, left = self.types, 0, before
        while at < len(types):
            end = at
            while end < len(types) and types[end] in _NEUTRAL:
                end += 1
            if end > at:
                right = after if end == len(types) else "L" if types[end] == "L" else "R"
                types[at:end] = [left if left == right else embedding] * (end - at)
            if end < len(types):
                left = "L" if types[end] == "L" else "R"
            at = end + 1


def _smooth(kinds: Sequence[str], level: list[int], base: int) -> None:
    """L1, and levels for the characters that no rule looks at: those of what stands before."""
    for at, kind in enumerate(kinds):
        if kind in _REMOVED:
            level[at] = level[at - 1] if at else base
    trailing = True
    for at in range(len(kinds) - 1, -1, -1):
        if kinds[at] in {"B", "S"}:
            level[at], trailing = base, True
        elif trailing and kinds[at] in {"WS", "FSI", "LRI", "RLI", "PDI", *_REMOVED}:
            level[at] = base
        else:
            trailing = False
