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
    with texting.database() as connection:
        connection.execute("UPDATE person SET language = 'es' WHERE username = 'dana'")
    asked = await post(texting, STOP | {"MessageSid": "SM5", "Body": "HELP"})
    assert "Responda STOP" in asked.text
    assert f"{BASE}/help</Message>" in asked.text
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


def state(doors: Doors) -> tuple[object, ...]:
    with doors.database() as connection:
        found: tuple[object, ...] = connection.execute("SELECT state, error FROM alert WHERE channel = 'sms'").fetchone()
        return found


async def tell(doors: Doors, fields: dict[str, str], query: str, signed: str | None = None) -> int:
    """The gateway tells what became of a text of ours."""
    signature = webhook_signature(TOKEN, f"{BASE}/hooks/sms{query if signed is None else signed}", fields.items())
    headers = {"Origin": "", "Content_Type": "application/x-www-form-urlencoded", "X_Twilio_Signature": signature}
    answer = await doors.ask(None, "POST", f"/hooks/sms{query}", urlencode(fields).encode(), **headers)
    return answer.status_code


@pytest.fixture
def texted(texting: Doors) -> str:
    """A text that the gateway has taken: the query by which it is told of."""
    with texting.database() as connection:
        number = connection.execute("SELECT max(id) FROM alert").fetchone()[0]
        connection.execute("UPDATE alert SET channel = 'sms', state = 'sent' WHERE id = ?", (number,))
    return f"?alert={texting.desk.wire.ids.outer('alert', number)}"


async def test_the_gateway_tells_what_became_of_a_text(texting: Doors, texted: str) -> None:
    undelivered = {"MessageSid": "SM9", "MessageStatus": "undelivered", "ErrorCode": "30003", "From": "+15550009999"}
    assert await tell(texting, undelivered, texted) == 200
    assert state(texting) == ("failed", "undelivered 30003")
    assert await tell(texting, undelivered | {"MessageStatus": "delivered", "ErrorCode": ""}, texted) == 200
    assert state(texting) == ("sent", None)


@pytest.mark.parametrize("signed", ["", "?alert=AAAAAAAAAAAAAAAAAAAAAA"])
async def test_what_became_of_a_text_is_believed_for_that_text_only(texting: Doors, texted: str, signed: str) -> None:
    before = texting.dump()
    failed = {"MessageStatus": "failed", "ErrorCode": "30003"}
    assert await tell(texting, failed, texted, signed) == 403
    for query in ("?alert=AAAAAAAAAAAAAAAAAAAAAA", "?alert=", "?other=1"):
        assert await tell(texting, failed, query) == 200, "signed, but of no text of ours"
    assert await tell(texting, {"MessageStatus": "failed", "ErrorCode": "junk" * 99, "Body": "STOP"}, "?alert=") == 200
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
