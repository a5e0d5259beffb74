"""The typefaces, from packages, in the order in which they are asked for a character. Opened once a process, when first needed.

FiraGO holds Latin, Greek, Cyrillic, Arabic, Hebrew, Devanagari, Thai and Georgian; Noto Sans rarer Latin, Cyrillic and accents;
Noto Sans CJK Chinese, Japanese and Korean; the others signs and some emoji.
"""

from __future__ import annotations

from functools import cache, cached_property

import pymupdf_fonts
import uharfbuzz as hb
from noto_cjk_sans_jp_regular import FONT_PATH

_EAST_ASIAN = "cjk"
_SHAPING = (b"GSUB", b"GPOS", b"GDEF", b"BASE", b"VORG", b"vhea", b"vmtx", b"TTFA")
REGULAR = ("figo", "notos", _EAST_ASIAN, "symbol2", "symbol1", "math", "music")
BOLD = ("figbo", "notosbo", *REGULAR[2:])


class Face:
    """One typeface: what it covers, and what shapes with it. Measures are in thousandths of the size."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.east_asian = name == _EAST_ASIAN
        self._glyphs: dict[int, bool] = {}

    @cached_property
    def data(self) -> bytes:
        """The font file."""
        found: bytes = FONT_PATH.read_bytes() if self.east_asian else pymupdf_fonts.myfont(self.name)
        return found

    @cached_property
    def embeddable(self) -> bytes:
        """The font file without the tables that only shaping needs: taking a subset of it costs a third."""
        wanted = hb.SubsetInput()
        wanted.keep_everything()
        wanted.flags |= hb.SubsetFlags.RETAIN_GIDS
        wanted.drop_table_tag_set.update(int.from_bytes(tag) for tag in _SHAPING)
        found: bytes = hb.subset(self.hb.face, wanted).blob.data
        return found

    @cached_property
    def hb(self) -> hb.Font:
        """The typeface for HarfBuzz."""
        return hb.Font(hb.Face(hb.Blob(self.data)))

    @cached_property
    def scale(self) -> float:
        """From the typeface's own units to thousandths of the size."""
        return 1000 / float(self.hb.face.upem)

    def covers(self, character: str) -> bool:
        """Whether there is a glyph for this character."""
        code = ord(character)
        found = self._glyphs.get(code)
        if found is None:
            found = self._glyphs[code] = self.hb.get_nominal_glyph(code) not in {None, 0}
        return found


@cache
def face(name: str) -> Face:
    """A typeface by name."""
    return Face(name)


@cache
def faces(*, bold: bool, east_asian: bool) -> tuple[Face, ...]:
    """All of a style, in the order in which they are asked for a character; none is opened before it is asked."""
    order = [face(name) for name in (BOLD if bold else REGULAR)]
    return tuple(sorted(order, key=lambda one: east_asian and not one.east_asian))


def preload() -> None:
    """Open what nearly every page needs, before the first page is waited for."""
    for name in (REGULAR[0], BOLD[0]):
        len(face(name).embeddable)
