"""Files made to do harm: each is refused with a sentence, or kept as what it is, in bounded time and memory."""

from __future__ import annotations

import io
import resource
import struct
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable

import pytest
from PIL import Image

from chat.lib.files import ENTRIES, LONGEST_NAME, PIXELS, NotAllowed, recognize, safe_name

MIB = 1024 * 1024
TYPES = b'<?xml version="1.0"?><Types/>'


def archive(*entries: tuple[str, bytes], kind: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP of these entries."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", kind) as made:
        for name, data in entries:
            made.writestr(name, data)
    return out.getvalue()


def document(*more: tuple[str, bytes]) -> bytes:
    """What looks like a Word document, with more in it."""
    return archive(("[Content_Types].xml", TYPES), ("word/document.xml", b"<w/>"), *more)


def claiming(data: bytes, size: int) -> bytes:
    """An archive that says that its last entry unpacks to so many bytes."""
    at = data.rindex(b"PK\x01\x02") + 24
    return data[:at] + struct.pack("<I", size) + data[at + 4 :]


def png(width: int, height: int, rows: bytes = b"") -> bytes:
    """A PNG whose header says a size that its data need not have."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def gif(frames: int) -> bytes:
    """A moving picture."""
    out = io.BytesIO()
    pictures = [Image.new("P", (8, 8), number % 250) for number in range(frames)]
    pictures[0].save(out, "GIF", save_all=True, append_images=pictures[1:])
    return out.getvalue()


HOSTILE: dict[str, Callable[[], bytes]] = {
    "a zip bomb as a document": lambda: document(("word/media/a.xml", b"\0" * 40 * MIB)),
    "a document that lies about its size": lambda: claiming(document(("word/a", b"x")), 0xFFFFFFF0),
    "a document of too many entries": lambda: document(*((f"word/{number}", b"") for number in range(ENTRIES + 1))),
    "an archive in an archive": lambda: archive(("inner.zip", document())),
    "a document with macros": lambda: document(("word/vbaProject.bin", b"x")),
    "macros in capitals": lambda: document(("word/VBAPROJECT.BIN", b"x")),
    "a program in an archive": lambda: archive(("setup.exe", b"MZ")),
    "half an archive": lambda: document()[:60],
    "a Java archive": lambda: archive(("META-INF/MANIFEST.MF", b"x"), ("A.class", b"\xca\xfe\xba\xbe")),
    "a pixel bomb": lambda: png(60_000, 60_000),
    "a picture that is just too large": lambda: png(PIXELS // 1_000 + 1, 1_000),
    "a picture of no size": lambda: png(0, 0),
    "half a picture": lambda: png(4_000, 4_000),
    "a Windows program": lambda: b"MZ\x90\x00" + b"\0" * 200,
    "a Linux program": lambda: b"\x7fELF" + b"\0" * 200,
    "a page with a script": lambda: b"<!doctype html><script>alert(1)</script>\0",
    "a vector picture with a script": lambda: b'\xff\xfe<svg onload="alert(1)"/>',
    "a RAR archive": lambda: b"Rar!\x1a\x07\x00" + bytes(range(256)),
    "a RIFF that is no picture": lambda: b"RIFF" + struct.pack("<I", 100) + b"WAVEfmt " + b"\0" * 100,
    "an installer in the clothes of Word": lambda: bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 512,
    "nothing": lambda: b"",
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_would_do_harm_is_refused_with_a_sentence(kind: str) -> None:
    with pytest.raises(NotAllowed, match=r"^[A-Z].*\.$"):
        recognize(HOSTILE[kind](), "invoice.msi" if "installer" in kind else "invoice.pdf")


@pytest.mark.parametrize(
    "kind", ["a zip bomb as a document", "a pixel bomb", "a document that lies about its size", "half a picture"]
)
def test_a_bomb_does_not_go_off(kind: str) -> None:
    data = HOSTILE[kind]()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    tracemalloc.start()
    with pytest.raises(NotAllowed):
        recognize(data, "bomb")
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 8 * MIB
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 80 * 1024, "KiB, also of what Python does not count"


POLYGLOTS: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "a PDF that is a page, too": (lambda: b"%PDF-1.7\n<script>alert(1)</script>", "a.html", "application/pdf"),
    "a PDF that is an archive, too": (lambda: b"%PDF-1.7\n" + document(), "a.docx", "application/pdf"),
    "text that is a page": (lambda: b"<html><script>alert(1)</script></html>", "a.html", "text/plain"),
    "text that is a program": (lambda: b"#!/bin/sh\nrm -rf /\n", "a.sh", "text/plain"),
    "a vector picture": (lambda: b'<svg xmlns="x" onload="alert(1)"/>', "a.svg", "text/plain"),
}


@pytest.mark.parametrize("kind", POLYGLOTS)
def test_what_is_two_things_is_kept_as_the_harmless_one_and_named_so(kind: str) -> None:
    make, name, media = POLYGLOTS[kind]
    found = recognize(make(), name)
    assert found.media_type == media
    assert found.name.rpartition(".")[2] == {"application/pdf": "pdf", "text/plain": "txt"}[media]
    assert found.thumbnail is None


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_what_hangs_behind_a_picture_is_left_behind(form: str) -> None:
    out = io.BytesIO()
    Image.new("RGB", (20, 20), "teal").save(
        out, form, exif=b"Exif\0\0secret place", **({"comment": b"secret"} if form == "JPEG" else {})
    )
    kept = recognize(out.getvalue() + b"PK\x03\x04<script>secret</script>" + document(), f"a.{form.lower()}")
    assert b"secret" not in kept.data
    assert b"PK\x03\x04" not in kept.data
    assert not zipfile.is_zipfile(io.BytesIO(kept.data))


def test_a_moving_picture_of_many_frames_takes_no_more_than_its_bytes() -> None:
    data = gif(400)
    tracemalloc.start()
    found = recognize(data, "a.gif")
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found.media_type == "image/gif"
    assert most < 16 * MIB


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd", "..\\..\\windows\\system32\\a", "C:\\a", "/etc/shadow", "a\0.exe", "inv\u202efdp.exe",
        "\u2066a\u2069", "a\r\nX: y", "." * 300, "a" * 5_000,
        "CON", " ", "~", "a/b/c", "%2e%2e%2f", "a;b", "\ufeffa", "<b>", "$(id)", "`id`",
        "\u200bx",
        "a.pdf.exe", "\u0085a", "\u2028a", "\U000e0041tag",
    ],
)  # fmt: skip
def test_no_name_leads_elsewhere_or_reads_otherwise_than_it_is_written(name: str) -> None:
    safe = safe_name(name, "pdf")
    assert safe.endswith(".pdf")
    assert 5 <= len(safe) <= LONGEST_NAME + 4
    assert not safe.startswith((".", " "))
    assert not set(safe) & set('/\\:*?"<>|\0\r\n\u202e\u2066\u2069\u200b\u0085\u2028\ufeff')
