"""Templates in several languages."""

from __future__ import annotations

from pathlib import Path

import pytest
from jinja2 import UndefinedError

from chat.lib.templates import environment

TEXTS = {
    "page.html": '<p>{{ _("Cancel") }}</p>{% trans name=who %}In this browser {{ name }} is signed in. '
    "This link is for somebody else.{% endtrans %}",
    "mail.txt": '{{ ngettext("Open it here within %(num)s minute of this mail, to read it and to answer.", '
    '"Open it here within %(num)s minutes of this mail, to read it and to answer.", minutes) }}\n',
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in TEXTS.items():
        (tmp_path / name).write_text(text)
    return tmp_path


def test_what_is_marked_is_said_in_the_language_of_the_rendering(folder: Path) -> None:
    page = environment(folder, autoescape=True).get_template("page.html")
    assert page.render(language="en", who="Ben").startswith("<p>Cancel</p>In this browser Ben is signed in.")
    assert page.render(language="es", who="Ben").startswith("<p>Cancelar</p>En este navegador, la sesión es de Ben.")


def test_what_is_put_in_is_text_in_every_language(folder: Path) -> None:
    page = environment(folder, autoescape=True).get_template("page.html")
    for language in ("en", "es"):
        assert "&lt;b&gt; &amp; %(x)s" in page.render(language=language, who="<b> & %(x)s")


@pytest.mark.parametrize(("minutes", "words"), [(1, "1 minuto"), (15, "15 minutos")])
def test_a_number_chooses_the_form(folder: Path, minutes: int, words: str) -> None:
    mail = environment(folder, autoescape=False).get_template("mail.txt")
    assert words in mail.render(language="es", minutes=minutes)


def test_a_rendering_without_a_language_is_a_fault(folder: Path) -> None:
    with pytest.raises((UndefinedError, KeyError)):
        environment(folder).get_template("page.html").render(who="Ben")
