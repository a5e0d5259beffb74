"""The one page of the client."""

from dataclasses import replace

import pytest

from chat.web import static_files
from chat.web.routes import PAGES
from chat.web.static_files import STATIC, build
from tests.web.doors import Doors


@pytest.mark.parametrize("path", [*PAGES, "/inbox/AAAAAAAAAAAAAAAAAAAAAA", "/clients/AAAAAAAAAAAAAAAAAAAAAA"])
async def test_every_address_of_the_client_answers_with_its_one_page(doors: Doors, path: str) -> None:
    answer = await doors.get(None, path)
    page = (STATIC / "index.html").read_text().replace('"/static/', f'"/static/{build().version}/')
    assert (answer.status_code, answer.text) == (200, page)


async def test_a_page_is_asked_about_each_time_and_sent_once(doors: Doors) -> None:
    first = await doors.get(None, "/inbox")
    assert (first.status_code, first.headers["cache-control"]) == (200, "no-cache")
    again = await doors.get(None, "/inbox", If_None_Match=first.headers["etag"])
    assert (again.status_code, again.content) == (304, b"")
    other = await doors.get(None, "/inbox", If_None_Match='"another"')
    assert (other.status_code, other.content) == (200, first.content)


async def test_pages_made_after_an_edit_ask_for_every_file_anew(doors: Doors, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = build()
    monkeypatch.setattr(static_files, "build", lambda: replace(whole, stamps={"/no/such/file": (0, 0, 0)}))
    page = await doors.get(None, "/inbox")
    assert page.text == (STATIC / "index.html").read_text(), "no file bears the build in its address"
    door = await doors.get(None, "/q/" + "A" * 22)
    assert '<link rel="stylesheet" href="/static/css/base.css">' in door.text


async def test_nothing_that_a_session_sees_is_compressed(doors: Doors) -> None:
    answer = await doors.get(doors.practice.cookies["ben"], "/api/me", Accept_Encoding="gzip")
    assert answer.status_code == 200
    assert "content-encoding" not in answer.headers
