"""A text becomes lines: broken where its scripts allow it, each line in the order in which it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from chat.printing import bidi
from chat.printing.clusters import clusters
from chat.printing.shaping import Run, Shaper, Word

_BREAKS = re.compile("\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_TOKENS = re.compile("[ \u1680\u2000-\u2006\u2008-\u200b\u205f\u3000]+|[^ \u1680\u2000-\u2006\u2008-\u200b\u205f\u3000]+")
_BLANKS = frozenset(" \u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2008\u2009\u200a\u200b\u205f\u3000")
# A word may also break behind a hyphen or a dash, and an address behind its slashes and the like.
_INNER = re.compile("(?<=[^\\W\\d_][-\u2010\u2013\u2014])(?=\\w)|(?<=[/?&=_,;:])(?=[^\\s/\\d])")
_IDEOGRAPHS = re.compile(
    "[\u2e80-\u30ff\u3130-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6\U00020000-\U0003ffff]"
)
_NOT_FIRST = frozenset("、。，．！？：；）］｝〉》」』】〕〗〙〛ー々ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ・…‥")
_NOT_FIRST |= frozenset(",.!?:;)]}”’»›%")
_NOT_LAST = frozenset("（［｛〈《「『【〔〖〘〚([{“‘«‹")
SHORT = 16
_MOST = 400  # clusters that one line can hold
_KANA, _HANGUL = re.compile("[\u3040-\u30ff]"), re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]")


@dataclass(frozen=True, slots=True)
class Line:
    """One line. `width` is in points; `backwards` lines belong to the right edge."""

    runs: tuple[Run, ...]
    width: float
    size: float
    backwards: bool


class _Piece(NamedTuple):
    """What a line is filled with: text of one level that is not broken, and whether a line may end before it."""

    text: str
    level: int
    word: Word
    blank: bool
    breakable: bool


class Paragraphs:
    """Breaks texts to one width."""

    def __init__(self, shaper: Shaper, width: float) -> None:
        self.shaper, self.width = shaper, width

    def lines(
        self, text: str, size: float, *, bold: bool = False, width: float | None = None, backwards: bool = False
    ) -> Iterator[Line]:
        """The lines of a text, an empty one for an empty paragraph. `backwards`: from right to left, whatever it begins with."""
        room = (self.width if width is None else width) / size * 1000
        language = _language(text)
        for paragraph in _BREAKS.split(text.expandtabs(4)):
            base = 1 if backwards else bidi.base_level(paragraph)
            pieces = self._pieces(paragraph, base, bold=bold, language=language)
            for line in _filled(self._fitted(pieces, room, bold=bold, language=language), room):
                yield _set(line, base, size)

    def _pieces(self, text: str, base: int, *, bold: bool, language: str) -> Iterator[_Piece]:
        levels = bidi.levels(text, base) if base or bidi.NEEDS_ORDER.search(text) else None
        breakable = False
        for token in _TOKENS.finditer(text):
            blank = token[0][0] in _BLANKS
            if levels is None and _whole(token[0]):  # nearly every word, spared the detours
                yield _Piece(token[0], 0, self.shaper.word(token[0], bold=bold, language=language), blank, breakable)
                breakable = True
                continue
            for begin, end in _parts(token[0], token.start(), blank=blank):
                for start, stop, level in _level_runs(levels, begin, end):
                    piece = text[start:stop]
                    word = self.shaper.word(piece, bold=bold, backwards=level % 2 == 1, language=language)
                    yield _Piece(piece, level, word, blank, breakable and start == begin)
                    breakable = True
            breakable = True

    def _fitted(self, pieces: Iterator[_Piece], room: float, *, bold: bool, language: str) -> Iterator[_Piece]:
        """The pieces, those wider than a line cut between characters."""
        for piece in pieces:
            if piece.word.width <= room or piece.blank:
                yield piece
                continue
            rest, breakable = clusters(piece.text), piece.breakable
            while rest:
                count, word = self._most(rest, room, piece, bold=bold, language=language)
                yield _Piece("".join(rest[:count]), piece.level, word, False, breakable)
                rest, breakable = rest[count:], True

    def _most(self, rest: list[str], room: float, piece: _Piece, *, bold: bool, language: str) -> tuple[int, Word]:
        """How many clusters fit on a line, at least one; halving, so that few shapings find it."""
        low, high = 1, min(len(rest), _MOST)
        best = self._cut(rest[:1], piece, bold=bold, language=language)
        while low < high:
            middle = (low + high + 1) // 2
            word = self._cut(rest[:middle], piece, bold=bold, language=language)
            if word.width <= room:
                low, best = middle, word
            else:
                high = middle - 1
        return low, best

    def _cut(self, some: list[str], piece: _Piece, *, bold: bool, language: str) -> Word:
        return self.shaper.shape("".join(some), bold=bold, backwards=piece.level % 2 == 1, language=language)


def _whole(token: str) -> bool:
    """Whether a word is too short, and too plain, to be broken."""
    return len(token) < SHORT and token.isascii()


def _parts(token: str, at: int, *, blank: bool) -> Iterator[tuple[int, int]]:
    """A word's parts, broken between ideographs, behind hyphens, in addresses; as places in the paragraph."""
    if blank or _whole(token):
        yield at, at + len(token)
        return
    cuts = {match.start() for match in _INNER.finditer(token)}
    if _IDEOGRAPHS.search(token):
        cuts |= _between_ideographs(token)
    places = [0, *sorted(cuts - {0}), len(token)]
    for begin, end in pairwise(places):
        yield at + begin, at + end


def _between_ideographs(token: str) -> set[int]:
    cuts, place, before = set(), 0, ""
    for cluster in clusters(token):
        ideographs = _IDEOGRAPHS.match(cluster) or (before and _IDEOGRAPHS.match(before))
        if before and ideographs and cluster[0] not in _NOT_FIRST and before[-1] not in _NOT_LAST:
            cuts.add(place)
        place, before = place + len(cluster), cluster
    return cuts


def _level_runs(levels: list[int] | None, begin: int, end: int) -> Iterator[tuple[int, int, int]]:
    if levels is None:
        yield begin, end, 0
        return
    start = begin
    for at in range(begin + 1, end + 1):
        if at == end or levels[at] != levels[start]:
            yield start, at, levels[start]
            start = at


def _filled(pieces: Iterator[_Piece], room: float) -> Iterator[list[_Piece]]:
    """Pieces gathered to lines, as many on each as fit; blanks hang over the end."""
    line: list[_Piece] = []
    used, last = 0.0, 0  # the width so far, and the last place where the line may end
    for piece in pieces:
        if piece.breakable:
            last = len(line)
        if line and not piece.blank and used + piece.word.width > room and (last or piece.breakable):
            yield _trimmed(line[:last])
            line = line[last:]
            used, last = sum(one.word.width for one in line), 0
        line.append(piece)
        used += piece.word.width
    yield _trimmed(line)


def _trimmed(line: list[_Piece]) -> list[_Piece]:
    end = len(line)
    while end and line[end - 1].blank:
        end -= 1
    return line[:end]


def _set(pieces: list[_Piece], base: int, size: float) -> Line:
    ordered = bidi.visual(pieces, [piece.level for piece in pieces]) if any(piece.level for piece in pieces) else pieces
    width = sum(piece.word.width for piece in ordered) * size / 1000
    return Line(tuple(run for piece in ordered for run in piece.word.runs), width, size, base == 1)


def _language(text: str) -> str:
    """Which forms of ideographs are wanted, by what else is written: kana or Hangul; Chinese without either."""
    if text.isascii():
        return ""
    return "ja" if _KANA.search(text) else "ko" if _HANGUL.search(text) else "zh-hans" if _IDEOGRAPHS.search(text) else ""
