"""A contact log on paper: every entry verbatim, with who took it along and when."""

from __future__ import annotations

import io
import re
from typing import Any

import pypdf
import pytest

from chat.printing.contact_logs import ContactLog
from tests.people import later
from tests.printing.paper import HARBOR, bare, pages, read


def entry(body: str, **more: Any) -> dict[str, Any]:
    """What Ben copied from a message to Dana."""
    usual = {"id": 1, "at": later(), "author": "Ben Larsen", "by_hand": False, "subject": None, "files": []}
    return usual | {"body": body, "recipients": ["Dana Reed"]} | more


def exported(*entries: dict[str, Any], **head: Any) -> bytes:
    """The PDF of a log with these entries."""
    usual = {"practice": HARBOR, "time_zone": "Europe/Berlin", "exported_by": "Ada Lindgren", "now": later()}
    whose = {"client": "Dana Reed", "born": "1994-03-04"}
    document = ContactLog(usual | whose | head)  # type: ignore[arg-type]
    for one in entries:
        document.take({"add": [one]})
    return document.finish()


def test_the_head_says_whose_log_it_is_and_the_foot_who_took_it_along_when() -> None:
    (text,) = pages(exported(entry("Hello")))
    assert HARBOR in text
    assert "Dana Reed, born March 4, 1994" in text
    assert "Exported by Ada Lindgren on March 4, 2026, 13:00 CET" in text
    assert "Page 1 of 1" in text
    assert "born" not in pages(exported(entry("Hello"), born=None))[0]


def test_an_entry_has_its_author_time_kind_recipients_subject_text_and_files() -> None:
    copied = entry("Agreed: Friday.\n  Father joins.", subject="Friday", recipients=["Dana Reed", "Hal Reed"], files=["plan.pdf"])
    by_hand = entry("Called back.", by_hand=True, recipients=[], at=later(hours=-1))
    (text,) = pages(exported(copied, by_hand))
    assert "Ben Larsen 13:00 CET · copy of a message" in text
    assert "To Dana Reed, Hal Reed" in text
    assert "Friday\nAgreed: Friday." in text
    assert "Attached: plan.pdf" in text
    assert "Ben Larsen 12:00 CET · written by hand" in text
    assert text.index("Agreed") < text.index("Called back")


def test_a_long_log_loses_nothing_and_counts_its_pages() -> None:
    entries = [entry(f"canary{n:03}x " + "The quick brown fox rests. " * (n % 9), at=later(hours=-n)) for n in range(200)]
    found = pages(exported(*entries))
    assert re.findall(r"canary(\d{3})x", "".join(found)) == [f"{n:03}" for n in range(200)]
    assert [re.search(r"Page (\d+) of (\d+)", text).groups() for text in found] == [  # type: ignore[union-attr]
        (str(n), str(len(found))) for n in range(1, len(found) + 1)
    ]
    assert all("Contact log of Dana Reed, continued" in text for text in found[1:])


@pytest.mark.parametrize("text", ["שלום עולם", "مرحبا", "你好，世界", "안녕하세요", "नमस्ते", "Русский"])
def test_any_script_is_printed(text: str) -> None:
    together = bare("".join(read(exported(entry(text, subject=text, files=[f"{text}.pdf"])))))
    assert all(word in together for word in text.split()) or together.count(bare(text)) == 3


def test_the_file_names_nobody_outside_its_pages() -> None:
    pdf = exported(entry("secret body", subject="secret subject"))
    metadata = pypdf.PdfReader(io.BytesIO(pdf)).metadata
    assert metadata is not None
    assert metadata.title == "Contact log"
    assert dict(metadata).keys() == {"/Title", "/CreationDate"}
    plain = pdf.decode("latin-1")
    assert all(word not in plain for word in ("Dana", "Ben", "Ada", "Harbor", "secret"))


def test_an_empty_log_is_a_page_that_says_whose() -> None:
    (text,) = pages(exported())
    assert "Contact log" in text
    assert "Dana Reed" in text


def test_a_log_is_put_on_paper_in_the_language_of_who_takes_it_along() -> None:
    (text,) = pages(exported(entry("Hello", by_hand=True, files=["a.pdf"]), language="es"))
    assert "Registro de contacto" in text
    assert "Dana Reed, nacimiento: 4 de marzo de 1994" in text
    assert "Exportado por Ada Lindgren el 4 de marzo de 2026, 13:00 CET" in text
    assert "escrito a mano" in text
    assert "Página 1 de 1" in text
