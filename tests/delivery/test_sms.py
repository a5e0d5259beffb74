"""Handing texts to a gateway."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace

import pytest

from chat.actions.clients import ClientInfo, save_client
from chat.actions.texts import Received, receive_text
from chat.delivery.dispatch import Dispatcher
from chat.delivery.post import Final, Mail, Passing
from chat.delivery.sms import Texts, order_texts
from chat.lib.database import reading_engine, writing_engine
from chat.lib.ids import Ids
from chat.runtime import Runtime
from chat.transaction import Keys, Policy
from tests.databases import RING, Template
from tests.delivery.desk import COMPOSER, SECRET, Kept, at, everything, house_of, rows, write
from tests.delivery.test_email import LETTER
from tests.services.sms import ACCOUNT, TOKEN, SmsGateway, sms_gateway

IDS = Ids(SECRET)
MAIL = Mail("+12125550123", "a" * 32, b"There is a message.")
pytestmark = pytest.mark.journey


@pytest.fixture
def gateway() -> Iterator[SmsGateway]:
    with sms_gateway() as found:
        yield found


async def hand_over(gateway: SmsGateway, token: str = TOKEN) -> None:
    post = Texts(gateway.url, ACCOUNT, token, "+15550009999")
    try:
        async with post.counter() as counter:
            await counter.deliver(MAIL)
    finally:
        await post.close()


async def test_a_text_reaches_the_gateway(gateway: SmsGateway) -> None:
    await hand_over(gateway)
    fields = {"From": "+15550009999", "To": "+12125550123", "Body": "There is a message."}
    assert gateway.texts == [(f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json", fields)]


async def test_the_gateway_is_told_where_to_say_what_became_of_a_text(gateway: SmsGateway) -> None:
    mail = COMPOSER.compose(replace(LETTER, template="text", address=MAIL.address))
    post = Texts(gateway.url, ACCOUNT, TOKEN, "+15550009999")
    async with post.counter() as counter:
        await counter.deliver(mail)
    await post.close()
    ((_, fields),) = gateway.texts
    number = IDS.outer("alert", LETTER.alert)
    assert fields["StatusCallback"] == f"https://messages.example.org/hooks/sms?alert={number}"


@pytest.mark.parametrize(
    ("answer", "kind", "reason"),
    [
        ((400, {"code": 21610, "message": "unsubscribed recipient"}), Final, "blocked 21610"),
        ((400, {"code": 21211}), Final, "no_text 21211"),
        ((404, "not JSON"), Final, "no_text 404"),
        ((400, ["not", "an", "object"]), Final, "no_text 400"),
        ((429, {"code": 20429}), Passing, "gateway 429"),
        ((503, "<html>"), Passing, "gateway 503"),
        ((403, {}), Passing, "gateway_account"),
    ],
)
async def test_what_the_gateway_says_decides(
    gateway: SmsGateway, answer: tuple[int, object], kind: type[Exception], reason: str
) -> None:
    gateway.answer = answer
    with pytest.raises(kind) as caught:
        await hand_over(gateway)
    assert str(caught.value) == reason


async def test_a_wrong_token_costs_no_text(gateway: SmsGateway) -> None:
    with pytest.raises(Passing, match="gateway_account"):
        await hand_over(gateway, "wrong")


async def test_a_gateway_that_is_not_there_is_tried_again() -> None:
    with sms_gateway() as gone:
        pass
    with pytest.raises(Passing, match="gateway"):
        await hand_over(gone)


def test_a_text_has_no_content_and_says_how_to_stop_it() -> None:
    mail = COMPOSER.compose(replace(LETTER, template="text", address="+12125550123", word=None, link=None, mail_name=""))
    assert mail.content.decode() == (
        "You have a secure message. Read it at https://messages.example.org\nReply STOP for no more texts, HELP for help."
    )
    named = COMPOSER.compose(replace(LETTER, template="text", mail_name="Harbor"))
    assert named.content.startswith(b"Harbor: You have a secure message.")


async def test_a_message_becomes_an_email_and_a_text(address: str, template: Template, gateway: SmsGateway) -> None:
    cast, mails = template.cast, Kept()
    runtime = Runtime(writing_engine(address), reading_engine(address), Keys(RING), Policy(texts=True))
    await runtime.start()
    texts = Texts(gateway.url, ACCOUNT, TOKEN, "+15550009999")
    dispatcher = Dispatcher(runtime, {"email": mails, "sms": texts}, COMPOSER.compose)
    with at():
        info = ClientInfo("Dana Reed", cast["dana"].person, 1, email="dana@example.org", phone="+12125550123", text_ok=True)
        await runtime.perform(save_client, cast["ben"], info)
        await write(runtime, cast["ben"], cast["dana"])
    for seconds in (10, 16):
        with at(seconds=seconds):
            await everything(dispatcher)
    assert await rows(runtime, "SELECT channel, state FROM alert ORDER BY id") == [("email", "sent"), ("sms", "sent")]
    await dispatcher.close()
    await runtime.stop()
    assert [mail.address for mail in mails.mails] == ["dana@example.org"]
    ((_, fields),) = gateway.texts
    assert not any(word in fields["Body"] for word in ("canary", "Ben", "Dana", "Harbor"))


# Which of a STOP and a START was sent last

OFF = "SELECT count(*) FROM person WHERE texts_off_at IS NOT NULL"


async def order(runtime: Runtime, gateway: SmsGateway) -> None:
    texts = Texts(gateway.url, ACCOUNT, TOKEN, "+15550009999")
    try:
        await order_texts(runtime, texts)
    finally:
        await texts.close()


async def both_arrive(runtime: Runtime, template: Template, *words: str) -> None:
    info = ClientInfo("Dana Reed", template.cast["dana"].person, 1, email="dana@example.org", phone=MAIL.address, text_ok=True)
    await runtime.perform(save_client, template.cast["ben"], info)
    for word in words:
        await asyncio.sleep(0.002)  # in a millisecond of its own: of two that share one the STOP stands
        await runtime.perform(receive_text, None, Received(word, MAIL.address, word))


@pytest.mark.parametrize(("first", "second", "off"), [("STOP", "START", 1), ("START", "STOP", 0)])
async def test_what_the_gateway_got_last_stands(
    address: str, template: Template, gateway: SmsGateway, first: str, second: str, off: int
) -> None:
    gateway.created = {first: "Sun, 01 Nov 2026 12:00:09 +0000", second: "Sun, 01 Nov 2026 12:00:04 +0000"}
    async with house_of(address) as runtime:
        await both_arrive(runtime, template, first, second)
        assert await rows(runtime, OFF) == [(1 - off,)], "at once, the order of arrival"
        await order(runtime, gateway)
        assert await rows(runtime, OFF) == [(off,)]
        times = await rows(runtime, f"SELECT gateway_at FROM text_received WHERE sid = '{first}'")  # noqa: S608
        assert times == [(1_793_534_409_000,)]
        await order(runtime, gateway)
        assert sorted(gateway.asked) == ["START", "STOP"], "each once"


async def test_what_the_gateway_does_not_say_now_is_asked_again(address: str, template: Template, gateway: SmsGateway) -> None:
    gateway.created = {"STOP": "Sun, 01 Nov 2026 12:00:09 +0000", "START": "Sun, 01 Nov 2026 12:00:04 -0000"}
    gateway.answer = (503, "<html>")
    async with house_of(address) as runtime:
        await both_arrive(runtime, template, "STOP", "START")
        await order(runtime, gateway)
        assert await rows(runtime, OFF) == [(0,)]
        gateway.answer = None
        await order(runtime, gateway)
        assert await rows(runtime, OFF) == [(1,)]


@pytest.mark.parametrize("created", [{}, {"STOP": None, "START": "yesterday"}])
async def test_a_gateway_that_cannot_say_leaves_the_order_of_arrival(
    address: str, template: Template, gateway: SmsGateway, created: dict[str, str | None]
) -> None:
    gateway.created = created
    async with house_of(address) as runtime:
        await both_arrive(runtime, template, "STOP", "START")
        for _ in range(2):
            await order(runtime, gateway)
        assert await rows(runtime, OFF) == [(0,)]
        assert sorted(gateway.asked) == ["START", "STOP"], "once is enough"
