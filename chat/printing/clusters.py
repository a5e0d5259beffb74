"""What a reader takes for one character, which typeface has it, and how one is named that no typeface has."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from fpdf.unicode_script import UnicodeScript, get_unicode_script

from chat.printing.fonts import REGULAR, Face, face, faces

JOINER, CIRCLE = "\u200d", "\u25cc"
TAGS, TAGS_END = 0xE0000, "\U000e007f"
NAME = 60  # characters of a name in one frame
_EAST_ASIAN = {UnicodeScript.HAN, UnicodeScript.HIRAGANA, UnicodeScript.KATAKANA, UnicodeScript.HANGUL, UnicodeScript.BOPOMOFO}
_ANY = {UnicodeScript.COMMON, UnicodeScript.INHERITED, UnicodeScript.UNKNOWN}


@dataclass(frozen=True, slots=True)
class Stretch:
    """Text for one typeface and one script; `marks` instead where no typeface has it: words to be framed."""

    text: str
    face: Face | None = None
    marks: tuple[str, ...] = ()


def clusters(text: str) -> list[str]:
    """The text in pieces that must not be torn apart."""
    starts = [at for at in range(len(text)) if at == 0 or not _joins(text, at)]
    return [text[begin:end] for begin, end in pairwise([*starts, len(text)])]


def _joins(text: str, at: int) -> bool:
    before, this = text[at - 1], text[at]
    if _extends(this):
        return True
    if before == JOINER and _pictures(this):
        return True
    if _flag_letter(this) and _flag_letter(before):
        row = at - 1
        while row > 0 and _flag_letter(text[row - 1]) and at - row < 64:
            row -= 1
        return (at - row) % 2 == 1
    return _hangul_joins(ord(before), ord(this))


def invisible(character: str) -> bool:
    """Whether a character only steers its neighbours: joiners, directions, variants, marks of byte order."""
    code = ord(character)
    if code < 0x300:
        return code == 0xAD
    return (
        0x200B <= code <= 0x200F
        or 0x202A <= code <= 0x202E
        or 0x2060 <= code <= 0x206F
        or 0xFE00 <= code <= 0xFE0F
        or code in {0x034F, 0x061C, 0xFEFF}
        or 0x180B <= code <= 0x180F
        or 0xE0100 <= code <= 0xE01EF
    )


def stretches(text: str, *, bold: bool) -> Iterator[Stretch]:
    """A word, in stretches of one typeface and script each, in the order of reading."""
    waiting: str = ""
    current, script = None, None
    for part, found in (divided for cluster in clusters(text) for divided in _divide(cluster, bold=bold)):
        own = _script(part)
        if waiting and (found is not current or found is None or (own and script and own != script)):
            yield _stretch(waiting, current)
            waiting, script = "", None
        waiting, current, script = waiting + part, found, script or own
    if waiting:
        yield _stretch(waiting, current)


def _stretch(text: str, found: Face | None) -> Stretch:
    return Stretch(text, found) if found else Stretch(text, None, tuple(names(text)))


@cache
def _unicode_script(character: str) -> UnicodeScript:
    return get_unicode_script(character)


def _script(text: str) -> UnicodeScript | None:
    script = _unicode_script(text[0])
    return None if script in _ANY else script


def _divide(cluster: str, *, bold: bool) -> list[tuple[str, Face | None]]:
    """The cluster with the typeface that has all of it; or what the one of its first character has, and the rest to be named."""
    needed = [character for character in cluster if not invisible(character)]
    if not needed:
        return [(cluster, face(REGULAR[0]))]
    if unicodedata.category(needed[0]) in {"Cc", "Cs"}:
        return [(cluster, None)]  # some typefaces have an empty glyph for them; that would hide them
    if JOINER in cluster and len(needed) > 1 and _pictures(needed[0]):
        return [(cluster, None)]  # a picture made of several is named in full rather than taken apart
    order = faces(bold=bold, east_asian=_east_asian(needed[0]))
    whole = next((one for one in order if all(one.covers(character) for character in needed)), None)
    if whole is not None and unicodedata.category(cluster[0]) in {"Mn", "Me"} and whole.covers(CIRCLE):
        return [(CIRCLE + cluster, whole)]
    first = whole or next((one for one in order if one.covers(needed[0])), None)
    if whole is not None or first is None or len(needed) == 1:
        return [(cluster, whole)]
    had = "".join(character for character in cluster if invisible(character) or first.covers(character))
    return [(had, first), ("".join(character for character in needed if not first.covers(character)), None)]


def _east_asian(character: str) -> bool:
    signs = "\u3000" <= character <= "\u303f" or "\uff00" <= character <= "\uffef"
    return signs or _unicode_script(character) in _EAST_ASIAN


def names(text: str) -> Iterator[str]:
    """Words that say what the characters are, each short enough for a line."""
    parts: list[str] = []
    letters = [chr(ord(c) - 0x1F1E6 + ord("A")) for c in text if _flag_letter(c)]
    if letters:
        parts.append("flag " + "".join(letters))
    parts += [_name(c) for c in text if not invisible(c) and not _flag_letter(c) and not _tag(c)]
    if tags := "".join(chr(ord(c) - TAGS) for c in text if _tag(c) and c != TAGS_END):
        parts.append(f"tag {tags}")
    line = ""
    for part in parts:
        if line and len(line) + len(part) > NAME:
            yield line
            line = ""
        line += f" + {part}" if line else part
    if line:
        yield line


def _name(character: str) -> str:
    code = ord(character)
    name = unicodedata.name(character, "")
    if not name or unicodedata.category(character)[0] not in "SPN":
        return f"U+{code:04X}"
    return name.lower().replace("emoji modifier fitzpatrick ", "skin ")


def _extends(character: str) -> bool:
    code = ord(character)
    if code < 0x300:
        return False
    return (
        unicodedata.category(character) in {"Mn", "Me", "Mc"}
        or character in {"\u200c", JOINER}
        or 0x1F3FB <= code <= 0x1F3FF
        or _tag(character)
    )


def _tag(character: str) -> bool:
    return 0xE0020 <= ord(character) <= 0xE007F


def _pictures(character: str) -> bool:
    return unicodedata.category(character) in {"So", "Cn"} or character in "\u2640\u2642\u2695\u2764"


def _flag_letter(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _hangul_joins(before: int, this: int) -> bool:
    """Vowels and finals of Hangul, written one by one, join what they complete."""
    syllable = 0xAC00 <= before <= 0xD7A3
    if 0x1160 <= this <= 0x11A7:
        return 0x1100 <= before <= 0x11A7 or syllable
    return 0x11A8 <= this <= 0x11FF and (0x1160 <= before <= 0x11FF or syllable)
