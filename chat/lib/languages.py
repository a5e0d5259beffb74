"""The languages of pages, mails, texts and papers. English is what everything is written in; the others have a catalogue.

A catalogue is a gettext file, `chat/languages/<tag>.po`: the English words are the names of their translations.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from gettext import c2py
from pathlib import Path
from typing import Any
from unicodedata import bidirectional

import orjson
from babel import Locale
from babel.lists import format_list
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from chat.lib.sentences import Sentence, filled
from chat.lib.words import listed

FOLDER = Path(__file__).parent.parent / "languages"
BROWSER = "static/"  # where the words stand that pages need
ENGLISH = "en"
#: In development only: English drawn from right to left and longer than it is, to see whether the pages bear it.
MIRRORED = "ar-XB"


@dataclass(frozen=True, slots=True)
class Language:
    """One language: its own name, the region whose dates and numbers it uses where nobody says otherwise, and its direction.

    One that is not `for_staff` has no words for their pages: it is offered to clients and contacts alone.
    """

    name: str
    region: str
    direction: str = "ltr"
    for_staff: bool = True

    @property
    def locale(self) -> Locale:
        """What Babel knows of it."""
        return Locale.parse(self.region, sep="-")


#: By tag, in the order in which they are offered.
LANGUAGES = {
    ENGLISH: Language("English", "en-US"),
    "es": Language("Español", "es-US"),
    "ar": Language("العربية", "ar", "rtl", for_staff=False),
}
TRANSLATED = tuple(LANGUAGES)[1:]
KNOWN = LANGUAGES | {MIRRORED: Language("ɥsilƃuƎ", "ar", "rtl")}


def spoken(tag: str | None) -> str | None:
    """The language that is meant by a tag such as es-MX; None for one that has no catalogue."""
    if tag == MIRRORED:
        return MIRRORED
    first = (tag or "").replace("_", "-").partition("-")[0].strip().lower()
    return first if first in LANGUAGES else None


def speaks(tag: str | None, *, staff: bool) -> bool:
    """Whether somebody may have pages and mails in a language: staff need one that has the words of all pages."""
    return tag in LANGUAGES and (LANGUAGES[tag].for_staff or not staff)


def preferred(header: str) -> str:
    """The best language for an Accept-Language header; English where none of its languages is here."""
    wishes = []
    for place, wish in enumerate(header[:500].split(",")):
        tag, _, quality = wish.partition(";")
        weight = re.fullmatch(r"\s*q=([01](?:\.\d{0,3})?)\s*", quality)
        language = spoken(tag.strip()) if not quality or weight else None
        if language in LANGUAGES and (share := float(weight[1]) if weight else 1.0):
            wishes.append((-share, place, language))
    return min(wishes)[2] if wishes else ENGLISH


def said(text: str, language: str) -> str:
    """An English text in another language, a Sentence with its values; what the catalogue lacks stays English."""
    if language == ENGLISH or language not in KNOWN:
        return str(text)
    if not isinstance(text, Sentence):
        return catalogue(language).one(text)
    values = {name: _value(value, language) for name, value in text.values.items()}
    if text.several is not None:
        return filled(said_for(text.pattern, text.several, text.values["count"], language), values)
    return filled(catalogue(language).one(text.pattern), values)


def said_for(one: str, several: str, count: int, language: str) -> str:
    """The pattern for a number, of an English text that has one for it alone and one for all others."""
    if language == ENGLISH or language not in KNOWN:
        return one if count == 1 else several
    return catalogue(language).many(one, several, count)


def enumerated(names: list[str], language: str) -> str:
    """Names in a sentence, as `lib.words.listed` has them in English."""
    known = KNOWN[language]
    apart = [f"\u2068{name}\u2069" for name in names] if known.direction == "rtl" else names
    return listed(names) if language == ENGLISH else format_list(apart, locale=known.locale)


def _value(value: Any, language: str) -> str:
    if isinstance(value, Sentence):
        return said(value, language)
    if isinstance(value, int):
        return format_decimal(value, locale=KNOWN[language].locale)
    return enumerated(value, language) if isinstance(value, list) else str(value)


class Catalogue:
    """The words of one language."""

    def __init__(self, book: Catalog, locale: Locale) -> None:
        self._book, self._locale = book, locale
        self._isolates = locale.text_direction == "rtl"
        self._form = c2py(book.plural_expr)  # of a number: which of a message's forms it takes

    def one(self, text: str) -> str:
        """A text, or the text itself if it has no translation."""
        found = self._strings(text)
        return found[0] if found else text

    def many(self, one: str, several: str, count: int) -> str:
        """The form for this number."""
        forms = self._strings(one)
        return forms[self._form(count)] if len(forms) > 1 else one if count == 1 else several

    def for_browser(self) -> bytes:
        """The words of the pages as JSON: by the English ones; those that count by Intl's names of the forms."""
        samples = self._samples()
        words: dict[str, Any] = {}
        for message in self._book:
            of_pages = message.id and any(place.startswith(BROWSER) for place, _ in message.locations)
            if of_pages and (forms := self._forms(message)):
                plural = {name: forms[self._form(number)] for name, number in samples.items()} if message.pluralizable else None
                words[_key(message)] = plural or forms[0]
        return orjson.dumps(words)

    def _strings(self, text: Any) -> tuple[str, ...]:
        message = self._book.get(text) if text else None
        return self._forms(message) if message is not None else ()

    def _forms(self, message: Message) -> tuple[str, ...]:
        """The forms of a message, as they are said; none if one is missing."""
        found = message.string or ""
        forms = (found,) if isinstance(found, str) else tuple(found)
        return (tuple(map(_isolating, forms)) if self._isolates else forms) if all(forms) else ()

    def _samples(self) -> dict[str, int]:
        """For each plural form that Intl knows of this language, a number that takes it."""
        return {self._locale.plural_form(number): number for number in (1_000_000, *reversed(range(200)))}


#: Values but numbers that are counted by; and what a sentence is known by that has them set apart already.
_VALUE = re.compile(r"\{(?!count\})\w+\}|%\((?!count\)|num\))\w+\)s")
_SET_APART = re.compile("[\u2066-\u2069]")


def _isolating(pattern: str) -> str:
    """A pattern with its values set apart, so that a name or number in Latin letters does not turn what stands around it.

    What has no letter of its own is no sentence but a name, of a file say, and stays as it is.
    """
    bare = _VALUE.sub("", pattern)
    if _SET_APART.search(pattern) or not any(bidirectional(letter) in ("R", "AL") for letter in bare):
        return pattern
    return _VALUE.sub("\u2068\\g<0>\u2069", pattern)


def _key(message: Message) -> str:
    """How js/lib/language.js asks for it."""
    text = message.id if isinstance(message.id, str) else str(message.id[0])
    return f"{message.context}|{text}" if message.context else text


def read(tag: str) -> Catalog:
    """The gettext file of a language."""
    with (FOLDER / f"{tag}.po").open("rb") as file:
        return read_po(file)


@lru_cache(maxsize=len(KNOWN))
def catalogue(tag: str) -> Catalogue:
    """The words of a language, read once."""
    book = mirrored(read(next(iter(TRANSLATED)))) if tag == MIRRORED else read(tag)
    return Catalogue(book, KNOWN[tag].locale)


def mirrored(book: Catalog) -> Catalog:
    """The English of a catalogue, from right to left and longer."""
    made = Catalog(locale=book.locale)
    made.mime_headers = book.mime_headers
    for message in book:
        if message.id:
            forms = tuple(_mirror(text) for text in ([message.id] if isinstance(message.id, str) else message.id))
            told = forms[0] if isinstance(message.id, str) else forms
            made.add(message.id, told, message.locations, context=message.context)
    return made


#: What stands for a value, or is no word: names in braces or of Jinja, numbers, markup.
_KEPT = re.compile(r"(\{\w*\}|%\(\w+\)s|#|<[^>]+>|\n)")


def _mirror(text: str) -> str:
    pieces = _KEPT.split(text)
    return "".join(piece if number % 2 or not piece.strip() else _turned(piece) for number, piece in enumerate(pieces))


def _turned(piece: str) -> str:
    """Override the direction, and say each vowel twice; blanks at the ends stay where they are."""
    words = piece.strip()
    return piece.replace(words, "\u202e" + re.sub(r"([aeiou])", r"\1\1", words) + "\u202c")
