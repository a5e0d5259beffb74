"""Words become glyphs: HarfBuzz shapes each word once a document, and the PDF's own code for each glyph is given here.

A word's measures are in thousandths of the size, so that one shaping serves every size.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import uharfbuzz as hb
from fpdf import FPDF
from fpdf.fonts import TTFFont

from chat.printing.clusters import Stretch, stretches
from chat.printing.fonts import REGULAR, Face, face

MARK, PADDING = 0.72, 260  # the size of a framed name, and the room in and around its frame
NOTHING = (0x200B,)  # what a glyph says that completes another: a glyph without a meaning would be read as any character
_PLAIN = re.compile("[!-~]*")


@dataclass(frozen=True, slots=True)
class Run:
    """Glyphs of one typeface in the order in which they stand. `parts` are (rise, operand of TJ)."""

    font: str
    width: float
    parts: tuple[tuple[int, str], ...]
    scale: float = 1.0
    framed: bool = False
    said: str = ""  # the characters that it stands for, where the glyphs alone would not tell them in order


@dataclass(frozen=True, slots=True)
class Word:
    """A shaped word."""

    width: float
    runs: tuple[Run, ...]


@dataclass(slots=True)
class _Glyphs:
    """A typeface as one document uses it."""

    face: Face
    pdf: TTFFont
    codes: dict[tuple[int, tuple[int, ...]], tuple[str, float]] = field(default_factory=dict)

    def code(self, glyph: int, characters: tuple[int, ...]) -> tuple[str, float]:
        """The PDF's code for a glyph that stands for these characters, as hexadecimal digits; and its own width."""
        found = self.codes.get((glyph, characters))
        if found is None:
            name = self.pdf.ttfont.getGlyphName(glyph)
            width = round(self.face.hb.get_glyph_h_advance(glyph) * self.face.scale)
            # Glyph 0 is the typeface's own box for what it lacks, and has the code 0.
            chosen = self.pdf.subset.get_glyph(glyph, characters, name, width) if glyph else None
            found = self.codes[glyph, characters] = f"{self.pdf.subset.pick_glyph(chosen) or 0:04X}", width
        return found


class Shaper:
    """Shapes the words of one document."""

    def __init__(self, pdf: FPDF) -> None:
        self._pdf = pdf
        self._glyphs: dict[str, _Glyphs] = {}
        self._words: dict[tuple[str, bool, bool, str], Word] = {}

    def word(self, text: str, *, bold: bool = False, backwards: bool = False, language: str = "") -> Word:
        """A word (or blank), shaped; kept for the next time it comes."""
        key = (text, bold, backwards, language)
        found = self._words.get(key)
        if found is None:
            found = self._words[key] = self.shape(text, bold=bold, backwards=backwards, language=language)
        return found

    def shape(self, text: str, *, bold: bool, backwards: bool, language: str) -> Word:
        """A word, shaped and not kept."""
        if _PLAIN.fullmatch(text) and not backwards:
            plain = Stretch(text, face("figbo" if bold else REGULAR[0]))
            runs = [self._run(plain, backwards=False, language="")]
        else:
            runs = [
                run
                for stretch in stretches(text, bold=bold)
                for run in self._runs(stretch, backwards=backwards, language=language)
            ]
            runs = runs[::-1] if backwards else runs
        return Word(sum(run.width * run.scale for run in runs), tuple(runs))

    def pdf_font(self, name: str) -> TTFFont:
        """A typeface as the PDF knows it."""
        return self._used(face(name)).pdf

    def _runs(self, stretch: Stretch, *, backwards: bool, language: str) -> list[Run]:
        if stretch.face is not None:
            return [self._run(stretch, backwards=backwards, language=language)]
        return [self._framed(name) for name in stretch.marks]

    def _framed(self, name: str) -> Run:
        run = self._run(Stretch(name, face(REGULAR[0])), backwards=False, language="")
        shifted = tuple((rise, f" {-PADDING} {part}" if at == 0 else part) for at, (rise, part) in enumerate(run.parts))
        ended = (*shifted[:-1], (shifted[-1][0], f"{shifted[-1][1]} {-PADDING} "))
        return Run(run.font, run.width + 2 * PADDING, ended, MARK, True)

    def _run(self, stretch: Stretch, *, backwards: bool, language: str) -> Run:
        assert stretch.face is not None  # noqa: S101  only stretches with a typeface come here
        glyphs = self._used(stretch.face)
        infos, positions = _shaped(stretch, backwards=backwards, language=language)
        told = _told(stretch.text, [info.cluster for info in infos])
        line = _Line(stretch.face.scale)
        for info, position, characters in zip(infos, positions, told, strict=True):
            line.add(*glyphs.code(info.codepoint, characters), position)
        # Readers of PDFs turn right-to-left glyphs round by themselves, and would turn round the words for them, too.
        plain = backwards or NOTHING not in told
        return Run(stretch.face.name, line.width, line.parts(), said="" if plain else stretch.text)

    def _used(self, wanted: Face) -> _Glyphs:
        found = self._glyphs.get(wanted.name)
        if found is None:
            # fpdf2 takes a path from its callers; what it opens may as well be bytes, and nothing is written to a disk.
            font = TTFFont(self._pdf, io.BytesIO(wanted.embeddable), wanted.name, "")  # type: ignore[arg-type]
            self._pdf.fonts[wanted.name] = font
            found = self._glyphs[wanted.name] = _Glyphs(wanted, font)
        return found


def _shaped(stretch: Stretch, *, backwards: bool, language: str) -> tuple[Any, Any]:
    buffer = hb.Buffer()
    buffer.cluster_level = hb.BufferClusterLevel.MONOTONE_CHARACTERS
    buffer.add_codepoints([ord(character) for character in stretch.text])
    buffer.guess_segment_properties()
    buffer.direction = "rtl" if backwards else "ltr"
    if language:
        buffer.language = language
    buffer.flags = hb.BufferFlags.REMOVE_DEFAULT_IGNORABLES
    hb.shape(stretch.face.hb, buffer)  # type: ignore[union-attr]
    return buffer.glyph_infos or [], buffer.glyph_positions or []


def _told(text: str, places: list[int]) -> list[tuple[int, ...]]:
    """For each glyph the characters that it stands for: those of its cluster for the first, nothing for the others."""
    starts = sorted(set(places))
    ends = dict(pairwise([*starts, len(text)]))
    result: list[tuple[int, ...]] = []
    seen: set[int] = set()
    for place in places:
        result.append(NOTHING if place in seen else tuple(ord(character) for character in text[place : ends[place]]))
        seen.add(place)
    return result


class _Line:
    """Glyphs put one after the other, as operands of TJ: codes, and corrections in thousandths to the left."""

    def __init__(self, scale: float) -> None:
        self.scale = scale
        self.width = 0.0
        self._parts: list[tuple[int, list[str]]] = [(0, [])]
        self._open = False

    def add(self, code: str, own: float, position: Any) -> None:
        """One glyph, wherever HarfBuzz wants it."""
        rise = round(position.y_offset * self.scale)
        if rise != self._parts[-1][0]:
            self._close()
            self._parts.append((rise, []))
        aside, advance = round(position.x_offset * self.scale), position.x_advance * self.scale
        self._move(-aside)
        if not self._open:
            self._parts[-1][1].append("<")
            self._open = True
        self._parts[-1][1].append(code)
        self._move(round(own + aside - advance))
        self.width += advance

    def parts(self) -> tuple[tuple[int, str], ...]:
        """What was put together."""
        self._close()
        return tuple((rise, "".join(items)) for rise, items in self._parts if items)

    def _move(self, amount: int) -> None:
        if amount:
            self._close()
            self._parts[-1][1].append(f" {amount} ")

    def _close(self) -> None:
        if self._open:
            self._parts[-1][1].append(">")
            self._open = False
