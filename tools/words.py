"""Keeps the catalogues of chat/languages in step with the words in the code: `make words`, or with --check only looks.

Where words are found: texts of static/js/lib/words*.js; in Python the sentences of the core's exceptions, of DoorError and of
Sentence; in templates what stands in _() or between {% trans %} and {% endtrans %}.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from gettext import c2py
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po
from jinja2.ext import babel_extract

from chat.lib.languages import KNOWN
from tools.audience import ForClients, of_file, of_script

ROOT = Path(__file__).parents[1]
FOLDER = "chat/languages"

#: Python: the place of the sentence among the arguments. A second one after Sentence's first is for numbers but one.
SPEAKING = {
    "Sentence": 0, "NotFound": 0, "Refused": 0, "Invalid": 0, "Conflict": 0, "Unavailable": 0, "NotAllowed": 0, "DoorError": 2,
}  # fmt: skip
#: What these say is read on a terminal or in a log.
FOR_OPERATORS = ("chat/cli/", "chat/migrations/", "chat/worker.py")
TOKEN = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`', re.DOTALL)
PLURAL = re.compile(r"\bplural\(\s*[^\"`]+,\s*$")
CONTEXT = re.compile(r'\binContext\(\s*"(\w+)",\s*$')
NO_WORDS = re.compile(r"(?:\bfrom|\bid:|\bicon:|\bids\(|\bsplit\(|\binContext\(|\bimport)\s*$")
VALUE = re.compile(r"\$\{[^{}]*\}")
LETTER = re.compile(r"[^\W\d_]")
HOLDER = re.compile(r"\{\w*\}|%\(\w+\)s|#|</?\w[^>]*>")

Key = tuple[str | None, str]  # of a message: its context and its English


@dataclass
class Found:
    """The words of the code in the order in which they stand there, and what is wrong with how they stand there."""

    words: dict[Key, tuple[str | None, list[str]]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    met: set[Key] = field(default_factory=set)  # those that clients and contacts can meet

    def add(self, place: str, one: str, several: str | None = None, context: str | None = None, *, met: bool = True) -> None:
        """One text; the same text of two places is one message."""
        known, places = self.words.get((context, one), (None, []))
        self.words[context, one] = (several or known, places if place in places else [*places, place])
        self.met |= {(context, one)} if met else set()

    def in_language(self, tag: str) -> Found:
        """What a language must have: all, or what clients and contacts can meet where it is offered to them alone."""
        if tag not in KNOWN or KNOWN[tag].for_staff:
            return self
        return Found({key: self.words[key] for key in self.words if key in self.met}, self.faults, self.met)


def found(root: Path = ROOT) -> Found:
    """All words of a tree."""
    all_words = Found()
    for path in sorted((root / "static/js/lib").glob("words*.js")):
        source = path.read_text()
        _script(all_words, path.relative_to(root).as_posix(), source, of_script(root, source))
    for path in sorted((root / "chat").rglob("*.py")):
        place = path.relative_to(root).as_posix()
        if not place.startswith(FOR_OPERATORS):
            _module(all_words, place, path.read_text())
    for path in sorted((root / "chat").rglob("templates/*")):
        _template(all_words, path.relative_to(root).as_posix(), path)
    return all_words


def _script(words: Found, place: str, source: str, meets: ForClients, *, within: bool = False) -> None:
    """The texts of a module, or of what stands `within` a sentence as one of its values."""
    singular = ""
    for token in TOKEN.finditer(source):
        text, before, met = token[0], source[: token.start()], meets(token.start())
        if text.startswith("/") or NO_WORDS.search(before):
            continue
        if text.startswith("`"):
            _sentence(words, place, text[1:-1], marked=bool(re.search(r"\bt$", before)), met=met)
        elif within and not singular and not PLURAL.search(before):
            words.faults += [f"{place}: {text} is said in English only; write it apart, after t"] if LETTER.search(text) else []
        elif singular:
            words.add(place, singular, _plain(text), met=met)
            singular = ""
        elif PLURAL.search(before):
            singular = _plain(text)
        elif LETTER.search(text):
            context = CONTEXT.search(before)
            words.add(place, _plain(text), context=context[1] if context else None, met=met)


def _plain(literal: str) -> str:
    return str(ast.literal_eval(literal))


def _sentence(words: Found, place: str, text: str, *, marked: bool, met: bool) -> None:
    if marked:
        numbers = iter(range(text.count("${")))
        words.add(place, VALUE.sub(lambda _: f"{{{next(numbers)}}}", text), met=met)
    elif LETTER.search(VALUE.sub("", text)):
        words.faults.append(f"{place}: `{text}` is said in English only; write t before it")
    for value in VALUE.findall(text):
        _script(words, place, value, lambda _: met, within=True)


def _module(words: Found, place: str, source: str) -> None:
    tree, met = ast.parse(source), of_file(source)(0)
    bare = {name.id for name in _bare_constants(tree)}
    for node in ast.walk(tree):
        name = getattr(node.func, "attr", getattr(node.func, "id", "")) if isinstance(node, ast.Call) else ""
        if not isinstance(node, ast.Call) or name not in SPEAKING:
            continue
        said = node.args[SPEAKING[name] :]
        if said and (isinstance(said[0], ast.JoinedStr) or getattr(said[0], "id", None) in bare):
            words.faults.append(f"{place}:{node.lineno}: this is said in English only; make a Sentence of it")
        texts = [one.value for one in said[:2] if isinstance(one, ast.Constant) and isinstance(one.value, str)]
        if texts and isinstance(said[0], ast.Constant):
            words.add(place, texts[0], texts[1] if name == "Sentence" and len(texts) > 1 else None, met=met)
    for node in ast.walk(tree):
        # What an exception says that is made without words.
        if isinstance(node, ast.FunctionDef) and node.name == "__init__" and "Exception" not in place:
            for default in node.args.defaults:
                if isinstance(default, ast.Constant) and isinstance(default.value, str) and default.value.endswith("."):
                    words.add(place, default.value, met=met)


def _bare_constants(tree: ast.Module) -> Iterator[ast.Name]:
    """Names of a module that hold text which is no Sentence."""
    for line in tree.body:
        if isinstance(line, ast.Assign) and isinstance(line.value, ast.Constant | ast.JoinedStr):
            yield from (name for name in line.targets if isinstance(name, ast.Name))


def _template(words: Found, place: str, path: Path) -> None:
    options = {"extensions": "jinja2.ext.i18n", "trim_blocks": "true", "lstrip_blocks": "true", "newstyle_gettext": "true"}
    met = of_file(path.read_text())(0)
    with path.open("rb") as file:
        for _, function, text, _ in babel_extract(file, ["_", "gettext", "ngettext"], [], options):
            # What comes after the text, or after both of them, are its values.
            texts = [str(one) for one in (text if isinstance(text, tuple) else (text,))]
            words.add(place, texts[0], texts[1] if function == "ngettext" else None, met=met)


def renewed(book: Catalog, words: Found) -> Catalog:
    """A catalogue with the words of now, in their order: what is new has no translation yet, what is dead is gone."""
    made = Catalog(locale=book.locale)
    made.mime_headers = book.mime_headers  # among them how many forms there are
    for (context, one), (several, places) in words.words.items():
        known = book.get(one, context=context)
        forms = known.string if known is not None and bool(known.pluralizable) == bool(several) else ""
        made.add((one, several) if several else one, forms, [(place, 0) for place in places], context=context)
    return made


def faults(book: Catalog, words: Found) -> list[str]:
    """What a catalogue lacks or has too much of, and translations that lose a value."""
    there = {(message.context, _first(message)): message for message in book if message.id}
    missing = [f"no translation: {one}" for key in words.words if key not in there or not _whole(there[key]) for one in key[1:]]
    dead = [f"dead: {one}" for context, one in there if (context, one) not in words.words]
    alone = _alone(book)
    return words.faults + missing + dead + [fault for message in there.values() for fault in _lost(message, alone)]


def _alone(book: Catalog) -> set[int]:
    """The forms that one number alone takes: they need not say which."""
    form = c2py(book.plural_expr)
    taken = [form(number) for number in range(1_000)]
    return {one for one in taken if taken.count(one) == 1}


def _first(message: Message) -> str:
    return message.id if isinstance(message.id, str) else str(message.id[0])


def _forms(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string or [""])


def _whole(message: Message) -> bool:
    return all(_forms(message))


def _lost(message: Message, alone: set[int]) -> Iterator[str]:
    wanted = sorted(HOLDER.findall(message.id if isinstance(message.id, str) else message.id[-1]))
    for number, text in enumerate(_forms(message)):
        given = sorted(HOLDER.findall(text))
        if text and given != wanted and not (message.pluralizable and number in alone and set(given) <= set(wanted)):
            yield f"other values than in English: {text}"


def catalogues(root: Path = ROOT) -> list[Path]:
    """The gettext files."""
    return sorted((root / FOLDER).glob("*.po"))


def load(path: Path) -> Catalog:
    """One catalogue, as it is."""
    with path.open("rb") as file:
        return read_po(file, abort_invalid=True)


def write(path: Path, book: Catalog) -> None:
    """Write a catalogue below its own head: the glossary, and how the language counts."""
    head = re.match(r"(?:#[^\n]*\n)*msgid \"\"\nmsgstr \"\"\n(?:\"[^\n]*\n)*", path.read_text())
    text = BytesIO()
    write_po(text, book, width=120, include_lineno=False, omit_header=True)
    path.write_text(f"{head[0] if head else ''}\n{text.getvalue().decode()}")


def main() -> int:
    """Renew, or check; say what is to be done."""
    words, said = found(), []
    for path in catalogues():
        wanted = words.in_language(path.stem)
        if "--check" not in sys.argv:
            write(path, renewed(load(path), wanted))
        said += [f"{path.name}: {fault}" for fault in faults(load(path), wanted)]
    print("\n".join(said) or "Every word has its translation.")
    return bool(said)


if __name__ == "__main__":
    sys.exit(main())
