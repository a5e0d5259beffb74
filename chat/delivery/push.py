"""Web push: a number for the badge, which only the browser can open."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import AsyncIterator
from functools import cached_property

import httpx2

from chat.delivery.post import Final, Mail, Passing
from chat.lib import clock
from chat.lib.webpush import Vapid, allowed

log = logging.getLogger(__name__)

SECONDS, LIFE = 20.0, 86_400  # of a request; of a push that waits for its browser
GONE = frozenset({404, 410})


class Pushes:
    """The push services of the browsers; each is posted to only if it is a known one."""

    def __init__(self, vapid: Vapid, hosts: tuple[str, ...]) -> None:
        self._vapid, self._hosts = vapid, hosts

    @cached_property
    def _client(self) -> httpx2.AsyncClient:
        # With the first push: to read whom the world trusts takes as long as the rest of a start.
        return httpx2.AsyncClient(timeout=SECONDS, follow_redirects=False)

    @contextlib.asynccontextmanager
    async def counter(self) -> AsyncIterator[Pushes]:
        """HTTP connects when it sends."""
        yield self

    async def deliver(self, mail: Mail) -> None:
        """Post one push to one browser's address."""
        if not allowed(mail.address, self._hosts):
            raise Final("gone")
        headers = {
            "Authorization": self._vapid.header(mail.address, clock.now()),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(LIFE),
            "Urgency": "normal",
            "Topic": "unread",  # what waits for an offline browser is replaced, not heaped up
        }
        try:
            answer = await self._client.post(mail.address, content=mail.content, headers=headers)
        except (httpx2.HTTPError, OSError) as error:
            log.warning("A push service cannot be reached (%s).", type(error).__name__)
            raise Passing("push_later") from error
        if answer.status_code in GONE:
            raise Final("gone")
        if answer.status_code == 429 or answer.status_code >= 500:
            raise Passing(f"push_later {answer.status_code}")
        if not answer.is_success:
            raise Final(f"no_push {answer.status_code}")

    async def close(self) -> None:
        """Close the connections."""
        if "_client" in vars(self):
            await self._client.aclose()
