"""The languages of pages and mails."""

from __future__ import annotations

import json
from gettext import c2py
from typing import Any

import pytest
from babel import Locale
from babel.messages.catalog import Catalog

from chat.lib.languages import (
    ENGLISH,
    LANGUAGES,
    MIRRORED,
    TRANSLATED,
    Catalogue,
    catalogue,
    enumerated,
    mirrored,
    preferred,
    read,
    said,
    said_for,
    speaks,
    spoken,
)
from chat.lib.sentences import Sentence

ARABIC = "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);"


def book(*messages: tuple[Any, Any], locale: str = "es", plural: str = "nplurals=2; plural=(n != 1);", **more: Any) -> Catalogue:
    made = Catalog(locale=locale)
    made.mime_headers = [("Content-Type", "text/plain; charset=utf-8"), ("Plural-Forms", plural)]
    for one, told in messages:
        made.add(one, told, [("static/js/lib/words.js", 0)], **more)
    return Catalogue(made, Locale.parse(locale))


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("es", "es"),
        ("es-MX", "es"),
        ("ES_us", "es"),
        ("en-GB", "en"),
        ("ar-EG", "ar"),
        ("fr", None),
        ("", None),
        (None, None),
    ],
)
def test_a_tag_means_a_language_that_is_here_or_none(tag: str | None, language: str | None) -> None:
    assert spoken(tag) == language


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("es", "es"),
        ("es-419,es;q=0.9,en;q=0.8", "es"),
        ("fr, en;q=0.4, es;q=0.6", "es"),
        ("en-US,en;q=0.9,es;q=0.8", "en"),
        ("fr, es;q=0", "en"),
        ("es;q=nonsense, *;q=0.1", "en"),
        ("ar, en;q=0.5", "ar"),
        ("ar-XB", "en"),
        ("," * 400 + "es", "es"),
        ("x" * 600 + ",es", "en"),
    ],
)
def test_a_browser_gets_the_best_of_the_languages_it_asks_for(header: str, language: str) -> None:
    assert preferred(header) == language


def test_a_text_is_said_in_spanish() -> None:
    assert said("Cancel", "es") == "Cancelar"
    assert said(Sentence("Secure messaging is off for {name}.", name="Dana"), "es").endswith(" para Dana.")


def test_english_and_what_nobody_translated_stay_as_they_are() -> None:
    assert said("Cancel", ENGLISH) == "Cancel"
    assert said("Cancel", "fr") == "Cancel"
    assert said("A text that is nowhere", "es") == "A text that is nowhere"
    assert said("", "es") == ""


def test_a_value_is_said_as_its_kind_asks() -> None:
    text = "This would now go to {names}. Please look again before you send."
    assert "Ada, Ben y Cleo" in said(Sentence(text, names=["Ada", "Ben", "Cleo"]), "es")
    inner = Sentence("This client is inactive.")
    assert "Este cliente" in said(Sentence("Line {line}: {problem} Nothing was added.", line=3, problem=inner), "es")
    assert "10,000" in said(Sentence("A message may have up to {most} characters.", most=10_000), "es")


def test_names_in_a_sentence_are_those_of_the_language() -> None:
    assert enumerated(["Ada", "Ben"], ENGLISH) == "Ada and Ben"
    assert enumerated(["Ada", "Ben", "Cleo"], "es") == "Ada, Ben y Cleo"


@pytest.mark.parametrize(("count", "end"), [(1, "a un cliente"), (2, "a 2 clientes")])
def test_a_number_chooses_the_form(count: int, end: str) -> None:
    one = "{name} looks after one client. Choose who takes over."
    several = "{name} looks after {count} clients. Choose who takes over."
    assert end in said(Sentence(one, several, name="Ben", count=count), "es")


@pytest.mark.parametrize(
    ("count", "told"),
    [(1, "سنة واحدة"), (2, "سنتين"), (3, "3 سنوات"), (11, "11 سنة"), (100, "100 سنة")],
)
def test_arabic_has_forms_for_one_two_few_and_many(count: int, told: str) -> None:
    one, several = (f"The practice keeps messages for at least {{count}} {year}. " for year in ("year", "years"))
    rest = "Before that, nothing is deleted for good."
    assert f" {told} " in said(Sentence(one + rest, several + rest, count=count), "ar")


def test_from_right_to_left_a_value_is_set_apart_from_what_stands_around_it() -> None:
    assert "\u2068Dana\u2069" in said(Sentence("Secure messaging is off for {name}.", name="Dana"), "ar")
    assert "\u2068" not in said(Sentence("Secure messaging is off for {name}.", name="Dana"), "es")
    assert enumerated(["Ada", "Ben"], "ar") == "\u2068Ada\u2069 و\u2068Ben\u2069"
    words = json.loads(catalogue("ar").for_browser())
    assert words["Read {0}"] == "قُرئت \u2068{0}\u2069"
    assert words["Open for {0}:{1}"].endswith("\u2066{0}:{1}\u2069"), "minutes and seconds as a whole, by the catalogue"
    assert words["messages-{0}.pdf"] == "messages-{0}.pdf", "the name of a file holds nothing that one cannot see"
    assert "\u2068" not in "".join(words["# message"].values())


def test_staff_speak_what_has_the_words_of_all_pages() -> None:
    assert [speaks(tag, staff=True) for tag in ("en", "es", "ar", MIRRORED, "fr", None)] == [True, True, *[False] * 4]
    assert [speaks(tag, staff=False) for tag in ("en", "es", "ar", MIRRORED, "fr", None)] == [True, True, True, *[False] * 3]


def test_what_is_for_staff_alone_stays_english_in_a_language_for_clients() -> None:
    assert said("A practice needs a name.", "es") != "A practice needs a name."
    assert said("A practice needs a name.", "ar") == "A practice needs a name."


def test_a_form_that_is_missing_is_english() -> None:
    made = book((("# day", "# days"), ("# día", "")))
    assert [made.many("# day", "# days", count) for count in (1, 2)] == ["# day", "# days"]
    assert [said_for("# of", "# ofs", count, ENGLISH) for count in (1, 2)] == ["# of", "# ofs"]


def test_the_browser_gets_the_words_of_the_pages_and_no_others() -> None:
    words = json.loads(catalogue("es").for_browser())
    assert words["Cancel"] == "Cancelar"
    assert words["folder|Sent"] == "Enviados"
    assert words["# message"] == {"one": "# mensaje", "other": "# mensajes", "many": "# mensajes"}
    assert "The mail server cannot be reached. It is tried again." not in words


def test_the_browser_gets_each_form_by_the_name_that_it_has_there() -> None:
    forms = tuple(f"{number} #" for number in range(6))
    words = json.loads(book((("# day", "# days"), forms), locale="ar", plural=ARABIC).for_browser())
    wanted = {"zero": "0 #", "one": "1 #", "two": "2 #", "few": "3 #", "many": "4 #", "other": "5 #"}
    assert words == {"# day": wanted}


def test_a_word_without_translation_does_not_reach_the_browser() -> None:
    assert json.loads(book(("Cancel", "")).for_browser()) == {}


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_language_counts_as_its_readers_do(language: str) -> None:
    own, locale = read(language), LANGUAGES[language].locale
    assert locale.language == language
    form = c2py(own.plural_expr)
    numbers = (*range(200), 1_000_000)
    # Each name that Intl has for a form means one of ours; each of ours is taken by some number.
    assert len({(locale.plural_form(number), form(number)) for number in numbers}) == len({*map(locale.plural_form, numbers)})
    assert {form(number) for number in numbers} == set(range(own.num_plurals))


def test_arabic_has_six_forms() -> None:
    assert read("ar").num_plurals == len(LANGUAGES["ar"].locale.plural_form.tags) + 1 == 6


def test_only_its_whole_tag_means_the_mirrored_language() -> None:
    assert (spoken(MIRRORED), spoken("ar"), spoken("ar-xb")) == (MIRRORED, "ar", "ar")


def test_the_mirrored_language_is_english_from_right_to_left_and_longer() -> None:
    told = said(Sentence("Secure messaging is off for {name}.", name="Dana"), MIRRORED)
    assert told == "\u202eSeecuuree meessaagiing iis ooff foor\u202c Dana\u202e.\u202c"
    made = mirrored(read("es"))
    assert made.get("# message").string == ("# \u202emeessaagee\u202c", "# \u202emeessaagees\u202c")  # type: ignore[union-attr]
    assert made.get("Sent", context="folder").string == "\u202eSeent\u202c"  # type: ignore[union-attr]
