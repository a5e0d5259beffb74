"""Every word has its translation, and every translation its word."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tools import words
from tools.words import Found, catalogues, faults, found, load, renewed

ROOT = Path(__file__).parents[2]
WORDS = found()


@pytest.mark.parametrize("path", catalogues(), ids=lambda path: path.stem)
def test_a_catalogue_has_every_word_and_no_other(path: Path) -> None:
    if wrong := faults(load(path), WORDS.in_language(path.stem)):
        pytest.fail("\n".join([*wrong, "renew the catalogue by `make words`, and translate what is new"]), pytrace=False)


@pytest.mark.parametrize("path", catalogues(), ids=lambda path: path.stem)
def test_renewing_a_catalogue_that_is_in_step_changes_nothing(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / path.name
    shutil.copy(path, copy)
    words.write(copy, renewed(load(path), WORDS.in_language(path.stem)))
    assert copy.read_text() == path.read_text()


def tree(root: Path, **files: str) -> Found:
    """The words of a small tree."""
    names = {"script": "static/js/lib/words.js", "module": "chat/a.py", "template": "chat/web/templates/a.html"}
    for kind, name in names.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(files.get(kind, ""))
    return found(root)


SCRIPT = """import { plural } from "./language.js";
/** "No word" */
export const words = translated({
    // "nor this"
    sent: inContext("folder", "Sent"),
    close: "Close “it”",
    chapter: { id: "inbox", text: ["One.", "Two."] },
    read: (name, when) => t`Read by ${name} ${when}`,
    days: (count) => plural(count, "# day", "# days"),
    mark: (a, b) => `${a} · ${b}`,
});
"""


def test_words_are_found_in_scripts(tmp_path: Path) -> None:
    there = tree(tmp_path, script=SCRIPT)
    assert there.faults == []
    assert {key: several for key, (several, _) in there.words.items()} == {
        ("folder", "Sent"): None,
        (None, "Close “it”"): None,
        (None, "One."): None,
        (None, "Two."): None,
        (None, "Read by {0} {1}"): None,
        (None, "# day"): "# days",
    }


MODULE = """
GONE = Sentence("Gone.")
raise Refused("Not now.", gate="x")
raise DoorError(429, "too_many", "Too many.")
raise Invalid(Sentence("{name} is off.", name=name), field="a")
raise Refused(Sentence("one client", "{count} clients", count=2))
raise Other("No word.")
class Away(Exception):
    def __init__(self, message: str = "Not here.") -> None: ...
"""


def test_words_are_found_in_modules(tmp_path: Path) -> None:
    there = tree(tmp_path, module=MODULE)
    wanted = {"Gone.": None, "Not now.": None, "Too many.": None, "{name} is off.": None, "one client": "{count} clients"}
    assert {one: several for (_, one), (several, _) in there.words.items()} == wanted | {"Not here.": None}


def test_words_are_found_in_templates(tmp_path: Path) -> None:
    template = '{{ _("Stop") }}{% trans name=who %}<b>{{ name }}</b> waits{% endtrans %}{{ ngettext("# day", "# days", n) }}Loose'
    there = tree(tmp_path, template=template)
    assert {one: several for (_, one), (several, _) in there.words.items()} == {
        "Stop": None,
        "<b>%(name)s</b> waits": None,
        "# day": "# days",
    }


@pytest.mark.parametrize(
    ("files", "fault"),
    [
        ({"script": "read: (name) => `Read by ${name}`,"}, "is said in English only; write t before it"),
        ({"script": 'row: (n) => `${n ? "Unread, " : ""}${n}`,'}, '"Unread, " is said in English only; write it apart, after t'),
        ({"module": 'raise Refused(f"{name} is off.")'}, "chat/a.py:1: this is said in English only; make a Sentence of it"),
        (
            {"module": 'BUSY = "Not now."\nraise Refused(BUSY)'},
            "chat/a.py:2: this is said in English only; make a Sentence of it",
        ),
        ({"script": 'a: "New"'}, "no translation: New"),
        ({}, "dead: Old"),
        ({"script": "a: (x) => t`Old ${x}`"}, "other values than in English: Viejo"),
    ],
)
def test_what_is_not_in_step_is_found(files: dict[str, str], fault: str, tmp_path: Path) -> None:
    book = tmp_path / "es.po"
    book.write_text('msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n')
    with book.open("a") as file:
        file.write('msgid "Old"\nmsgstr "Viejo"\n\nmsgid "Old {0}"\nmsgstr "Viejo"\n')
    assert any(fault in one for one in faults(load(book), tree(tmp_path, **files)))


def test_a_renewed_catalogue_keeps_what_is_translated_and_drops_what_is_dead(tmp_path: Path) -> None:
    book = tmp_path / "es.po"
    book.write_text('# Glossary.\nmsgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n')
    with book.open("a") as file:
        file.write('msgid "Old"\nmsgstr "Viejo"\n\nmsgid "Close"\nmsgstr "Cerrar"\n')
    words.write(book, renewed(load(book), tree(tmp_path, script='a: "New", b: "Close"')))
    assert book.read_text().startswith("# Glossary.\n")
    assert {one.id: one.string for one in load(book) if one.id} == {"New": "", "Close": "Cerrar"}
