"""The one page of the client."""

import re
from dataclasses import replace

import pytest

from chat.web import static_files
from chat.web.routes import PAGES
from chat.web.static_files import STATIC, build
from tests.web.doors import Doors

UNASKED = re.findall(r"[a-z-]{5,}", " ".join(re.findall(r"path: /(.*)/u", (STATIC / "js" / "doors.js").read_text())))
WHO = '<link rel="preload" href="/api/me" as="fetch" crossorigin>'
DOOR = "/js/groups/sign-in.js"


def page_for(visitor: str) -> str:
    """The page with what is for this visitor, without what is for others, and without comments."""
    lines, whom = [], visitor
    for line in (STATIC / "index.html").read_text().splitlines(keepends=True):
        if line.startswith("<!-- for "):
            whom = line.split()[2].rstrip(":")
        elif line.startswith("<!-- /for"):
            whom = visitor
        elif whom == visitor and not line.startswith("<!-- "):
            lines.append(line)
    return "".join(lines)


@pytest.mark.parametrize("path", [*PAGES, "/inbox/AAAAAAAAAAAAAAAAAAAAAA", "/clients/AAAAAAAAAAAAAAAAAAAAAA"])
async def test_every_address_of_the_client_answers_with_its_one_page(doors: Doors, path: str) -> None:
    answer = await doors.get(None, path)
    page = page_for("" if path[1:] in UNASKED else "nobody").replace('"/static/', f'"/static/{build().version}/')
    assert (answer.status_code, answer.text) == (200, page)


@pytest.mark.parametrize("path", PAGES)
async def test_who_comes_with_a_session_is_asked_about_at_once_where_the_page_asks_at_all(doors: Doors, path: str) -> None:
    """What is announced and not asked for would be asked for in vain."""
    assert {"forgot", "setup", "invitation", "new-password"} <= set(UNASKED)
    known, nobody = (await doors.get(doors.practice.cookies["ben"], path)).text, (await doors.get(None, path)).text
    asks = path[1:] not in UNASKED
    assert [WHO in known, DOOR in known] == [asks, False]
    assert [WHO in nobody, DOOR in nobody] == [False, asks]
    assert "<!--" not in known + nobody


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
    assert page.text == page_for("nobody"), "no file bears the build in its address"
    door = await doors.get(None, "/q/" + "A" * 22)
    assert '<link rel="stylesheet" href="/static/css/base.css">' in door.text


async def test_nothing_that_a_session_sees_is_compressed(doors: Doors) -> None:
    answer = await doors.get(doors.practice.cookies["ben"], "/api/me", Accept_Encoding="gzip")
    assert answer.status_code == 200
    assert "content-encoding" not in answer.headers
