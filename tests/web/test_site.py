"""The pages' own files."""

from pathlib import Path

import pytest

from chat.web.routes import PAGES
from chat.web.site import STATIC, version
from tests.web.doors import Doors


@pytest.mark.parametrize("path", [*PAGES, "/inbox/AAAAAAAAAAAAAAAAAAAAAA", "/clients/AAAAAAAAAAAAAAAAAAAAAA"])
async def test_every_address_of_the_client_answers_with_its_one_page(doors: Doors, path: str) -> None:
    answer = await doors.get(None, path)
    assert (answer.status_code, answer.text) == (200, (STATIC / "index.html").read_text())


async def test_a_file_is_asked_about_each_time_and_sent_once(doors: Doors) -> None:
    first = await doors.get(None, "/static/js/app.js")
    assert (first.status_code, first.headers["cache-control"]) == (200, "no-cache")
    again = await doors.get(None, "/static/js/app.js", If_None_Match=first.headers["etag"])
    assert (again.status_code, again.content) == (304, b"")
    other = await doors.get(None, "/static/js/app.js", If_None_Match='"another"')
    assert (other.status_code, other.content) == (200, first.content)


async def test_modules_and_styles_have_their_types(doors: Doors) -> None:
    for path, kind in (("js/app.js", "javascript"), ("css/base.css", "text/css"), ("icons.svg", "image/svg+xml")):
        answer = await doors.get(None, f"/static/{path}")
        assert kind in answer.headers["content-type"]
        assert answer.headers["x-content-type-options"] == "nosniff"


async def test_files_are_compressed_for_who_takes_that(doors: Doors) -> None:
    for path in ("/static/js/app.js", "/static/icons.svg", "/inbox"):
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


async def test_nothing_that_a_session_sees_is_compressed(doors: Doors) -> None:
    answer = await doors.get(doors.practice.cookies["ben"], "/api/me", Accept_Encoding="gzip")
    assert answer.status_code == 200
    assert "content-encoding" not in answer.headers


OUTSIDE = ["/static/%2e%2e/config.toml", "/static/..%2fconfig.toml", "/static//etc/passwd", "/static/%00"]


@pytest.mark.parametrize("path", OUTSIDE)
async def test_nothing_outside_the_folder_is_served(doors: Doors, path: str) -> None:
    assert (await doors.get(None, path)).status_code == 404


def test_another_file_is_another_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "app.js").write_text("one")
    monkeypatch.setattr("chat.web.site.STATIC", tmp_path)
    another_process = version.__wrapped__
    first = another_process()
    assert first == another_process()
    (tmp_path / "app.js").write_text("two")
    assert another_process() != first
