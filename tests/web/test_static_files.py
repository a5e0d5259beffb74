"""The pages' own files."""

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from chat.web import static_files
from chat.web.static_files import Files, address, build
from tests.web.doors import Doors

FOR_GOOD = "public, max-age=31536000, immutable"
ANOTHER_BUILD = "0123456789ab"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Files of a process that has just started."""
    (tmp_path / "js").mkdir()
    (tmp_path / "js" / "app.js").write_text("one")
    (tmp_path / "js" / "other.js").write_text("other")
    monkeypatch.setattr(static_files, "STATIC", tmp_path)
    start(monkeypatch)
    return tmp_path


def start(monkeypatch: pytest.MonkeyPatch) -> str:
    """As a new process would; the answer is its version."""
    monkeypatch.setattr(static_files, "build", cache(build.__wrapped__))
    return static_files.build().version


async def get(folder: Path, path: str, **headers: str) -> httpx2.Response:
    transport = httpx2.ASGITransport(Starlette(routes=[Mount("/static", Files(directory=folder))]))
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost") as client:
        return await client.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})


async def kept(folder: Path, path: str, **headers: str) -> str:
    """How long browsers may keep it."""
    answer = await get(folder, path, **headers)
    assert answer.status_code in {200, 304}
    return answer.headers["cache-control"]


async def test_what_bears_the_build_in_its_address_is_kept_for_good(folder: Path) -> None:
    assert re.fullmatch("/static/[0-9a-f]{12}/", address())
    first = await get(folder, f"{address()}js/app.js")
    assert (first.text, first.headers["cache-control"]) == ("one", FOR_GOOD)
    again = await get(folder, f"{address()}js/app.js", If_None_Match=first.headers["etag"])
    assert (again.status_code, again.headers["cache-control"]) == (304, FOR_GOOD)


async def test_what_bears_no_build_is_asked_about_each_time_and_sent_once(folder: Path) -> None:
    first = await get(folder, "/static/js/app.js")
    assert (first.status_code, first.headers["cache-control"]) == (200, "no-cache")
    again = await get(folder, "/static/js/app.js", If_None_Match=first.headers["etag"])
    assert (again.status_code, again.content) == (304, b"")
    other = await get(folder, "/static/js/app.js", If_None_Match='"another"')
    assert (other.status_code, other.content) == (200, first.content)


async def test_a_page_of_another_build_gets_what_there_is_and_asks_again(folder: Path) -> None:
    answer = await get(folder, f"/static/{ANOTHER_BUILD}/js/app.js")
    assert (answer.text, answer.headers["cache-control"]) == ("one", "no-cache")


async def test_an_edited_file_is_never_kept_for_good(folder: Path) -> None:
    at = address()
    (folder / "js" / "app.js").write_text("two")
    assert await kept(folder, f"{at}js/app.js") == "no-cache"
    assert await kept(folder, f"{at}js/other.js") == FOR_GOOD, "which is as it was"
    (folder / "js" / "new.js").write_text("new")
    assert await kept(folder, f"{at}js/new.js") == "no-cache"


@pytest.mark.parametrize("edit", [lambda path: path.write_text("two"), Path.unlink], ids=["changed", "removed"])
def test_a_page_made_after_an_edit_has_every_file_asked_for_anew(
    folder: Path, edit: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = address()
    edit(folder / "js" / "app.js")
    assert address() == "/static/"
    start(monkeypatch)
    assert address() not in {before, "/static/"}, "until the next start"


def test_another_file_is_another_version(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = static_files.build().version
    assert start(monkeypatch) == first
    (folder / "js" / "app.js").write_text("two")
    assert start(monkeypatch) != first


async def test_modules_and_styles_have_their_types(doors: Doors) -> None:
    for path, kind in (("js/app.js", "javascript"), ("css/base.css", "text/css"), ("icons.svg", "image/svg+xml")):
        answer = await doors.get(None, f"/static/{path}")
        assert kind in answer.headers["content-type"]
        assert answer.headers["x-content-type-options"] == "nosniff"


async def test_files_are_compressed_for_who_takes_that(doors: Doors) -> None:
    for path in ("/static/js/app.js", f"{address()}js/app.js", "/static/icons.svg", "/inbox"):
        plain = await doors.get(None, path, Accept_Encoding="identity")
        packed = await doors.get(None, path, Accept_Encoding="br, gzip")
        assert "content-encoding" not in plain.headers
        assert packed.headers["content-encoding"] == "gzip"
        # The page itself comes in the language of whoever asks.
        assert packed.headers["vary"] == "Accept-Encoding" + (", Accept-Language, Cookie" if path == "/inbox" else "")
        assert packed.content == plain.content  # the client unpacks it
        assert packed.headers["content-type"] == plain.headers["content-type"]
        assert int(packed.headers["content-length"]) < len(plain.content) / 2
        again = await doors.get(None, path, Accept_Encoding="gzip", If_None_Match=packed.headers["etag"])
        assert (again.status_code, again.content) == (304, b"")


async def test_pieces_of_a_file_are_not_compressed(doors: Doors) -> None:
    whole = await doors.get(None, "/static/js/app.js", Accept_Encoding="identity")
    piece = await doors.get(None, "/static/js/app.js", Accept_Encoding="gzip", Range="bytes=10-19")
    assert (piece.status_code, piece.content) == (206, whole.content[10:20])


OUTSIDE = [
    "/static/%2e%2e/config.toml", "/static/..%2fconfig.toml", "/static//etc/passwd", "/static/%00",
    f"/static/{ANOTHER_BUILD}/%2e%2e/config.toml", f"/static/{ANOTHER_BUILD}//etc/passwd", f"/static/{ANOTHER_BUILD}/",
]  # fmt: skip


@pytest.mark.parametrize("path", OUTSIDE)
async def test_nothing_outside_the_folder_is_served(doors: Doors, path: str) -> None:
    assert (await doors.get(None, path)).status_code == 404
