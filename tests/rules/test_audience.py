"""Which words clients and contacts can meet, and which are for staff alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from inspect import getsource, unwrap
from pathlib import Path
from sys import modules
from typing import Any

import pytest

from chat.lib.languages import LANGUAGES
from chat.models.people import STAFF
from chat.web.commands import COMMANDS
from tools.audience import for_staff, reached
from tools.words import catalogues, faults, found, load

ROOT = Path(__file__).parents[2]
CLIENTS = [tag for tag, language in LANGUAGES.items() if not language.for_staff]

APP = 'import "./elements/qr-a.js"; import { x } from "./lib/words.js"; const later = () => import("./groups/staff.js");'
FILES = {
    "static/js/app.js": APP,
    "static/js/elements/qr-a.js": 'import "../lib/b.js";\nshow(words.shown, words[`${x}`], "named");  // words.commented',
    "static/js/lib/b.js": 'draw("small");',
    "static/js/groups/staff.js": '/** A page. For staff alone. */\nimport "../elements/qr-s.js";',
    "static/js/elements/qr-s.js": "show(words.hidden);",
    "static/annex.html": '<template id="qr-a"><b data-word="said"></b><qr-field label="asked"></qr-field></template>'
    '<template id="small"><b data-hint="hint"></b></template><template id="qr-s"><b data-word="drawn"></b></template>',
    "chat/a.py": '"""All."""\nraise Refused("Not now.")',
    "chat/s.py": '"""Some. For staff alone."""\nraise Refused("Not you.")\nraise Refused("Not now.")',
    "chat/templates/a.html": '{{ _("Here") }}',
    "chat/templates/s.html": '{# For staff alone. #}\n{{ _("There") }}',
}
WORDS = """export const words = translated({
    shown: "Shown",
    named: { one: "Named" },
    said: "Said",
    asked:
        "Asked",
    hint: "Hint",
    commented: "Commented",
    hidden: (n) => plural(n, "# hidden", "# hiddens"),
    drawn: (n) => t`Drawn ${n}`,
});
export const chapters = translated([
    {
        id: "a", clients: true,
        text: ["For clients"],
    },
    {
        id: "s", clients: false,
        text: ["For staff"],
    },
]);
"""


def met(root: Path) -> set[str]:
    """What a client can meet of a small tree."""
    for name, text in (FILES | {"static/js/lib/words.js": WORDS}).items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return {one for _, one in found(root).in_language("ar").words}


def test_a_client_meets_what_their_pages_say_and_nothing_that_is_for_staff_alone(tmp_path: Path) -> None:
    shown = {"Shown", "Named", "Said", "Asked", "Hint", "For clients"}
    assert met(tmp_path) == shown | {"Not now.", "Here"}
    assert {one for _, one in found(tmp_path).in_language("es").words} > {
        "# hidden",
        "Drawn {0}",
        "For staff",
        "Not you.",
        "There",
    }


def test_a_word_of_a_page_for_clients_is_missed_in_arabic(tmp_path: Path) -> None:
    met(tmp_path)
    book = tmp_path / "ar.po"
    book.write_text('msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n')
    said = faults(load(book), found(tmp_path).in_language("ar"))
    assert "no translation: Shown" in said
    assert not any("hidden" in one for one in said)


@pytest.mark.parametrize(
    ("forms", "fault"),
    [
        (["صفر", "واحد", "اثنان", "# قليل", "# كثير", "# غير ذلك"], None),
        (["صفر", "واحد", "اثنان", "# قليل", "كثير", "# غير ذلك"], "other values than in English: كثير"),
        (["صفر", "واحد", "اثنان", "# قليل", "", "# غير ذلك"], "no translation: # day"),
        (["واحد", "# كثير"], "no translation: # day"),
    ],
)
def test_a_form_that_is_missing_or_loses_its_number_is_found(forms: list[str], fault: str | None, tmp_path: Path) -> None:
    book = tmp_path / "ar.po"
    head = (ROOT / "chat/languages/ar.po").read_text().partition("\n\n")[0]
    told = "\n".join(f'msgstr[{number}] "{form}"' for number, form in enumerate(forms))
    book.write_text(f'{head}\n\nmsgid "# day"\nmsgid_plural "# days"\n{told}\n')
    (tmp_path / "static/js/lib").mkdir(parents=True)
    (tmp_path / "static/js/lib/words.js").write_text('days: (n) => plural(n, "# day", "# days"),')
    assert faults(load(book), found(tmp_path)) == ([fault] if fault else [])


@pytest.mark.parametrize("tag", CLIENTS)
def test_a_language_for_clients_has_all_that_they_meet_and_is_smaller_than_the_others(tag: str) -> None:
    everything = found(ROOT)
    own = everything.in_language(tag)
    assert faults(load(ROOT / f"chat/languages/{tag}.po"), own) == []
    assert 0.3 < len(own.words) / len(everything.words) < 0.8
    assert ROOT / f"chat/languages/{tag}.po" in catalogues()


def test_what_a_client_may_command_is_not_marked_as_for_staff() -> None:
    def module(verb: Callable[..., Any]) -> str:
        return getsource(modules[unwrap(verb).__module__])

    verbs = {name: (command.action or command.question, command.may) for name, command in COMMANDS.items()}
    wrong = [name for name, (verb, may) in verbs.items() if verb and may - STAFF and for_staff(module(verb))]
    assert wrong == []
    marked = [name for name, (verb, may) in verbs.items() if verb and not may - STAFF and for_staff(module(verb))]
    assert len(marked) > 10, "or this looks at nothing"


def test_the_pages_of_staff_are_those_that_are_marked_so() -> None:
    pages = (ROOT / "static/js/pages.js").read_text()
    entries = re.findall(r"\{\s*path: .*?\n?.*?import\(\"\./([^\"]+)\"\)", pages, re.DOTALL)
    groups = re.findall(r"(staff: true,\s*)?load: \(\) => import\(\"\./([^\"]+)\"\)", pages)
    assert len(entries) == len(groups) > 4
    for staff, name in groups:
        assert for_staff((ROOT / "static/js" / name).read_text()) is bool(staff), name
    names = {path.name for path in reached(ROOT)}
    assert {"qr-page-account.js", "qr-conversation.js", "qr-guest.js", "push.js"} <= names
    assert not names & {"qr-page-clients.js", "qr-page-practice.js", "qr-setup.js", "qr-mass.js"}
