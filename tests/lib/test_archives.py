"""ZIP files on the way out."""

from __future__ import annotations

import io
import zipfile

import pytest

from chat.lib.archives import Archive, safe_name
from tests.people import NOON


def archive(*files: tuple[str, list[bytes]], at: int = NOON) -> bytes:
    made = Archive()
    pieces = [piece for name, content in files for piece in made.add(name, content, at)]
    return b"".join([*pieces, made.close()])


def test_what_goes_in_comes_out_whole_with_its_time() -> None:
    large = [bytes([n % 251]) * 70_000 for n in range(5)]
    with zipfile.ZipFile(io.BytesIO(archive(("messages.pdf", [b"one"]), ("files/a b.txt", large)))) as found:
        assert found.testzip() is None
        assert found.namelist() == ["messages.pdf", "files/a b.txt"]
        assert found.read("files/a b.txt") == b"".join(large)
        assert found.getinfo("messages.pdf").date_time == (2026, 3, 4, 12, 0, 0)


def test_it_goes_out_while_it_is_made() -> None:
    made = Archive()
    first = next(made.add("a", iter([b"x" * 1_000_000, b"y"]), NOON))
    assert len(first) > 0


def test_the_same_name_twice_is_two_files_also_where_the_case_is_not_told_apart() -> None:
    names = ["files/Letter.pdf", "files/letter.pdf", "files/letter.pdf", "plain", "plain", ".hidden", ".hidden"]
    with zipfile.ZipFile(io.BytesIO(archive(*((name, [b""]) for name in names)))) as found:
        assert found.namelist() == [
            *("files/Letter.pdf", "files/letter (2).pdf", "files/letter (3).pdf", "plain", "plain (2)"),
            *(".hidden", ".hidden (2)"),
        ]


def test_a_time_before_the_format_is_its_first_one() -> None:
    with zipfile.ZipFile(io.BytesIO(archive(("a", [b""]), at=0))) as found:
        assert found.getinfo("a").date_time == (1980, 1, 1, 0, 0, 0)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("letter.pdf", "letter.pdf"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("a\\b:c*?.txt", "a_b_c__.txt"),
        ("\u202egnp.exe\n", "gnp.exe"),
        (".bashrc", "bashrc"),
        ("", "file"),
        ("Büro 🙂.docx", "Büro 🙂.docx"),
        ("x" * 300 + ".pdf", "x" * 108 + ".pdf"),
        ("y" * 300, "y" * 120),
    ],
)
def test_a_name_is_safe_on_every_system(name: str, safe: str) -> None:
    assert safe_name(name) == safe
