"""Conversations on paper: nothing lost, nothing mixed up, and any script comes out."""

from __future__ import annotations

import io
import re

import pypdf
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from tests.people import later
from tests.printing.paper import BEN, DANA, HAL, bare, conversation, ink, message, one, pages, person, printed, read, where

WORDS = "The quick brown fox jumps over the lazy dog and rests. "


def test_each_conversation_begins_on_a_page_of_its_own_in_the_order_given() -> None:
    talks = [(conversation(f"Subject {n}"), [message(f"canary-{n}-{m}", m) for m in range(1, 4)]) for n in (3, 1, 2)]
    found = pages(printed(*talks))
    assert len(found) == 3
    for text, n in zip(found, (3, 1, 2), strict=True):
        assert f"Subject {n}" in text
        assert set(re.findall(r"canary-(\d)", text)) == {str(n)}


def test_the_head_says_whose_practice_who_takes_part_and_who_they_are() -> None:
    cleo = person("Cleo Marsh", "therapist", left=True)
    text = pages(printed((conversation("Sleep", (BEN, DANA, HAL, cleo)), [message("Hello")])))[0]
    assert "Harbor Counseling" in text
    assert "Ben Larsen, therapist · Dana Reed, client" in text
    assert "Cc Hal Reed, father of Dana Reed" in text
    assert "Took part earlier: Cleo Marsh, therapist" in text


def test_without_a_subject_the_other_people_are_the_title() -> None:
    assert "Messages with Dana Reed" in pages(printed((conversation(None), [message("Hello")])))[0]


def test_every_message_is_printed_with_sender_time_and_zone() -> None:
    found = pages(printed((conversation(), [message("Hello", sent_at=later())])))[0]
    assert "Dana Reed 13:00 CET" in found
    assert "Wednesday, March 4, 2026" in found
    american = pages(printed((conversation(), [message("Hello", sent_at=later())]), time_zone="America/New_York"))[0]
    assert "Dana Reed 7:00 AM EST" in american
    assert "UTC+0545" in pages(printed((conversation(), [message("Hello")]), time_zone="Asia/Kathmandu"))[0]


def test_an_unknown_time_zone_is_told_in_utc() -> None:
    assert "12:00 UTC" in pages(printed((conversation(), [message("Hello", sent_at=later())]), time_zone="Mars/Olympus"))[0]


def test_each_day_has_its_line() -> None:
    found = pages(printed((conversation(), [message(str(n), n, sent_at=later(days=n // 2)) for n in range(4)])))[0]
    assert re.findall(r"(\w+day), March (\d)", found) == [("Wednesday", "4"), ("Thursday", "5")]


def test_recipients_stand_at_a_message_only_where_they_were_others() -> None:
    people = (BEN, DANA, HAL)
    usual = message("to all", 1, cc=["Hal Reed"])
    by_hal = message("by hal", 2, author="Hal Reed", to=["Ben Larsen", "Dana Reed"])
    before = message("without hal", 3)
    text = pages(printed((conversation("Sleep", people), [usual, by_hal, before])))[0]
    assert text.count("To ") == 1
    assert re.search(r"Dana Reed \d\d:\d\d CET\nTo Ben Larsen\nwithout hal", text)


def test_automatic_messages_and_attachments_are_told() -> None:
    text = pages(printed((conversation(), [message("Away", automatic=True, attachments=["plan.pdf", "scan 2.jpg"])])))[0]
    assert "· automatic" in text
    assert "Attached: plan.pdf, scan 2.jpg" in text


def test_a_line_that_nobody_wrote_is_no_answer_and_is_sent_to_nobody() -> None:
    line = "Cleo Marsh reads this conversation from today."
    text = pages(
        printed((conversation(), [message("Hello"), message(line, author="", to=["Cleo Marsh", "Dana Reed"], automatic=True)]))
    )[0]
    assert line in text
    assert "automatic" not in text
    assert "To Cleo" not in text


def test_a_long_conversation_loses_nothing_and_repeats_its_subject() -> None:
    messages = [message(f"canary{n:03}x " + WORDS * (n % 7), n, sent_at=later(hours=n)) for n in range(300)]
    found = pages(printed((conversation("About sleep"), messages)))
    assert len(found) > 20
    assert re.findall(r"canary(\d{3})x", "".join(found)) == [f"{n:03}" for n in range(300)]
    assert all("About sleep, continued" in text for text in found[1:])
    assert [re.search(r"Page (\d+) of (\d+)", text).groups() for text in found] == [  # type: ignore[union-attr]
        (str(n), str(len(found))) for n in range(1, len(found) + 1)
    ]
    assert all("Printed by Ben Larsen on March 4, 2026, 13:00 CET" in text for text in found)


def test_no_name_stands_at_the_foot_of_a_page_without_its_words() -> None:
    for lines in (1, 4, 7):
        messages = [message("line\n" * lines + "end", n) for n in range(1, 41)]
        found = pages(printed((conversation("Sleep", (BEN, DANA, HAL)), messages)))
        assert len(found) > 3
        assert sum(len(re.findall(r"To Ben Larsen\nline\nline|To Ben Larsen\nline\nend", text)) for text in found) == 40


def test_a_message_of_ten_thousand_characters_runs_on_over_pages() -> None:
    body = "".join(f"{n:05} and some words. " for n in range(450)) + "." * 100
    assert len(body) == 10_000
    found = "".join(pages(one(body)))
    assert re.findall(r"\d{5}", found) == [f"{n:05}" for n in range(450)]


def test_a_word_wider_than_the_page_is_cut_and_whole() -> None:
    word = "".join(chr(ord("a") + n % 26) for n in range(3_000))
    pdf = one(word)
    assert word in bare("".join(pages(pdf)))
    assert max(_edges(word)) < 595 - 58


SCRIPTS = {
    "Latin": "Ångström, Čeština, Tiếng Việt, office",
    "Cyrillic": "Русский текст, Україна",
    "Greek": "Ελληνικά κείμενο, ἄνθρωπος",
    "Hebrew": "שלום עולם מה שלומך",
    "Arabic": "مرحبا كيف حالك اليوم",
    "Devanagari": "नमस्ते आप कैसे हैं",
    "Thai": "ภาษาไทย",
    "Chinese": "你好，世界。这是中文。",
    "Japanese": "こんにちは、世界。カタカナ",
    "Korean": "안녕하세요 세계",
}


@pytest.mark.parametrize("script", SCRIPTS)
def test_each_script_is_drawn_and_found_again(script: str) -> None:
    text = SCRIPTS[script]
    pdf = one(text)
    assert ink(pdf) > ink(one("")) + 10 * len(text)
    together = bare("".join(read(pdf)))
    assert all(word in together for word in text.split()) or bare(text) in bare("".join(pages(pdf)))
    assert "U+" not in together


def test_right_to_left_paragraphs_stand_at_the_right_edge() -> None:
    left, right = _edges("shalom"), _edges("שלום")
    assert left[0] < 70
    assert right[1] > 500


def test_right_to_left_words_follow_each_other_to_the_left_and_others_keep_their_order() -> None:
    begin, middle, latin, number, end = (where(one("א שלום a1 23 ת"), sign) for sign in "אםa2ת")
    assert begin > middle > number > latin > end
    assert where(one("א ב 23"), "2") < where(one("א ב 23"), "3") < where(one("א ב 23"), "ב")


def _edges(text: str) -> tuple[float, float]:
    """From where to where the pieces of a body begin."""
    places: list[float] = []

    def visit(part: str, _current: object, matrix: list[float], font: object, size: float) -> None:
        if part.strip() and abs(size - 10.5) < 0.01:
            places.append(matrix[4])

    pypdf.PdfReader(io.BytesIO(one(text))).pages[0].extract_text(visitor_text=visit)
    return min(places), max(places)


ODD = (
    *("\x00\x07\x1b\x7f\x85", "\ue000\U000f0000", "\u0378\U000e1234", "\ud800", "\uffff\ufffe", "👩‍👩‍👧", "👍🏽🏽🏽", "🇩", "🇩🇪🇺"),
    *("\u0301\u0302", " \u0301", "\u200d\u200d", "\u202e\u202e\u2066", "\u2069\u202c", "\U000e0041", "\ufeff", "\u00ad"),
    *("a" + "\u0335" * 500, "क्क्क्क्क्क्", "\u0915\u094d\u200d", "\u0e33\u0e33", "\u1100\u1161\u11a8", "﷽", "𒀀", "\u3164", "\u2028"),
)


def test_odd_code_points_never_fail() -> None:
    talks = [(conversation(f"s {text}"), [message(text), message(f"x{text}y", attachments=[f"{text}.pdf"])]) for text in ODD]
    found = pages(printed(*talks))
    assert f"Page {len(ODD)} of {len(ODD)}" in found[-1]


@settings(deadline=None, max_examples=10, derandomize=True)
@given(some.lists(some.text(max_size=80), min_size=1, max_size=12))
def test_any_text_is_printed(bodies: list[str]) -> None:
    assert "the end" in read(one(*bodies, "the end"))[-1]


@pytest.mark.parametrize(("text", "said"), [("😀", "grinning face"), ("\ue123", "U+E123"), ("\x07", "U+0007"), ("ক", "U+0995")])
def test_what_no_typeface_has_is_visibly_marked(text: str, said: str) -> None:
    pdf = one(f"before {text} after")
    for reader in (pages, read):
        assert re.search(rf"before\s+{re.escape(said)}\s+after", reader(pdf)[0])
    assert b" re S" in pypdf.PdfReader(io.BytesIO(pdf)).pages[0].get_contents().get_data()  # type: ignore[union-attr]


def test_the_file_names_nobody_outside_its_pages() -> None:
    pdf = printed((conversation("Secret subject"), [message("secret body")]))
    metadata = pypdf.PdfReader(io.BytesIO(pdf)).metadata
    assert metadata is not None
    assert dict(metadata).keys() == {"/Title", "/CreationDate"}
    assert metadata.title == "Messages"
    plain = pdf.decode("latin-1")
    for word in ("Ben", "Dana", "Harbor", "Secret", "secret", *map(_hexadecimal, ("Ben", "Dana", "Harbor"))):
        assert word not in plain


def _hexadecimal(word: str) -> str:
    return word.encode("utf-16-be").decode("latin-1")


def test_only_the_glyphs_that_are_used_are_in_the_file() -> None:
    assert len(one("你好")) < 60_000


def test_paper_is_that_of_the_country() -> None:
    def size(zone: str) -> tuple[float, float]:
        box = pypdf.PdfReader(io.BytesIO(one("Hello", time_zone=zone))).pages[0].mediabox
        return float(box.width), float(box.height)

    assert size("America/Chicago") == (612, 792)
    assert size("Europe/Paris") == (595.28, 841.89)


def test_what_is_printed_is_in_the_language_of_who_prints() -> None:
    automatic = message("Estoy de vacaciones.", 2, automatic=True, author="Ben Larsen", to=["Dana Reed"], attachments=["a.pdf"])
    talk = conversation(None, (BEN, DANA, HAL))
    text = "\n".join(pages(printed((talk, [message("Hola"), automatic]), language="es")))
    for words in (
        "Mensajes con Dana Reed, Hal Reed",
        "Ben Larsen, terapeuta",
        "Hal Reed, father de Dana Reed",
        "Impreso por Ben Larsen el 4 de marzo de 2026, 13:00 CET",
        "miércoles, 4 de marzo de 2026",
        "automático",
        "Adjuntos: a.pdf",
        "Página 1 de 1",
    ):
        assert words in text


def test_paper_in_arabic_begins_at_the_right_edge() -> None:
    talk = conversation("zZz", (BEN, DANA, HAL))
    paper = printed((talk, [message("q"), message("ض", 2, attachments=["a.pdf"])]), language="ar")
    (text,) = pages(paper)
    for words in ("معالج", "المرفقات", "صفحة", "مارس"):
        assert words in text
    mirrored, plain = places(paper), places(printed((talk, [message("q")])))
    assert plain["Harbor"] < 100 < 450 < mirrored["Harbor"], "the practice's name"
    assert plain["zZz"] < 100 < 450 < mirrored["zZz"], "the title, although its letters run the other way"
    assert plain["Larsen"] < 200 < 400 < mirrored["Larsen"], "who takes part"
    assert mirrored["q"] < 100, "what somebody wrote runs as they wrote it"


def places(pdf: bytes) -> dict[str, float]:
    """How far from the left each word of the first page begins that has Latin letters, the first time it stands there."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        page = document[0].get_textpage()
        whole = page.get_text_range()
        words = {found[0]: found.start() for found in reversed([*re.finditer("[A-Za-z]+", whole)])}
        return {word: page.get_charbox(at)[0] for word, at in words.items()}
    finally:
        document.close()


def test_hours_are_told_as_the_language_tells_them() -> None:
    (text,) = pages(one("Hola", language="es", time_zone="America/New_York"))
    assert re.search(r"7:01\sa\.m\. EST", text)
