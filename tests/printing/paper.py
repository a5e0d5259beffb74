"""Printed documents for tests: what goes in, and what a reader of the PDF gets out."""

from __future__ import annotations

import io
from typing import Any

import pypdf
import pypdfium2

from chat.printing.conversations import Conversations
from tests.people import later

HARBOR = "Harbor Counseling"


def person(name: str, role: str, **more: Any) -> dict[str, Any]:
    """Somebody on paper."""
    return {"name": name, "role": role, "relation": None, "of": None, "cc": False, "me": False, "left": False} | more


BEN, DANA = person("Ben Larsen", "therapist", me=True), person("Dana Reed", "client")
HAL = person("Hal Reed", "contact", relation="father", of="Dana Reed", cc=True)


def message(body: str, seq: int = 1, **more: Any) -> dict[str, Any]:
    """What Dana wrote to Ben."""
    usual = {"author": "Dana Reed", "to": ["Ben Larsen"], "cc": [], "attachments": [], "automatic": False}
    return {"seq": seq, "body": body, "sent_at": later(minutes=seq)} | usual | more


def printout(**more: Any) -> dict[str, Any]:
    """What stands on every page."""
    usual = {"practice": HARBOR, "time_zone": "Europe/Berlin", "printed_by": "Ben Larsen", "now": later(), "conversations": []}
    return usual | more


def conversation(subject: str | None = "Sleep", people: tuple[dict[str, Any], ...] = (BEN, DANA)) -> dict[str, Any]:
    """The head of one conversation."""
    return {"id": 1, "subject": subject, "people": list(people), "newest": 1}


def printed(*talks: tuple[dict[str, Any], list[dict[str, Any]]], **head: Any) -> bytes:
    """The PDF of some conversations with their messages."""
    document = Conversations(printout(**head))  # type: ignore[arg-type]
    for talk, messages in talks:
        document.begin(talk)  # type: ignore[arg-type]
        document.add(messages)  # type: ignore[arg-type]
    return document.finish()


def one(*bodies: str, **head: Any) -> bytes:
    """The PDF of one conversation with these messages."""
    return printed((conversation(), [message(body, seq) for seq, body in enumerate(bodies, 1)]), **head)


def pages(pdf: bytes) -> list[str]:
    """The text of each page, as one reader of PDFs finds it."""
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def read(pdf: bytes) -> list[str]:
    """The text of each page, as another (that of a well-known browser) finds it."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [page.get_textpage().get_text_range().replace("\r\n", "\n") for page in document]
    finally:
        document.close()


def bare(text: str) -> str:
    """Without blanks, which stand between lines and letters as the layout has it."""
    return "".join(text.replace("\u200b", "").split())


def ink(pdf: bytes, page: int = 0) -> int:
    """How many dots of a page are not white."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        picture = document[page].render(scale=1, grayscale=True).to_pil()
        return sum(count for shade, count in enumerate(picture.histogram()) if shade < 200)
    finally:
        document.close()


def where(pdf: bytes, sign: str) -> float:
    """How far from the left the first of these signs stands among the words of the first page's messages."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        page = document[0].get_textpage()
        found = (at for at in range(page.count_chars()) if pypdfium2.raw.FPDFText_GetUnicode(page, at) == ord(sign))
        boxes = [page.get_charbox(at) for at in found]
        return float(next(left for left, bottom, _, _ in boxes if 600 < bottom < 676))
    finally:
        document.close()
