"""Sheets of paper: what every printed document of the practice shares. Lines, rules, headings, header and footer.

A document is laid out first and painted last, when the number of its pages is known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from fpdf import FPDF
from fpdf.enums import PDFResourceType

from chat.lib.languages import ENGLISH, KNOWN, said
from chat.lib.sentences import Sentence
from chat.printing.paragraphs import Line, Paragraphs
from chat.printing.shaping import Run, Shaper

Colour = tuple[float, float, float]
INK, SOFT, FAINT = (0.106, 0.165, 0.188), (0.275, 0.341, 0.365), (0.42, 0.47, 0.49)
RULE, ACCENT = (0.84, 0.83, 0.80), (0.094, 0.353, 0.361)
A4, LETTER = (595.28, 841.89), (612.0, 792.0)
SIDE, TOP, BOTTOM, FOOT = 58.0, 62.0, 66.0, 40.0
SMALL, LEADING = 8.0, 1.45
TITLE, NAME, BODY, NOTE = 19.0, 10.0, 10.5, 8.5
AIR = 11.0


def paper_of(time_zone: str) -> tuple[float, float]:
    """The size of sheets in use where the practice is."""
    return LETTER if time_zone.startswith(("America/", "US/", "Canada/")) else A4


@dataclass(slots=True)
class Sheet:
    """One page on its way: painting instructions, and the typefaces that they name."""

    operations: list[str] = field(default_factory=list)
    fonts: set[str] = field(default_factory=set)


class Paper:
    """A document's sheets, filled from top to bottom. Measures are in points, heights from the top edge."""

    def __init__(self, size: tuple[float, float], printed: str, language: str = ENGLISH) -> None:
        self.width, self.height = size
        self.pdf = FPDF(unit="pt", format=size)
        self.pdf.set_auto_page_break(False)
        self.shaper = Shaper(self.pdf)
        self.paragraphs = Paragraphs(self.shaper, self.width - 2 * SIDE)
        self.printed = printed
        self.language = language
        #: From right to left: what the paper says itself begins at the right edge; what people wrote runs as they wrote it.
        self.backwards = KNOWN[language].direction == "rtl"
        self.sheets: list[Sheet] = []
        self.sheet = Sheet()
        self.y = TOP
        self._header: Callable[[], None] = lambda: None

    def say(self, text: str) -> str:
        """An English text in the language of the paper."""
        return said(text, self.language)

    @property
    def right(self) -> float:
        """The right edge of the text."""
        return self.width - SIDE

    def begin(self, header: Callable[[], None]) -> None:
        """A new sheet for a new part of the document; `header` is called at the top of every sheet that continues it."""
        self._header = header
        self._new_sheet()

    def room(self, height: float) -> None:
        """Go on to the next sheet if so much does not fit on this one."""
        if self.y + height > self.height - BOTTOM:
            self._new_sheet()
            self._header()

    def text(self, text: str, size: float, *, bold: bool = False, colour: Colour = INK, keep: int = 1, indent: float = 0) -> None:
        """A text over the whole width; it runs on over as many sheets as it takes. `keep`: lines that stay together at first."""
        waiting: list[Line] = []
        for line in self.paragraphs.lines(text, size, bold=bold, width=self.right - SIDE - indent):
            waiting.append(line)
            if len(waiting) >= keep:
                self.lines(waiting, colour, indent=indent)
                waiting, keep = [], 1
        self.lines(waiting, colour, indent=indent)

    def rows(self, text: str, size: float) -> int:
        """How many lines a text takes over the whole width; none for no text."""
        return sum(1 for _ in self.paragraphs.lines(text, size, width=self.right - SIDE)) if text else 0

    def tell(self, text: str, size: float, *, colour: Colour = INK) -> None:
        """A text that the paper says itself, over the whole width, from its own edge."""
        for line in self.paragraphs.lines(text, size, width=self.right - SIDE, backwards=self.backwards):
            self.lines([line], colour)

    def lines(self, lines: Iterable[Line], colour: Colour = INK, *, indent: float = 0) -> None:
        """Lines below each other, kept on one sheet if they fit on one."""
        together = list(lines)
        self.room(sum(line.size * LEADING for line in together))
        for line in together:
            self.room(line.size * LEADING)
            self.y += line.size * LEADING
            self.paint(line, self.right - line.width if line.backwards else SIDE + indent, self.y - 0.35 * line.size, colour)

    def label(self, text: str, size: float, x: float, y: float, *, bold: bool = False, colour: Colour = SOFT, end: bool = False,
              room: float | None = None) -> float:  # fmt: skip
        """One line of text with its base at (x, y), or ending at x; cut with "…" where it needs more than `room`. Its width.

        On paper that is read from right to left the same in a mirror.
        """
        line = self.one_line(text, size, bold=bold, room=self.right - SIDE if room is None else room)
        if self.backwards:
            x, end = self.width - x, not end
        self.paint(line, x - line.width if end else x, y, colour)
        return line.width

    def one_line(self, text: str, size: float, *, bold: bool, room: float) -> Line:
        """The beginning of a text, as much as fits on one line."""
        lines = self.paragraphs.lines(" ".join(text.split()), size, bold=bold, width=room - size)
        first = next(lines)
        if next(lines, None) is None:
            return first
        dots = self.shaper.word("…", bold=bold)
        runs = (*dots.runs, *first.runs) if first.backwards else (*first.runs, *dots.runs)
        return Line(runs, first.width + dots.width * size / 1000, size, first.backwards)

    def rule(self, y: float, start: float | None = None, end: float | None = None, colour: Colour = RULE) -> None:
        """A thin line across."""
        begin, stop = SIDE if start is None else start, self.right if end is None else end
        level = self.height - y
        self.draw(f"{_colour(colour)} RG 0.5 w {begin:.2f} {level:.2f} m {stop:.2f} {level:.2f} l S")

    def title(self, practice: str, title: str) -> None:
        """The head of a part of the document: whose it is, and what."""
        self.label(practice, NAME, SIDE, TOP - 18, bold=True, colour=ACCENT)
        self.y = TOP - 2
        # A subject runs its own way, and stands where the paper begins.
        self.tell(f"\u2068{title}\u2069" if self.backwards else title, TITLE)
        self.y += 4

    def continued(self, practice: str, title: str) -> None:
        """The top of a sheet that goes on with a part."""
        name = self.label(practice, SMALL, SIDE, TOP - 22, bold=True, colour=ACCENT, room=(self.right - SIDE) / 2)
        self.label(
            self.say(Sentence("{title}, continued", title=title)),
            SMALL,
            self.right,
            TOP - 22,
            end=True,
            room=self.right - SIDE - name - 16,
        )
        self.rule(TOP - 15)

    def separate(self, text: str) -> None:
        """A line across with a word in its middle: another day."""
        self.y += 22
        line = self.one_line(text, NOTE, bold=False, room=self.right - SIDE)
        left = (self.width - line.width) / 2
        self.paint(line, left, self.y, FAINT)
        self.rule(self.y - 3, SIDE, left - 10)
        self.rule(self.y - 3, left + line.width + 10, self.right)
        self.y += 2

    def signed(self, name: str, note: str) -> None:
        """Who wrote what follows, and beside the name when."""
        self.y += NAME * LEADING
        base = self.y - 0.35 * NAME
        width = self.label(name, NAME, SIDE, base, bold=True, colour=INK, room=self.right - SIDE - 150)
        self.label(note, NOTE, SIDE + width + 8, base, colour=SOFT)

    def paint(self, line: Line, x: float, y: float, colour: Colour) -> None:
        """A line with its base at (x, y)."""
        if not line.runs:
            return
        pen = _Pen(self, line.size)
        for run in line.runs:
            pen.run(run, x)
            x += run.width * run.scale * line.size / 1000
        start = x - sum(run.width * run.scale for run in line.runs) * line.size / 1000
        body = " ".join(pen.finish())
        self.draw(f"BT {_colour(colour)} rg 1 0 0 1 {start:.2f} {self.height - y:.2f} Tm {body} ET")
        for left, width in pen.frames:
            box = f"{left:.2f} {self.height - y - 0.24 * line.size:.2f} {width:.2f} {line.size:.2f}"
            self.draw(f"{_colour(FAINT)} RG 0.4 w {box} re S")

    def font(self, name: str) -> str:
        """The name of a typeface in the painting instructions of this sheet."""
        self.sheet.fonts.add(name)
        return f"/F{self.shaper.pdf_font(name).i}"

    def draw(self, operation: str) -> None:
        """Painting instructions for this sheet."""
        self.sheet.operations.append(operation)

    def finish(self, title: str, now: datetime) -> bytes:
        """The PDF. Its metadata are the neutral title and the time, and name nobody."""
        self._footers()
        self.pdf.set_title(said(title, self.language))
        self.pdf.set_creation_date(now)
        self.pdf.set_lang(self.language)
        for sheet in self.sheets:
            self.pdf.add_page()
            for name in sorted(sheet.fonts):
                self.pdf._resource_catalog.add(PDFResourceType.FONT, self.shaper.pdf_font(name).i, self.pdf.page)
            # Painted as it was laid out: fpdf2's own cells would break, measure and order all text a second time.
            self.pdf._out("\n".join(sheet.operations))
            sheet.operations = []
        return bytes(self.pdf.output())

    def _footers(self) -> None:
        base = self.height - FOOT
        for number, sheet in enumerate(self.sheets, 1):
            self.sheet = sheet
            self.rule(base - 14)
            pages = self.label(
                self.say(Sentence("Page {number} of {of}", number=number, of=len(self.sheets))), SMALL, self.right, base, end=True
            )
            self.label(self.printed, SMALL, SIDE, base, room=self.right - SIDE - pages - 12)

    def _new_sheet(self) -> None:
        self.sheet = Sheet()
        self.sheets.append(self.sheet)
        self.y = TOP


class _Pen:
    """Writes the runs of one line, changing typeface, size and rise only where they change."""

    def __init__(self, paper: Paper, size: float) -> None:
        self.paper, self.size = paper, size
        self.frames: list[tuple[float, float]] = []
        self._written: list[str] = []
        self._row: list[str] = []
        self._state: tuple[str, float, int] = ("", 0, 0)

    def run(self, run: Run, x: float) -> None:
        """One run that begins at x."""
        if run.framed:
            unit = run.scale * self.size / 1000
            self.frames.append((x + 90 * unit, (run.width - 180) * unit))
        if run.said:
            self._flush()
            self._written.append(f"/Span <</ActualText <FEFF{run.said.encode('utf-16-be', 'replace').hex()}>>> BDC")
        for rise, row in run.parts:
            self._turn_to((run.font, run.scale, rise))
            self._row.append(row)
        if run.said:
            self._flush()
            self._written.append("EMC")

    def finish(self) -> list[str]:
        """What was written; rise is back at nothing."""
        self._turn_to((*self._state[:2], 0))
        self._flush()
        return self._written

    def _turn_to(self, state: tuple[str, float, int]) -> None:
        font, scale, rise = state
        if state == self._state:
            return
        self._flush()
        if (font, scale) != self._state[:2]:
            self._written.append(f"{self.paper.font(font)} {self.size * scale:.2f} Tf")
        if rise != self._state[2]:
            self._written.append(f"{rise * scale * self.size / 1000:.2f} Ts")
        self._state = state

    def _flush(self) -> None:
        if self._row:
            self._written.append(f"[{''.join(self._row)}] TJ")
            self._row = []


def _colour(colour: Colour) -> str:
    return " ".join(f"{part:.3f}" for part in colour)
