"""Posting pushes to a browser's push service."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx2
import pytest

from chat.delivery.post import Final, Mail, Passing
from chat.delivery.push import Pushes
from chat.lib.webpush import Vapid
from tests.delivery.desk import COMPOSER
from tests.delivery.test_email import LETTER
from tests.lib.test_webpush import AUTH, BROWSER
from tests.services.push import Service, opened, push_service

pytestmark = pytest.mark.journey
HOSTS = ("127.0.0.1",)


@pytest.fixture
def service() -> Iterator[Service]:
    with push_service() as found:
        yield found


async def hand_over(service: Service, mail: Mail | None = None, hosts: tuple[str, ...] = HOSTS) -> None:
    post = Pushes(Vapid(bytes(32), "mailto:no-reply@example.org"), hosts)
    try:
        async with post.counter() as counter:
            await counter.deliver(mail or Mail(service.url, "a" * 32, b"sealed"))
    finally:
        await post.close()


async def test_a_push_holds_a_number_that_only_the_browser_can_read(service: Service) -> None:
    letter = replace(LETTER, template="push", address=service.url, keys=(BROWSER, AUTH), unread=3, word=None, link=None)
    await hand_over(service, COMPOSER.compose(letter))
    ((headers, body),) = service.got
    assert (headers["content-encoding"], headers["ttl"], headers["topic"]) == ("aes128gcm", "86400", "unread")
    assert headers["authorization"].startswith("vapid t=")
    assert json.loads(opened(body)) == {"unread": 3}
    assert not any(word in body for word in (b"unread", b"Harbor", b"dana"))


async def test_who_pushes_nothing_never_reads_whom_the_world_trusts(monkeypatch: pytest.MonkeyPatch, service: Service) -> None:
    made: list[object] = []
    real = httpx2.AsyncClient

    def noted(**options: Any) -> httpx2.AsyncClient:
        made.append(options)
        return real(**options)

    monkeypatch.setattr(httpx2, "AsyncClient", noted)
    await Pushes(Vapid(bytes(32), "mailto:no-reply@example.org"), HOSTS).close()
    assert made == []
    await hand_over(service)
    assert len(made) == 1


@pytest.mark.parametrize(
    ("status", "kind", "reason"),
    [
        (404, Final, "gone"),
        (410, Final, "gone"),
        (400, Final, "no_push 400"),
        (413, Final, "no_push 413"),
        (301, Final, "no_push 301"),  # a redirect is not followed to wherever it leads
        (429, Passing, "push_later 429"),
        (503, Passing, "push_later 503"),
    ],
)
async def test_what_the_service_says_decides(service: Service, status: int, kind: type[Exception], reason: str) -> None:
    service.answer = status
    with pytest.raises(kind) as caught:
        await hand_over(service)
    assert str(caught.value) == reason
    assert len(service.got) == 1


async def test_a_service_that_is_not_there_is_tried_again(service: Service) -> None:
    with pytest.raises(Passing, match="push_later"):
        await hand_over(service, Mail("http://127.0.0.1:1/gone", "a" * 32, b"sealed"))


async def test_an_address_that_is_no_longer_allowed_gets_nothing(service: Service) -> None:
    with pytest.raises(Final, match="gone"):
        await hand_over(service, hosts=("fcm.googleapis.com",))
    assert service.got == []
