"""Switching pushes on and off, at the doors."""

from __future__ import annotations

from pathlib import Path

from chat.lib.webpush import decoded
from tests.lib.test_webpush import AUTH, BROWSER
from tests.web.doors import Doors, Practice, open_doors

PUSH = {"endpoint": "https://fcm.googleapis.com/fcm/send/abc", "p256dh": BROWSER, "auth": AUTH}


async def test_a_browser_subscribes_with_the_installations_key_and_is_kept(doors: Doors) -> None:
    cookie = await doors.sign_in("dana")
    key = (await doors.get(cookie, "/api/push")).json()["key"]
    assert (len(decoded(key)), decoded(key)[0]) == (65, 4)
    assert (await doors.post(cookie, "save_push", PUSH)).status_code == 200
    with doors.database() as connection:
        rows = connection.execute("SELECT person_id, endpoint FROM push_subscription").fetchall()
    assert rows == [(doors.practice.people["dana"].person, PUSH["endpoint"])]
    assert (await doors.post(cookie, "forget_push", {"endpoint": PUSH["endpoint"]})).status_code == 200
    with doors.database() as connection:
        assert connection.execute("SELECT count(*) FROM push_subscription").fetchone() == (0,)


async def test_nobody_lets_the_server_post_to_an_address_of_their_own(doors: Doors) -> None:
    cookie = await doors.sign_in("dana")
    answer = await doors.post(cookie, "save_push", PUSH | {"endpoint": "https://169.254.169.254/latest"})
    assert (answer.status_code, answer.json()["error"]["field"]) == (400, "endpoint")


async def test_without_push_services_there_is_no_key(practice: Practice, tmp_path: Path) -> None:
    async with open_doors(practice, tmp_path, push_hosts="") as doors:
        assert (await doors.get(await doors.sign_in("dana"), "/api/push")).json() == {"key": None}
