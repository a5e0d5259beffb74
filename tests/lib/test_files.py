"""What may be sent is decided by content, and comes out without what it should not carry."""

import io
import zipfile
from unittest.mock import patch

import pillow_heif
import pytest
from PIL import Image, ImageChops, ImageSequence

from chat.lib import files
from chat.lib.files import NotAllowed, recognize, safe_name

PLACE = "SECRETPLACE"


def picture(form: str = "JPEG", size: tuple[int, int] = (40, 30), mode: str = "RGB") -> bytes:
    """A picture that says where it was taken."""
    image, exif, out = Image.new(mode, size), Image.Exif(), io.BytesIO()
    exif[0x010E] = PLACE
    image.save(out, form, **({"exif": exif} if form in {"JPEG", "WEBP"} else {}))
    return out.getvalue()


def archive(*names: str, mimetype: str = "", content: bytes = b"x") -> bytes:
    """A ZIP with these entries."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        if mimetype:
            file.writestr("mimetype", mimetype)
        for name in names:
            file.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "media", "kept"),
    [
        (b"%PDF-1.7 x", "plan.exe", "application/pdf", "plan.exe.pdf"),
        (archive("[Content_Types].xml", "word/document.xml"), "a.docx", "wordprocessingml.document", "a.docx"),
        (archive("[Content_Types].xml", "xl/workbook.xml"), "a", "spreadsheetml.sheet", "a.xlsx"),
        (archive("[Content_Types].xml", "ppt/presentation.xml"), "a.zip", "presentationml.presentation", "a.zip.pptx"),
        (archive("content.xml", mimetype="application/vnd.oasis.opendocument.text"), "b.odt", "opendocument.text", "b.odt"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"x", "old.doc", "application/msword", "old.doc"),
        ("héllo\n".encode(), "notes", "text/plain", "notes.txt"),
        (b"a,b\n1,2\n", "list.csv", "text/plain", "list.csv"),
        (b"<script>alert(1)</script>", "page.html", "text/plain", "page.html.txt"),
    ],
)
def test_documents_are_known_by_content_and_named_by_what_they_are(data: bytes, name: str, media: str, kept: str) -> None:
    found = recognize(data, name)
    assert found.media_type.endswith(media)
    assert found.name == kept
    assert found.data == data


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "WEBP"])
def test_pictures_are_drawn_anew_without_where_they_were_taken(form: str) -> None:
    data = picture(form)
    found = recognize(data, "photo")
    assert (PLACE.encode() in data) == (form in {"JPEG", "WEBP"}), "the premise"
    assert PLACE.encode() not in found.data
    assert found.thumbnail is not None
    with Image.open(io.BytesIO(found.data)) as image:
        assert (image.format, image.size) == (form, (40, 30))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"MZ\x00\x01",
        b"\x7fELF",
        bytes.fromhex("d0cf11e0a1b11ae1"),
        archive("evil.js"),
        archive("[Content_Types].xml", "word/vbaProject.bin"),
        archive("word/document.xml")[:40],
        b"\xff\xd8\xffnot a picture",
        b"text with \x07 a bell",
        b"\xff\xfe\x00",
    ],
    # An archive bears the time at which it was made, and every worker has to find tests of the same names.
    ids=[
        "nothing",
        "a program",
        "another",
        "an old document",
        "an archive",
        "macros",
        "half",
        "no picture",
        "a bell",
        "half a mark",
    ],
)
def test_all_else_is_refused_with_a_sentence(data: bytes) -> None:
    with pytest.raises(NotAllowed, match=r"\.$"):
        recognize(data, "x.pdf")


def test_archives_and_pictures_that_would_grow_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NotAllowed, match="too large"):
        recognize(archive("[Content_Types].xml", "word/document.xml", content=b"\0" * 3_000_000), "bomb.docx")
    monkeypatch.setattr(files, "PIXELS", 100)
    with pytest.raises(NotAllowed, match="million"):
        recognize(picture(), "big.jpg")


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\ben\\plan.pdf", "plan.pdf"),
        ("a\u202egpj.exe", "a gpj.exe.pdf"),
        ("line\nbreak\x00.pdf", "line break.pdf"),
        ("", "file.pdf"),
        ("...", "file.pdf"),
        ("phöto 🙂.PDF", "phöto 🙂.pdf"),
        ("x" * 500, "x" * 120 + ".pdf"),
    ],
)
def test_names_lose_what_could_mislead(name: str, safe: str) -> None:
    assert safe_name(name, "pdf") == safe


def heic(size: tuple[int, int] = (40, 30)) -> bytes:
    """A photo as an iPhone makes them, which says where it was taken."""
    image, exif, out = Image.new("RGBA", size, "teal"), Image.Exif(), io.BytesIO()
    exif[0x010E] = PLACE
    pillow_heif.from_pillow(image).save(out, exif=exif.tobytes())
    return out.getvalue()


def test_a_photo_of_an_iphone_becomes_a_jpeg_without_where_it_was_taken() -> None:
    data = heic()
    assert PLACE.encode() in data, "the premise"
    found = recognize(data, "IMG_0001.HEIC")
    assert (found.media_type, found.name) == ("image/jpeg", "IMG_0001.HEIC.jpg")
    assert PLACE.encode() not in found.data
    with Image.open(io.BytesIO(found.data)) as image:
        assert (image.format, image.size) == ("JPEG", (40, 30))
    assert found.thumbnail


def test_without_the_extra_such_a_photo_is_refused_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "HEIC", False)
    with pytest.raises(NotAllowed, match="Send it as JPEG"):
        recognize(heic(), "IMG_0001.HEIC")


def test_a_damaged_or_giant_photo_of_an_iphone_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NotAllowed, match="damaged"):
        recognize(heic()[:200], "IMG_0001.HEIC")
    monkeypatch.setattr(files, "PIXELS", 1_000)
    with pytest.raises(NotAllowed, match="points"):
        recognize(heic(), "IMG_0001.HEIC")


def film(frames: int = 3, **how: int) -> bytes:
    """A moving GIF in which a bright square wanders, with a place in a comment and in an XMP block."""
    pictures = []
    for number in range(frames):
        one = Image.new("RGBA", (40, 30), (0, 0, 0, 0) if how.get("disposal") else (20, 40, 80, 255))
        one.paste((250, 200, 0, 255), (number % 30, 5, number % 30 + 8, 13))
        pictures.append(one)
    out = io.BytesIO()
    times = [40 + 10 * number for number in range(frames)]
    pictures[0].save(out, "GIF", save_all=True, append_images=pictures[1:], duration=times, comment=PLACE.encode(), **how)
    xmp = b"\x21\xff\x0bXMP DataXMP" + bytes([len(PLACE)]) + PLACE.encode() + b"\x00"
    return out.getvalue()[:-1] + xmp + b"\x3b" + PLACE.encode()


def shown(data: bytes) -> list[tuple[int, bytes]]:
    """What one sees: each frame's milliseconds and points."""
    with Image.open(io.BytesIO(data)) as image:
        frames = [frame.convert("RGBA") for frame in ImageSequence.Iterator(image)]
        for frame in frames:
            frame.paste((0, 0, 0, 0), mask=ImageChops.invert(frame.getchannel("A")))
        image.seek(0)
        times = []
        for number in range(len(frames)):
            image.seek(number)
            times.append(int(image.info["duration"]))
        return list(zip(times, [frame.tobytes() for frame in frames], strict=True))


@pytest.mark.parametrize("how", [{}, {"loop": 0}, {"loop": 3}, {"loop": 0, "disposal": 2}])
def test_a_moving_picture_moves_on_as_it_did_and_says_nothing_else(how: dict[str, int]) -> None:
    data = film(**how)
    assert data.count(PLACE.encode()) == 3, "the premise"
    found = recognize(data, "party.gif")
    assert PLACE.encode() not in found.data
    assert b"XMP" not in found.data
    assert (found.media_type, found.name, found.thumbnail is not None) == ("image/gif", "party.gif", True)
    assert shown(found.data) == shown(data)
    assert len(shown(data)) == 3
    with Image.open(io.BytesIO(found.data)) as image:
        assert image.info.get("loop") == how.get("loop")


@pytest.mark.parametrize(("limit", "most"), [("FRAMES", 2), ("MOVING_PIXELS", 3 * 40 * 30 - 1)])
def test_a_moving_picture_is_bounded_in_frames_and_points(limit: str, most: int) -> None:
    with patch.object(files, limit, most), pytest.raises(NotAllowed, match=r"too long\..* shorter or smaller"):
        recognize(film(), "party.gif")
    with patch.object(files, limit, most + 1):
        assert recognize(film(), "party.gif").media_type == "image/gif"
