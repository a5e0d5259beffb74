"""Whom words are for: everybody, or staff alone. A language that is offered to clients and contacts has what they can meet.

Whatever is not known to be for staff alone is for everybody. Modules and templates that only staff meet say so in their first
words: "For staff alone". From there it follows:

- Of the server's sentences, those of such a module or template are for staff.
- In the browser a word is for staff if its name stands in no module and no template that a client's page is made of: in what
  app.js brings, directly or later, without entering modules that are for staff alone.
- A chapter of help says itself whether clients see it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

MARK = "For staff alone"
_HEAD = 400  # characters in which a file says what it is
_IMPORT = re.compile(r'\b(?:import|from)\s*\(?\s*"(\.[^"]+\.js)"')
_COMMENT = re.compile(r"/\*.*?\*/|(?<![:\"'`\w])//[^\n]*", re.DOTALL)
_NAME = re.compile(r"[A-Za-z_]\w*")
_TEMPLATE = re.compile(r'<template id="([\w-]+)">(.*?)</template>', re.DOTALL)
_SAID = re.compile(r'="(\w+)"')  # in whichever attribute
#: What begins at the depth of a chapter's entries: a named word, or a chapter of help.
_ENTRY = re.compile(r"^    (?:(\w+):(?=\s)|\{$)", re.MULTILINE)
_ENTRY_ENDS = re.compile(r"^    \},?$", re.MULTILINE)

ForClients = Callable[[int], bool]  # whether clients can meet what stands at a place of a text


def for_staff(source: str) -> bool:
    """Whether a module or template says that only staff meet it."""
    return MARK in source[:_HEAD]


def reached(root: Path) -> dict[Path, str]:
    """The modules that a client's page can bring, with their text."""
    first = root / "static/js/app.js"
    found: dict[Path, str] = {}
    waiting = [first] if first.exists() else []
    while waiting:
        path = waiting.pop()
        source = path.read_text()
        if path not in found and not for_staff(source):
            found[path] = source
            waiting += [(path.parent / name).resolve() for name in _IMPORT.findall(_COMMENT.sub("", source))]
    return found


@cache
def names(root: Path) -> frozenset[str] | None:
    """The names of words that a client's page may say; None for a tree without pages, where nothing is known."""
    modules = {path: source for path, source in reached(root).items() if not path.name.startswith("words")}
    if not modules:
        return None
    code = "\n".join(_COMMENT.sub("", source) for source in modules.values())
    elements = {path.stem for path in modules if path.parent.name == "elements"}
    templates = "\n".join(text for name, text in _templates(root) if name in elements or _drawn(name, code))
    return frozenset(_NAME.findall(code)) | frozenset(_SAID.findall(templates))


def _templates(root: Path) -> Iterator[tuple[str, str]]:
    for path in sorted((root / "static").glob("*.html")):
        yield from _TEMPLATE.findall(path.read_text())


def _drawn(name: str, code: str) -> bool:
    """An element has its own template; others are drawn by their name."""
    return not name.startswith("qr-") and f'"{name}"' in code


def of_script(root: Path, source: str) -> ForClients:
    """For the places of a chapter of words."""
    known = names(root)
    entries = [(match.start(), match[1]) for match in _ENTRY.finditer(source)]

    def meets(place: int) -> bool:
        start, name = max(((start, name) for start, name in entries if start <= place), default=(0, None), key=lambda one: one[0])
        if name is None:
            ends = _ENTRY_ENDS.search(source, start)
            return "clients: false" not in source[start : ends.end() if ends else len(source)]
        return known is None or name in known

    return meets


def of_file(source: str) -> ForClients:
    """For the places of a module or template of the server: all alike."""
    met = not for_staff(source)
    return lambda _: met
