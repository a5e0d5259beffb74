"""Handing over to mail servers, good ones and rough ones."""

from __future__ import annotations

import asyncio
import ssl
from contextlib import aclosing

import pytest

from chat.delivery import smtp as door
from chat.delivery.post import Final, Mail, Passing
from chat.delivery.smtp import MailServer, Smtp
from tests.delivery.rough import rough
from tests.services.smtp import PASSWORD, USERNAME, SmtpSink, smtp

MAIL = Mail("dana@example.org", "a" * 32, b"Subject: Hello\r\n\r\nThere is a message.\r\n")
pytestmark = pytest.mark.journey


def to(port: int, *, tls: str = "none", who: str = "", trust: ssl.SSLContext | None = None) -> Smtp:
    server = MailServer.of(f"smtp://{who}127.0.0.1:{port}?tls={tls}")
    return Smtp(server, "no-reply@example.org", "messages.example.org", trust)


async def hand_over(post: Smtp, mail: Mail = MAIL) -> None:
    async with aclosing(Closing(post)), post.counter() as counter:
        await counter.deliver(mail)


class Closing:
    """Lets `aclosing` close a post."""

    def __init__(self, post: Smtp) -> None:
        self.aclose = post.close


async def refused(port: int, mail: Mail = MAIL) -> Passing | Final:
    with pytest.raises((Passing, Final)) as caught:
        await hand_over(to(port), mail)
    error = caught.value
    assert isinstance(error, Passing | Final)
    return error


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.example.org", ("mail.example.org", 587, "starttls", None, None)),
        ("smtp://mail.example.org:465", ("mail.example.org", 465, "tls", None, None)),
        ("smtp://mail.example.org?tls=tls", ("mail.example.org", 465, "tls", None, None)),
        ("smtp://localhost:2525?tls=none", ("localhost", 2525, "none", None, None)),
        ("smtp://a%40b:p%2Fw@mail.example.org:587?tls=starttls", ("mail.example.org", 587, "starttls", "a@b", "p/w")),
    ],
)
def test_the_address_of_a_mail_server_says_all(url: str, expected: tuple[object, ...]) -> None:
    server = MailServer.of(url)
    assert (server.host, server.port, server.tls, server.username, server.password) == expected


async def test_a_mail_reaches_its_one_recipient(smtp_sink: SmtpSink) -> None:
    smtp_sink.clear()
    await hand_over(to(smtp_sink.port))
    (mail,) = smtp_sink.wait_for(1)
    assert (mail.sender, mail.recipients, mail.content["Subject"]) == ("no-reply@example.org", ["dana@example.org"], "Hello")


async def test_one_connection_takes_several_mails() -> None:
    async with rough() as server:
        post = to(server.port)
        for _ in range(3):
            async with post.counter() as counter:
                await counter.deliver(MAIL)
        await post.close()
    assert (len(server.taken), server.connections) == (3, 1)


async def test_a_connection_that_died_while_idle_is_replaced_before_anything_is_handed_over() -> None:
    async with rough(answers={"RSET": ""}) as server:
        post = to(server.port)
        for _ in range(2):
            async with post.counter() as counter:
                await counter.deliver(MAIL)
        await post.close()
    assert (len(server.taken), server.connections) == (2, 2)


async def test_with_starttls_the_password_and_the_mail_travel_encrypted() -> None:
    with smtp(secure=True) as sink:
        trust = ssl.create_default_context(cafile=str(sink.certificate))
        await hand_over(to(sink.port, tls="starttls", who=f"{USERNAME}:{PASSWORD}@", trust=trust))
        (mail,) = sink.wait_for(1)
    assert (mail.encrypted, mail.username) == (True, USERNAME)


async def test_a_server_that_cannot_be_trusted_gets_nothing() -> None:
    with smtp(secure=True) as sink:
        with pytest.raises(Passing, match="unreachable"):
            await hand_over(to(sink.port, tls="starttls", who=f"{USERNAME}:{PASSWORD}@"))
        assert sink.mails == []


async def test_a_server_that_does_not_encrypt_gets_nothing(smtp_sink: SmtpSink) -> None:
    smtp_sink.clear()
    with pytest.raises(Passing, match="unreachable"):
        await hand_over(to(smtp_sink.port, tls="starttls"))
    assert smtp_sink.mails == []


async def test_a_wrong_password_is_the_operators_fault_and_costs_no_mail() -> None:
    with smtp(secure=True) as sink:
        trust = ssl.create_default_context(cafile=str(sink.certificate))
        with pytest.raises(Passing) as caught:
            await hand_over(to(sink.port, tls="starttls", who="quietroom:wrong@", trust=trust))
    assert (caught.value.reason, caught.value.unreachable) == ("signing_in", True)


@pytest.mark.parametrize(
    ("answers", "kind", "reason"),
    [
        ({"RCPT": "550 no such person"}, Final, "refused 550"),
        ({"DATA": "554 not wanted"}, Final, "refused 554"),
        ({"RCPT": "450 come again later"}, Passing, "later 450"),  # greylisting
        ({"DATA": "452 full"}, Passing, "later 452"),
        ({"MAIL": "530 sign in first"}, Passing, "server 530"),  # about us, not about the recipient
        ({"MAIL": ""}, Passing, "unreachable"),
        ({"DATA": ""}, Passing, "unreachable"),
    ],
)
async def test_only_what_is_said_about_the_recipient_or_the_mail_is_final(
    answers: dict[str, str], kind: type, reason: str
) -> None:
    async with rough(answers=answers) as server:
        error = await refused(server.port)
    assert (type(error), error.reason) == (kind, reason)
    assert server.taken == []


async def test_who_hangs_up_after_taking_the_mail_has_taken_it() -> None:
    async with rough(answers={"hang up": "221"}) as server:
        await hand_over(to(server.port))
    assert len(server.taken) == 1


async def test_a_server_that_never_answers_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(writer: asyncio.StreamWriter, text: bytes) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(door, "CONNECTING", 0.05)
    async with rough(say=never) as server:
        error = await refused(server.port)
    assert isinstance(error, Passing)
    assert error.unreachable


async def test_a_server_that_says_a_byte_at_a_time_is_given_up_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    async def slowly(writer: asyncio.StreamWriter, text: bytes) -> None:
        for byte in text if text.startswith(b"354") else [text]:
            writer.write(bytes([byte]) if isinstance(byte, int) else byte)
            await asyncio.sleep(0.05)

    monkeypatch.setattr(door, "HANDING", 0.2)  # each byte comes in time, the whole does not
    async with rough(say=slowly) as server:
        assert (await refused(server.port)).reason == "unreachable"


async def test_nobody_there_is_unreachable() -> None:
    async with rough() as server:
        port = server.port
    error = await refused(port)
    assert isinstance(error, Passing)
    assert error.unreachable


async def test_an_address_that_no_server_takes_fails_for_good() -> None:
    async with rough() as server:
        error = await refused(server.port, Mail("jörg@example.org", MAIL.name, MAIL.content))
    assert (type(error), error.reason) == (Final, "bad_address")


async def test_a_handing_over_that_is_cut_off_leaves_no_connection_behind() -> None:
    async with rough() as server:
        post = to(server.port)
        with pytest.raises(asyncio.CancelledError):
            async with post.counter():
                raise asyncio.CancelledError
        await asyncio.wait_for(server.ended.wait(), 10)
        async with post.counter() as counter:
            await counter.deliver(MAIL)
        await post.close()
    assert server.connections == 2
