"""The practice's settings, and how soon they hold."""

from typing import Any

import pyotp
import pytest

from tests.web.doors import Doors


async def settings(doors: Doors, **changed: Any) -> dict[str, Any]:
    """What the Practice page would save."""
    found = (await doors.get(doors.practice.cookies["ada"], "/api/organization")).json()
    return {name: value for name, value in found.items() if name != "id"} | changed


async def test_the_text_for_emergencies_may_have_several_lines(doors: Doors) -> None:
    ada, dana = (doors.practice.cookies[name] for name in ("ada", "dana"))
    text = " Call 911.\r\nOr 988, day and night. \n\n\tWe read on weekdays.\u2028Thank you.\n"
    saved = await doors.post(ada, "save_organization", await settings(doors, emergency_text=text))
    assert saved.status_code == 200
    shown = (await doors.get(dana, "/api/me")).json()["organization"]["emergency_text"]
    assert shown == "Call 911.\nOr 988, day and night.\n\n\tWe read on weekdays.\nThank you."


@pytest.mark.parametrize("field", ["emergency_text", "name", "mail_name"])
async def test_control_characters_are_refused_in_every_text(doors: Doors, field: str) -> None:
    answer = await doors.post(doors.practice.cookies["ada"], "save_organization", await settings(doors, **{field: "a\x1bb"}))
    assert (answer.status_code, answer.json()["error"]["field"]) == (400, field)


@pytest.mark.parametrize("field", ["name", "mail_name"])
async def test_a_name_has_one_line(doors: Doors, field: str) -> None:
    answer = await doors.post(doors.practice.cookies["ada"], "save_organization", await settings(doors, **{field: "a\nb"}))
    assert (answer.status_code, answer.json()["error"]["field"]) == (400, field)


async def test_a_second_factor_required_from_now_on_reaches_sessions_and_sockets_that_run(doors: Doors) -> None:
    ada, ben, dana, jon = (doors.practice.cookies[name] for name in ("ada", "ben", "dana", "jon"))
    async with doors.socket(ben) as bens, doors.socket(dana) as danas:
        assert (bens.accepted, danas.accepted) == (True, True)
        assert (await doors.get(ben, "/api/conversations?folder=inbox")).status_code == 200
        saved = await doors.post(ada, "save_organization", await settings(doors, second_factor_required=True))
        assert saved.status_code == 200
        refused = await doors.get(ben, "/api/conversations?folder=inbox")
        assert (refused.status_code, refused.json()["error"]["code"]) == (403, "second_factor")
        await doors.desk.runtime.live.sweep()
        while "ended" not in (frame := await bens.hear()):
            assert "type" not in frame
        assert frame == {"ended": "second_factor"}
        assert (await danas.do("mark_unread", "1" * 32, {"conversations": []})).get("type") is None
    async with doors.socket(ben) as again:
        assert not again.accepted
    for other in (dana, jon):
        assert (await doors.get(other, "/api/conversations?folder=inbox")).status_code == 200


async def test_who_lacks_it_can_do_nothing_but_set_it_up_and_goes_on_then(doors: Doors) -> None:
    ada = doors.practice.cookies["ada"]
    body = await settings(doors, second_factor_required=True)
    assert (await doors.post(ada, "save_organization", body)).status_code == 200
    for method, path in (
        ("GET", "people"),
        ("GET", "clients"),
        ("POST", "find_people"),
        ("POST", "print"),
        ("PUT", "attachments"),
    ):
        answer = await doors.ask(ada, method, f"/api/{path}", {})
        assert (path, answer.status_code, answer.json()["error"]["code"]) == (path, 403, "second_factor")
    me = (await doors.get(ada, "/api/me")).json()
    assert me["session"]["restricted"]
    secret = (await doors.post(ada, "start_totp", {})).json()["secret"]
    assert (await doors.post(ada, "confirm_totp", {"code": pyotp.TOTP(secret).now()})).status_code == 200
    assert (await doors.get(ada, "/api/organization")).status_code == 200
