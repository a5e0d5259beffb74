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


OUTSIDE = ["/static/%2e%2e/config.toml", "/static/..%2fconfig.toml", "/static//etc/passwd", "/static/%00"]


@pytest.mark.parametrize("path", OUTSIDE)
async def test_nothing_outside_the_folder_is_served(doors: Doors, path: str) -> None:
    assert (await doors.get(None, path)).status_code == 404


def test_another_file_is_another_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "app.js").write_text("one")
    monkeypatch.setattr("chat.web.site.STATIC", tmp_path)
    first = version()
    assert first == version()
    (tmp_path / "app.js").write_text("two")
    assert version() != first
