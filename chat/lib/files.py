"""What a file is, by its content: an allow-list, with bounds against archives and pictures that grow when opened."""

from __future__ import annotations

import io
import re
import struct
import unicodedata
import zipfile
from dataclasses import dataclass
from typing import cast

from PIL import GifImagePlugin, Image, ImageOps, ImageSequence, UnidentifiedImageError

from chat.lib.sentences import Sentence

try:
    from pillow_heif import register_heif_opener
except ImportError:  # the extra `heic` is not installed
    HEIC = False
else:
    HEIC = True
    register_heif_opener()

ALLOWED = Sentence("PDF, Word, Excel and PowerPoint documents, OpenDocument, plain text, and pictures (JPEG, PNG, GIF, WebP)")
PIXELS = 60_000_000
FRAMES = 500
MOVING_PIXELS = 25_000_000  # of all frames together, which are held at once, at 4 bytes each
UNPACKED = 300 * 1024 * 1024
ENTRIES = 5_000
RATIO = 200
THUMBNAIL = (320, 320)
_OFFICE = {
    "word/": ("docx", "wordprocessingml.document"),
    "xl/": ("xlsx", "spreadsheetml.sheet"),
    "ppt/": ("pptx", "presentationml.presentation"),
}
_OPEN_DOCUMENT = {b"text": "odt", b"spreadsheet": "ods", b"presentation": "odp"}
_PICTURES = {
    "JPEG": ("jpg", "image/jpeg"),
    "PNG": ("png", "image/png"),
    "GIF": ("gif", "image/gif"),
    "WEBP": ("webp", "image/webp"),
    "HEIF": ("jpg", "image/jpeg"),
}
_FORMATS = [form for form in _PICTURES if form != "HEIF" or HEIC]
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_OLE_KINDS = {"doc": "application/msword", "xls": "application/vnd.ms-excel", "ppt": "application/vnd.ms-powerpoint"}
_RISKY = re.compile(
    r"[\x00-\x1f\x7f/\\:*?\"<>|\x80-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e007f]"
)
LONGEST_NAME = 120


class NotAllowed(Exception):
    """The file cannot be sent; the message says why, and what can be."""


@dataclass(frozen=True, slots=True)
class Recognized:
    """A file as it will be kept: its bytes (pictures without hidden data), type, a safe name, and a small picture of it."""

    data: bytes
    media_type: str
    name: str
    thumbnail: bytes | None = None


def recognize(data: bytes, name: str) -> Recognized:
    """What `data` is; its name is made safe and gets the ending of what it is. NotAllowed for all that is not on the list."""
    if not data:
        raise NotAllowed("This file is empty.")
    if data.startswith(b"%PDF-"):
        return Recognized(data, "application/pdf", safe_name(name, "pdf"))
    if data.startswith(b"PK\x03\x04"):
        return _archive(data, name)
    if data.startswith(_OLE):
        ending = name.rpartition(".")[2].lower()
        if ending not in _OLE_KINDS:
            raise _refused()
        return Recognized(data, _OLE_KINDS[ending], safe_name(name, ending))
    if data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8", b"RIFF")):
        return _picture(data, name)
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC_BRANDS:
        return _heic(data, name)
    return _text(data, name)


def safe_name(name: str, ending: str) -> str:
    """A file name without path parts, control or direction characters, with this ending."""
    plain = unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2])
    stem = " ".join(_RISKY.sub(" ", plain).split()).strip(". ")
    if stem.lower().endswith(f".{ending}"):
        stem = stem[: -len(ending) - 1]
    return f"{stem[:LONGEST_NAME].strip('. ') or 'file'}.{ending}"


def _archive(data: bytes, name: str) -> Recognized:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            _bound(entries, len(data))
            names = {entry.filename for entry in entries}
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
                kind = archive.read("mimetype").rpartition(b".")[2]
                if kind in _OPEN_DOCUMENT:
                    media = f"application/vnd.oasis.opendocument.{kind.decode()}"
                    return Recognized(data, media, safe_name(name, _OPEN_DOCUMENT[kind]))
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, ValueError) as error:
        raise NotAllowed("This document is damaged.") from error
    for folder, (ending, media) in _OFFICE.items():
        if "[Content_Types].xml" in names and any(entry.startswith(folder) for entry in names):
            if any(entry.lower().endswith("vbaproject.bin") for entry in names):
                raise NotAllowed("Documents with macros cannot be sent. Save it without macros, or as PDF.")
            return Recognized(data, f"application/vnd.openxmlformats-officedocument.{media}", safe_name(name, ending))
    raise _refused()


def _bound(entries: list[zipfile.ZipInfo], size: int) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > ENTRIES or unpacked > UNPACKED or unpacked > RATIO * max(size, 1_000):
        raise NotAllowed("This document would grow too large when it is opened.")


def _picture(data: bytes, name: str) -> Recognized:
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
            if image.width * image.height > PIXELS:
                raise NotAllowed(
                    Sentence("This picture has more than {most} million points. Send a smaller one.", most=PIXELS // 1_000_000)
                )
            ending, media = _PICTURES[image.format or ""]
            upright = _upright(image)
            form = "JPEG" if ending == "jpg" else image.format or "PNG"
            if image.format == "HEIF":
                upright = upright.convert("RGB")  # a JPEG has nothing to see through
            moving = isinstance(image, GifImagePlugin.GifImageFile) and image.is_animated
            clean = _moving(image) if moving else _encoded(upright, form)
            return Recognized(clean, media, safe_name(name, ending), _thumbnail(upright))
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise NotAllowed("This picture is damaged, or of a kind that cannot be sent.") from error


def _heic(data: bytes, name: str) -> Recognized:
    """A phone's photo becomes a JPEG, which everybody can open."""
    if not HEIC:
        raise NotAllowed(
            "This is a HEIC photo, which cannot be read here. Send it as JPEG: on an iPhone choose Settings, Camera, Formats, "
            "Most Compatible, or share a screenshot of it."
        )
    return _picture(data, name)


def _upright(image: Image.Image) -> Image.Image:
    try:
        return ImageOps.exif_transpose(image)
    except (SyntaxError, struct.error, KeyError, TypeError):
        return image  # what is said about the picture is broken, not the picture; it is left behind in any case


def _encoded(image: Image.Image, form: str) -> bytes:
    """The picture drawn anew: place, camera and all other hidden data are left behind."""
    bare = Image.frombytes(image.mode, image.size, image.tobytes())
    if image.mode == "P" and (palette := image.getpalette()) is not None:
        bare.putpalette(palette)
    out = io.BytesIO()
    bare.save(out, form, **({"quality": 88, "optimize": True} if form == "JPEG" else {}))
    return out.getvalue()


def _moving(image: Image.Image) -> bytes:
    """A moving GIF drawn anew, every frame as long as it was and as often: comments and other blocks are left behind."""
    count = getattr(image, "n_frames", 1)
    if count > FRAMES or count * image.width * image.height > MOVING_PIXELS:
        raise NotAllowed(
            Sentence(
                "This moving picture is too long. It may have up to {frames} frames, and {points} million points in all of them "
                "together. Send a shorter or smaller one.",
                frames=FRAMES,
                points=MOVING_PIXELS // 1_000_000,
            )
        )
    frames, durations, loop = [], [], image.info.get("loop")
    for frame in ImageSequence.Iterator(image):
        drawn = frame.convert("RGBA")
        frames.append(Image.frombytes("RGBA", drawn.size, drawn.tobytes()))
        durations.append(int(frame.info.get("duration", 0)))
    clear = any(cast("tuple[float, float]", frame.getchannel("A").getextrema())[0] < 255 for frame in frames)
    out = io.BytesIO()
    times = {} if loop is None else {"loop": loop}
    how = times | {"disposal": 2 if clear else 0, "duration": durations}
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:], **how)
    return out.getvalue()


def _thumbnail(image: Image.Image) -> bytes:
    small = image.convert("RGB")
    small.thumbnail(THUMBNAIL)
    out = io.BytesIO()
    small.save(out, "JPEG", quality=70)
    return out.getvalue()


def _text(data: bytes, name: str) -> Recognized:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _refused() from error
    if any(unicodedata.category(character) == "Cc" and character not in "\t\n\r\f" for character in text[:100_000]):
        raise _refused()
    ending = name.rpartition(".")[2].lower()
    # Kept as plain text whatever it says it is: nothing that a browser would run.
    return Recognized(data, "text/plain", safe_name(name, ending if ending in {"txt", "csv", "md", "log"} else "txt"))


def _refused() -> NotAllowed:
    return NotAllowed(Sentence("Files of this kind cannot be sent. What can be: {kinds}.", kinds=ALLOWED))
