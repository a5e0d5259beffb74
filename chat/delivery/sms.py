"""Text messages by Twilio's API, or anything that speaks it."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import AsyncIterator
from typing import Any

import httpx2

from chat.delivery.post import Final, Mail, Passing

log = logging.getLogger(__name__)

SECONDS = 20.0
BLOCKED, AUTHENTICATION = 21610, 20003


class Texts:
    """The gateway of one account, with one sending number."""

    def __init__(self, url: str, account: str, token: str, sender: str) -> None:
        self._path = f"/2010-04-01/Accounts/{account}/Messages.json"
        self._sender = sender
        self._client = httpx2.AsyncClient(base_url=url.rstrip("/"), auth=(account, token), timeout=SECONDS)

    @contextlib.asynccontextmanager
    async def counter(self) -> AsyncIterator[Texts]:
        """HTTP connects when it sends."""
        yield self

    async def deliver(self, mail: Mail) -> None:
        """Send one text to one number."""
        fields = {"From": self._sender, "To": mail.address, "Body": mail.content.decode()}
        if mail.tells:
            fields["StatusCallback"] = mail.tells
        try:
            answer = await self._client.post(self._path, data=fields)
        except (httpx2.HTTPError, OSError) as error:
            log.warning("The text gateway cannot be reached (%s).", type(error).__name__)
            raise Passing("gateway") from error
        if not answer.is_success:
            raise _judged(answer.status_code, _code(answer))

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()


def _judged(status: int, code: int) -> Passing | Final:
    if code == BLOCKED:
        return Final(f"blocked {code}")
    if status in {401, 403} or code == AUTHENTICATION:
        log.error("The text gateway refuses our account (%s %s).", status, code)
        return Passing("gateway_account")
    if status == 429 or status >= 500:
        return Passing(f"gateway {status}")
    return Final(f"no_text {code or status}")


def _code(answer: httpx2.Response) -> int:
    """Twilio's number of an error, 0 where the answer has none."""
    try:
        body: Any = answer.json()
        return int(body.get("code") or 0)
    except (ValueError, AttributeError, TypeError):
        return 0
