"""The page that a mail leads to, its button, and the ways on."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import httpx2
import pytest

from chat.actions.quick_links import end_quick_links, mint
from chat.lib import clock
from chat.transaction import Transaction
from tests.web.doors import Doors
from tests.web.practice import CANARY

FORM = {"Sec_Fetch_Site": "same-origin", "Origin": "null", "Content_Type": ""}  # as Chromium sends it under no-referrer
SECRETS = (CANARY, "Dana", "Reed", "Ben", "Larsen", "Friday", "therapist")


async def link(doors: Doors, name: str = "dana", talk: str = "ben dana") -> str:
    """A link that has just left with its mail."""

    def make(tx: Transaction, _what: None) -> str:
        return mint(tx, doors.practice.people[name].person, doors.practice.ids[talk], 0)[1]

    word: str = await doors.desk.runtime.perform(make, None)
    return f"/q/{doors.desk.signer.sign('quick-link', word)}"


async def press(doors: Doors, path: str, cookie: str | None = None) -> httpx2.Response:
    """The button."""
    return await doors.ask(cookie, "POST", path, b"", **FORM)


def place(doors: Doors, talk: str = "ben dana") -> str:
    return f"/inbox/{doors.desk.wire.conversation_id(doors.practice.ids[talk])}"


def later(minutes: float) -> int:
    return clock.now() + int(minutes * clock.MINUTE)


async def test_the_page_shows_nothing_of_the_message_and_nobodys_name(doors: Doors) -> None:
    answer = await doors.get(None, await link(doors))
    assert answer.status_code == 200
    assert "You have a secure message" in answer.text
    assert not any(secret in answer.text for secret in SECRETS)
    assert not re.search(r"<script|style=|https?://(?!www\.w3\.org)", answer.text)
    assert "<title>Secure message</title>" in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "set-cookie" not in answer.headers


async def test_looking_changes_nothing_however_often(doors: Doors) -> None:
    path, before = await link(doors), None
    for method in ("GET", "HEAD", "GET"):
        before = before or doors.dump()
        assert (await doors.ask(None, method, path)).status_code == 200
    assert doors.dump() == before
    assert (await press(doors, path)).status_code == 303


async def test_the_page_names_the_practice_only_as_the_practice_set_it(doors: Doors) -> None:
    path = await link(doors)
    assert "Harbor" not in (await doors.get(None, path)).text
    with doors.database() as connection:
        connection.execute("UPDATE organization SET mail_name = 'Harbor & <b>Co</b>'")
    assert "Harbor &amp; &lt;b&gt;Co&lt;/b&gt;" in (await doors.get(None, path)).text


async def test_the_time_is_that_of_its_person(doors: Doors) -> None:
    with doors.database() as connection:
        connection.execute("UPDATE person SET time_zone = 'Asia/Kolkata' WHERE username = 'dana'")
    noon = int(datetime(2026, 3, 4, 12, tzinfo=UTC).timestamp()) * clock.SECOND
    with clock.frozen(noon):
        text = (await doors.get(None, await link(doors))).text
    assert "17:45" in text


async def test_the_button_opens_the_conversation_and_nothing_else(doors: Doors) -> None:
    answer = await press(doors, await link(doors))
    assert (answer.status_code, answer.headers["location"]) == (303, place(doors))
    cookie = answer.cookies["session"]
    flags = {flag.lower() for flag in answer.headers["set-cookie"].split("; ")[1:] if "=" not in flag or "ite" in flag}
    assert flags == {"httponly", "samesite=lax"}
    here = doors.desk.wire.conversation_id(doors.practice.ids["ben dana"])
    page = await doors.get(cookie, f"/api/conversations/{here}/messages")
    assert CANARY in page.json()["messages"][0]["body"]
    sent = await doors.post(cookie, "send_message", {"key": "a" * 32, "conversation": here, "body": "Thanks"})
    assert sent.json()["seq"] == 2
    other = doors.desk.wire.conversation_id(doors.practice.ids["talk"])
    for path in (f"/api/conversations/{other}/messages", "/api/conversations", "/api/people", "/api/sessions", "/api/clients"):
        assert (await doors.get(cookie, path)).status_code == 404, path
    assert (await doors.post(cookie, "find_people", {"search": ""})).status_code == 404


async def test_who_came_by_a_link_is_told_its_end_and_no_totals(doors: Doors) -> None:
    cookie = (await press(doors, await link(doors))).cookies["session"]
    me = (await doors.get(cookie, "/api/me")).json()
    assert "unread" not in me
    assert me["session"]["scoped"]
    (only,) = me["session"]["conversations"]
    assert only["id"] == place(doors).rpartition("/")[2]
    assert 0 < only["ends_at"] - clock.now() <= 15 * clock.MINUTE


async def test_the_same_browser_comes_back_within_the_time_and_no_other(doors: Doors) -> None:
    path = await link(doors)
    cookie = (await press(doors, path)).cookies["session"]
    for answer in (await doors.get(cookie, path), await press(doors, path, cookie)):
        assert (answer.status_code, answer.headers["location"]) == (303, place(doors))
        assert "set-cookie" not in answer.headers
    for answer in (await doors.get(None, path), await press(doors, path)):
        assert answer.status_code == 410
        assert "Send me a fresh link" in answer.text
        assert f'href="/sign-in?next={place(doors)}"' in answer.text


async def test_elsewhere_a_fresh_link_is_mailed(doors: Doors) -> None:
    path = await link(doors)
    await press(doors, path)
    answer = await press(doors, f"{path}/mail")
    assert (answer.status_code, "on its way" in answer.text) == (200, True)
    with doors.database() as connection:
        rows = connection.execute("SELECT kind, person_id FROM alert WHERE kind <> 'message'").fetchall()
    assert rows == [("fresh_link", doors.practice.people["dana"].person)]
    for _ in range(2):
        await press(doors, f"{path}/mail")
    assert (await press(doors, f"{path}/mail")).status_code == 410


async def test_every_link_that_opens_nothing_leads_on(doors: Doors) -> None:
    path = await link(doors)
    used, revoked = await link(doors), await link(doors, "fay", "cleo fay")
    await press(doors, used)
    await doors.desk.runtime.perform(end_quick_links, None, [doors.practice.people["fay"].person])
    foreign = f"/q/{doors.desk.signer.sign('unsubscribe', 'word')}"
    tampered = path[:-1] + ("A" if path[-1] != "A" else "E")  # "B" would differ only in bits that stand for nothing
    for at, over in ((16, path), (16, used), (0, revoked), (0, foreign), (0, tampered), (0, "/q/nonsense"), (0, "/q/é")):
        with clock.frozen(later(at)):
            for answer in (await doors.get(None, over), await press(doors, over)):
                assert answer.status_code == 410, over
                assert "This link no longer works" in answer.text
                assert 'href="/sign-in?next=/inbox' in answer.text
                assert not any(secret in answer.text for secret in SECRETS)
                assert "set-cookie" not in answer.headers


async def test_the_old_link_leads_to_the_conversation_after_signing_in(doors: Doors) -> None:
    path = await link(doors)
    with clock.frozen(later(16)):
        assert f'href="/sign-in?next={place(doors)}"' in (await doors.get(None, path)).text


async def test_who_has_no_password_yet_is_offered_an_invitation(doors: Doors) -> None:
    path = await link(doors)
    with doors.database() as connection:
        connection.execute("UPDATE person SET password_hash = NULL WHERE username = 'dana'")
    with clock.frozen(later(16)):
        assert "Send me a new invitation" in (await doors.get(None, path)).text
        assert (await press(doors, f"{path}/mail")).status_code == 200
    with doors.database() as connection:
        assert connection.execute("SELECT kind FROM alert WHERE kind <> 'message'").fetchall() == [("invitation",)]


async def test_who_has_a_password_is_mailed_nothing_from_an_old_link(doors: Doors) -> None:
    path = await link(doors)
    with clock.frozen(later(16)):
        text = (await doors.get(None, path)).text
        assert "Forgot password" in text
        assert "Send me" not in text
        assert (await press(doors, f"{path}/mail")).status_code == 410


async def test_who_is_signed_in_as_that_person_goes_straight_there_and_does_not_spend_the_link(doors: Doors) -> None:
    path, own = await link(doors), doors.practice.cookies["dana"]
    for answer in (await doors.get(own, path), await press(doors, path, own)):
        assert (answer.status_code, answer.headers["location"]) == (303, place(doors))
    assert (await press(doors, path)).status_code == 303


async def test_who_is_signed_in_as_somebody_else_is_asked(doors: Doors) -> None:
    path, bens = await link(doors), await doors.sign_in("ben")
    for answer in (await doors.get(bens, path), await press(doors, path, bens)):
        assert answer.status_code == 200
        assert "Ben Larsen is signed in" in answer.text
        assert "set-cookie" not in answer.headers
    assert (await doors.get(bens, "/api/me")).status_code == 200
    answer = await press(doors, f"{path}/instead", bens)
    assert (answer.status_code, answer.headers["location"]) == (303, place(doors))
    assert (await doors.get(bens, "/api/me")).status_code == 401
    assert (await doors.get(answer.cookies["session"], "/api/me")).json()["name"] == "Dana Reed"


async def test_somebody_elses_link_session_is_asked_about_too(doors: Doors) -> None:
    fays = (await press(doors, await link(doors, "fay", "cleo fay"))).cookies["session"]
    danas = await link(doors)
    assert "is signed in" in (await press(doors, danas, fays)).text
    answer = await press(doors, f"{danas}/instead", fays)
    assert (await doors.get(fays, "/api/me")).status_code == 401
    assert (await doors.get(answer.cookies["session"], "/api/me")).json()["name"] == "Dana Reed"


async def test_nobody_is_signed_out_by_a_link_that_is_over(doors: Doors) -> None:
    path, bens = await link(doors), await doors.sign_in("ben")
    with clock.frozen(later(16)):
        assert (await press(doors, f"{path}/instead", bens)).status_code == 410
    assert (await doors.get(bens, "/api/me")).status_code == 200


async def test_pressing_instead_without_anybody_signed_in_opens_it(doors: Doors) -> None:
    assert (await press(doors, f"{await link(doors)}/instead")).status_code == 303
    own = f"{await link(doors)}/instead"
    assert (await press(doors, own, doors.practice.cookies["dana"])).headers["location"] == place(doors)


async def test_several_links_share_one_session_in_one_browser(doors: Doors) -> None:
    first, second = await link(doors), await link(doors, "dana", "with hal")
    cookie = (await press(doors, first)).cookies["session"]
    answer = await press(doors, second, cookie)
    assert (answer.headers["location"], "set-cookie" in answer.headers) == (place(doors, "with hal"), False)
    me = (await doors.get(cookie, "/api/me")).json()
    assert len(me["session"]["conversations"]) == 2


async def test_the_button_works_only_from_our_own_page(doors: Doors) -> None:
    path, before = await link(doors), None
    for proof in ({"Sec_Fetch_Site": "cross-site"}, {"Sec_Fetch_Site": "same-site"}, {"Sec_Fetch_Site": "", "Origin": ""}):
        before = before or doors.dump()
        answer = await doors.ask(None, "POST", path, b"", **(FORM | proof))
        assert answer.status_code == 403
    assert doors.dump() == before


async def test_its_sockets_close_when_it_is_over(doors: Doors) -> None:
    cookie = (await press(doors, await link(doors))).cookies["session"]
    async with doors.socket(cookie) as line:
        assert line.accepted
        hello = await line.hear()
        assert "unread" not in hello
        with clock.frozen(later(16)):
            await doors.desk.runtime.live.sweep()
            assert (await line.hear())["ended"] == "expired"


async def test_an_open_socket_loses_the_conversation_whose_link_was_ended_and_keeps_the_other(doors: Doors) -> None:
    first, second = await link(doors), await link(doors, "dana", "with hal")
    cookie = (await press(doors, first)).cookies["session"]
    await press(doors, second, cookie)
    async with doors.socket(cookie) as line:
        await line.hear()
        with doors.database() as connection:
            connection.execute("UPDATE quick_link SET ended_at = 1 WHERE conversation_id = ?", (doors.practice.ids["ben dana"],))
        await doors.desk.runtime.live.sweep()
        answers = []
        for key, talk in (("d" * 32, "ben dana"), ("e" * 32, "with hal")):
            there = doors.desk.wire.conversation_id(doors.practice.ids[talk])
            answers.append(await line.do("send_message", key, {"conversation": there, "body": "Hello"}))
        assert answers[0]["error"]["code"] == "not_found"
        assert answers[1]["result"]["seq"] == 2


async def test_a_link_is_no_younger_than_its_signature_whatever_its_row_says(doors: Doors) -> None:
    path = await link(doors)
    with doors.database() as connection:
        connection.execute("UPDATE quick_link SET ends_at = ends_at + 86400000")
    with clock.frozen(later(16)):
        assert (await press(doors, path)).status_code == 410


async def test_an_open_socket_hears_of_its_conversation_only(doors: Doors) -> None:
    cookie = (await press(doors, await link(doors))).cookies["session"]
    people, ids = doors.practice.people, doors.desk.wire
    async with doors.socket(cookie) as line:
        await line.hear()
        for key, talk in (("b" * 32, "talk"), ("c" * 32, "ben dana")):
            body = {"key": key, "conversation": ids.conversation_id(doors.practice.ids[talk]), "body": "Hello"}
            assert (await doors.post(doors.practice.cookies["ben"], "send_message", body)).status_code == 200
        change = await line.hear()
        assert change["conversation"]["id"] == place(doors).rpartition("/")[2]
        assert "unread" not in change
    assert people["dana"].scope is None


@pytest.mark.parametrize("path", ["", "/mail", "/instead"])
async def test_no_token_stands_in_what_is_stored_or_said(doors: Doors, path: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    here = await link(doors)
    word = here.rpartition("/")[2]
    answer = await press(doors, here + path)
    ours = [record.getMessage() for record in caplog.records if not record.name.startswith("http")]  # not the test's client
    assert not any(word in line for line in ours)
    assert word.partition(".")[0] not in repr(doors.dump())
    assert word not in answer.headers.get("location", "")
