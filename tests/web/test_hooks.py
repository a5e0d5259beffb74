"""The gateway's webhook: only what it signed is believed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlencode

import httpx2
import pytest
from pydantic import SecretStr

from chat.lib.signing import webhook_signature
from tests.services.sms import ACCOUNT, TOKEN
from tests.web.doors import Doors, Practice, open_doors

PHONE, BASE = "+12125550123", "http://localhost:8000"
STOP = {"MessageSid": "SM1", "From": PHONE, "To": "+15550009999", "Body": "STOP"}


@pytest.fixture
async def texting(practice: Practice, tmp_path: Path) -> AsyncIterator[Doors]:
    settings = {
        "sms_url": "https://api.example.org",
        "sms_account": ACCOUNT,
        "sms_token": SecretStr(TOKEN),
        "sms_from": "+15550009999",
    }
    async with open_doors(practice, tmp_path, **settings) as doors:
        with doors.database() as connection:
            connection.execute("UPDATE person SET phone = ?, text_ok = 1 WHERE username = 'dana'", (PHONE,))
        yield doors


async def post(doors: Doors, fields: dict[str, str], signature: str | None = None, body: bytes | None = None) -> httpx2.Response:
    signed = webhook_signature(TOKEN, f"{BASE}/hooks/sms", fields.items()) if signature is None else signature
    content = urlencode(fields).encode() if body is None else body
    headers = {"Origin": "", "Content_Type": "application/x-www-form-urlencoded", "X_Twilio_Signature": signed}
    return await doors.ask(None, "POST", "/hooks/sms", content, **headers)


def off(doors: Doors) -> bool:
    with doors.database() as connection:
        return connection.execute("SELECT texts_off_at FROM person WHERE username = 'dana'").fetchone()[0] is not None


async def test_a_signed_stop_stops_the_texts(texting: Doors) -> None:
    answer = await post(texting, STOP)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/xml; charset=utf-8")
    assert answer.text.endswith("<Response></Response>")
    assert off(texting)


async def test_help_is_answered_unless_the_gateway_has(texting: Doors) -> None:
    asked = await post(texting, STOP | {"MessageSid": "SM2", "Body": "help"})
    assert f"Reply STOP for no more texts, START to get them again. Help: {BASE}/help</Message>" in asked.text
    told = await post(texting, STOP | {"MessageSid": "SM3", "Body": "HELP", "OptOutType": "HELP"})
    assert "<Message>" not in told.text
    assert not off(texting)


@pytest.mark.parametrize("signature", ["", "AAAA", webhook_signature("wrong", f"{BASE}/hooks/sms", STOP.items())])
async def test_what_is_not_signed_is_not_believed(texting: Doors, signature: str) -> None:
    before = texting.dump()
    assert (await post(texting, STOP, signature)).status_code == 403
    assert texting.dump() == before


async def test_a_signature_is_good_for_its_fields_only(texting: Doors) -> None:
    signature = webhook_signature(TOKEN, f"{BASE}/hooks/sms", STOP.items())
    assert (await post(texting, STOP | {"From": "+12125550199"}, signature)).status_code == 403
    assert not off(texting)


async def test_the_state_of_a_text_of_ours_is_no_text(texting: Doors) -> None:
    before = texting.dump()
    assert (await post(texting, {"MessageSid": "SM9", "MessageStatus": "delivered", "From": PHONE})).status_code == 200
    assert texting.dump() == before


@pytest.mark.parametrize(("body", "status"), [(b"\xff\xfe", 400), (b"no form", 400), (b"a=b&" * 300, 400), (b"a" * 70_000, 413)])
async def test_what_is_no_form_is_refused(texting: Doors, body: bytes, status: int) -> None:
    assert (await post(texting, {}, "AAAA", body)).status_code == status


async def test_without_a_gateway_there_is_nothing_at_this_address(doors: Doors) -> None:
    assert (await post(doors, STOP)).status_code == 404


async def test_staff_see_it_at_the_client(texting: Doors) -> None:
    await post(texting, STOP)
    found = (await texting.get(texting.practice.cookies["ben"], f"/api/clients/{texting.person('dana')}/texts")).json()
    assert (found["available"], found["on"], found["events"][0]["event"]) == (True, False, "stop")
    assert (await texting.get(texting.practice.cookies["ben"], "/api/clients/junk/texts")).status_code == 404
