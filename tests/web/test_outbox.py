"""The development outbox: mails to look at and to click through."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr

from tests.delivery.test_email import LETTER, composed
from tests.web.doors import KEYS, Doors, Practice, open_doors

NAME = f"1772625600000-{'a' * 32}.eml"
MAIL = composed(LETTER).replace(b"https://messages.example.org", b"http://localhost:8000")


@pytest.fixture
def mail(doors: Doors) -> str:
    folder = doors.desk.settings.data / "outbox"
    folder.mkdir()
    (folder / NAME).write_bytes(MAIL)
    (folder / "secret.eml").write_bytes(MAIL)
    return f"/dev/outbox/{NAME}"


async def test_without_mails_the_page_says_so(doors: Doors) -> None:
    assert "Nothing has left yet" in (await doors.get(None, "/dev/outbox")).text


async def test_the_newest_mails_are_listed(doors: Doors, mail: str) -> None:
    text = (await doors.get(None, "/dev/outbox")).text
    assert f'href="{mail}"' in text
    assert "You have a secure message" in text
    assert "dana@example.org" in text
    assert "secret" not in text


async def test_a_mails_links_can_be_followed_under_the_strict_policy(doors: Doors, mail: str) -> None:
    answer = await doors.get(None, mail)
    assert 'class="text-link" href="/q/wwww' in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "style=" not in answer.text


@pytest.mark.parametrize("name", ["1-aa.eml", "secret.eml", "..%2Fkeys", "%2e%2e%2fquietroom.db"])
async def test_nothing_else_of_the_folder_is_shown(doors: Doors, mail: str, name: str) -> None:
    assert (await doors.get(None, f"/dev/outbox/{name}")).status_code == 404


@pytest.mark.parametrize(
    "settings",
    [{"environment": "production"}, {"mail_url": SecretStr("smtp://127.0.0.1:1?tls=none")}],
    ids=["production", "mail"],
)
async def test_there_is_none_in_production_nor_where_mails_leave(
    practice: Practice, tmp_path: Path, settings: dict[str, object]
) -> None:
    async with open_doors(practice, tmp_path, keys=KEYS, **settings) as doors:
        (tmp_path / "outbox").mkdir()
        (tmp_path / "outbox" / NAME).write_bytes(MAIL)
        for path in ("/dev/outbox", f"/dev/outbox/{NAME}"):
            answer = await doors.get(None, path)
            assert (answer.status_code, "dana@example.org" in answer.text) == (404, False)
