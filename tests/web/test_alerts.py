"""Alerts at the doors: their state for staff, and the link that stops them."""

from __future__ import annotations

from uuid import uuid4

import pytest

from chat.lib import clock
from tests.web.doors import Doors

ELSEWHERE = {"Origin": "", "Content_Type": "application/x-www-form-urlencoded"}  # a mail program, RFC 8058


def stop(doors: Doors, name: str = "dana") -> str:
    return f"/unsubscribe?t={doors.desk.signer.sign('unsubscribe', doors.person(name))}"


def choice(doors: Doors, name: str = "dana") -> object:
    with doors.database() as connection:
        return connection.execute("SELECT alerts_email FROM person WHERE username = ?", (name,)).fetchone()[0]


async def test_staff_see_what_became_of_each_alert(doors: Doors) -> None:
    talk = doors.desk.wire.conversation_id(doors.practice.ids["ben dana"])
    with doors.database() as connection:
        connection.execute("UPDATE alert SET state = 'failed', error = 'refused 550', settled_at = 5")
    (row,) = (await doors.get(doors.practice.cookies["ben"], f"/api/alerts?conversation={talk}")).json()["alerts"]
    assert (row["person"], row["name"], row["seq"], row["channel"]) == (doors.person("dana"), "Dana Reed", 1, "email")
    assert (row["state"], row["reason"], row["settled_at"]) == ("failed", "refused", 5)
    assert row["words"] == "The recipient's mail server refuses it (550)."


async def test_a_list_tells_whose_alerts_came_to_nothing(doors: Doors) -> None:
    with doors.database() as connection:
        connection.execute("UPDATE alert SET state = 'failed', error = 'refused 550', settled_at = 5")
    listed = (await doors.get(doors.practice.cookies["ben"], "/api/alerts")).json()
    row = next(row for row in listed["alerts"] if row["client"] == doors.person("dana"))
    assert (row["name"], row["role"], row["kind"], row["state"]) == ("Dana Reed", "client", "message", "failed")
    assert listed["next"] is None
    before = f"/api/alerts?before={row['id']}"
    assert row["id"] not in {one["id"] for one in (await doors.get(doors.practice.cookies["ben"], before)).json()["alerts"]}
    assert (await doors.get(doors.practice.cookies["ben"], "/api/alerts?before=soon")).status_code == 400
    client = f"/api/clients/{doors.person('dana')}/alerts"
    assert row["id"] in {one["id"] for one in (await doors.get(doors.practice.cookies["ben"], client)).json()["alerts"]}
    nobody = "/api/clients/AAAAAAAAAAAAAAAAAAAAAA/alerts"
    assert (await doors.get(doors.practice.cookies["ben"], nobody)).status_code == 404


async def test_a_list_begins_with_what_its_author_was_told_of_and_no_other_list_does(doors: Doors) -> None:
    talk, ben = doors.desk.wire.conversation_id(doors.practice.ids["ben dana"]), doors.practice.cookies["ben"]
    fields = {"key": str(uuid4()), "conversation": talk, "body": "Hello", "unread_after": 2}
    seq = (await doors.ask(ben, "POST", "/api/send_message", fields)).json()["seq"]
    assert (await doors.get(ben, "/api/alerts")).json()["not_read"] == []
    with doors.database() as connection:
        connection.execute("UPDATE watch SET told_at = 7")
    expected = {
        "conversation": talk,
        "seq": seq,
        "client": doors.person("dana"),
        "client_name": "Dana Reed",
        "days": 2,
        "told_at": 7,
    }
    assert (await doors.get(ben, "/api/alerts")).json()["not_read"] == [expected]
    assert (await doors.get(doors.practice.cookies["ada"], "/api/alerts")).json()["not_read"] == []
    page = f"/api/conversations/{talk}/messages"
    (watch,) = (await doors.get(ben, page)).json()["conversation"]["watches"]
    assert watch["told_at"] == 7
    assert "watch" not in (await doors.get(doors.practice.cookies["dana"], page)).text
    stop = {"conversation": talk, "seq": seq}
    assert (await doors.ask(ben, "POST", "/api/stop_watch", stop)).status_code == 200
    assert (await doors.get(ben, page)).json()["conversation"]["watches"] == []


@pytest.mark.parametrize("query", ["?conversation=", "?conversation=AAAAAAAAAAAAAAAAAAAAAA"])
async def test_what_is_no_conversation_is_not_found(doors: Doors, query: str) -> None:
    assert (await doors.get(doors.practice.cookies["ben"], f"/api/alerts{query}")).status_code == 404


async def test_a_page_begins_at_a_number(doors: Doors) -> None:
    talk = doors.desk.wire.conversation_id(doors.practice.ids["ben dana"])
    ben = doors.practice.cookies["ben"]
    assert (await doors.get(ben, f"/api/alerts?conversation={talk}&before=soon")).status_code == 400
    assert (await doors.get(ben, f"/api/alerts?conversation={talk}&before=1")).json()["alerts"] == []


async def test_looking_at_the_link_stops_nothing(doors: Doors) -> None:
    before = doors.dump()
    answer = await doors.get(None, stop(doors))
    assert (answer.status_code, "Stop these mails?" in answer.text) == (200, True)
    assert "Dana" not in answer.text
    assert doors.dump() == before


@pytest.mark.parametrize("body", [b"List-Unsubscribe=One-Click", b""])
async def test_one_click_from_a_mail_program_stops_them(doors: Doors, body: bytes) -> None:
    answer = await doors.ask(None, "POST", stop(doors), body, **ELSEWHERE)
    assert (answer.status_code, "These mails are stopped" in answer.text) == (200, True)
    assert [choice(doors, name) for name in ("dana", "eli")] == ["none", None]


async def test_the_page_has_a_button_that_does_the_same(doors: Doors) -> None:
    path = stop(doors)
    assert f'action="{path}"' in (await doors.get(None, path)).text
    await doors.ask(None, "POST", path, b"", Sec_Fetch_Site="same-origin", Origin="null")
    assert choice(doors) == "none"


async def test_another_link_or_an_old_one_stops_nothing(doors: Doors) -> None:
    quick = f"/unsubscribe?t={doors.desk.signer.sign('quick-link', doors.person('dana'))}"
    unknown = f"/unsubscribe?t={doors.desk.signer.sign('unsubscribe', doors.desk.wire.person(10**12))}"
    before, old = doors.dump(), stop(doors)
    for path in (quick, unknown, "/unsubscribe", "/unsubscribe?t=a.b.c", stop(doors)[:-1]):
        for method in ("GET", "POST"):
            assert (await doors.ask(None, method, path, b"", **ELSEWHERE)).status_code == 410, path
    with clock.frozen(clock.now() + 401 * clock.DAY):
        assert (await doors.ask(None, "POST", old, b"", **ELSEWHERE)).status_code == 410
    assert doors.dump() == before


async def test_only_that_address_takes_posts_from_elsewhere(doors: Doors) -> None:
    assert (await doors.ask(None, "POST", "/unsubscribe/more", b"", **ELSEWHERE)).status_code == 403


async def test_one_turns_them_on_again(doors: Doors) -> None:
    await doors.ask(None, "POST", stop(doors), b"", **ELSEWHERE)
    assert (await doors.post(doors.practice.cookies["dana"], "save_alerts", {"email": "usual"})).status_code == 200
    assert choice(doors) is None
