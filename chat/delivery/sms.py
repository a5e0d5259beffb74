"""Text messages by Twilio's API, or anything that speaks it."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import AsyncIterator
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote

import httpx2

from chat.actions.texts import TextTime, note_text_times
from chat.delivery.post import Final, Mail, Passing
from chat.queries.texts import disputed
from chat.runtime import Runtime

log = logging.getLogger(__name__)

SECONDS = 20.0
BLOCKED, AUTHENTICATION = 21610, 20003


class Texts:
    """The gateway of one account, with one sending number."""

    def __init__(self, url: str, account: str, token: str, sender: str) -> None:
        self._path = f"/2010-04-01/Accounts/{account}/Messages"
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
        await self._ask("POST", f"{self._path}.json", fields)

    async def greet(self) -> None:
        """Ask for our own account. Passing if the gateway is away or refuses it, Final if there is none."""
        await self._ask("GET", f"{self._path.removesuffix('/Messages')}.json")

    async def got_at(self, sid: str) -> int | None:
        """When the gateway got a text from outside; None if it does not know. Passing if it may say later."""
        try:
            answer = await self._ask("GET", f"{self._path}/{quote(sid, safe='')}.json")
        except Final:
            return None
        return _created(answer)

    async def _ask(self, method: str, path: str, fields: dict[str, str] | None = None) -> httpx2.Response:
        try:
            answer = await self._client.request(method, path, data=fields)
        except (httpx2.HTTPError, OSError) as error:
            log.warning("The text gateway cannot be reached (%s).", type(error).__name__)
            raise Passing("gateway") from error
        if not answer.is_success:
            raise _judged(answer.status_code, _code(answer))
        return answer

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()


async def order_texts(runtime: Runtime, texts: Texts) -> None:
    """Ask the gateway for the times of a STOP and a START that came close to each other, and let the later one stand.

    What it does not say now is asked again at the next look; until then what arrived last counts.
    """
    times = []
    for sid in await runtime.ask(disputed):
        with contextlib.suppress(Passing):
            times.append(TextTime(sid, await texts.got_at(sid)))
    if times:
        await runtime.perform(note_text_times, None, times, job=True)


def _created(answer: httpx2.Response) -> int | None:
    """In milliseconds. Not `date_sent`, which for a text that came in is when the gateway told us, so late for a late one."""
    try:
        when = parsedate_to_datetime(answer.json()["date_created"])
    except (ValueError, TypeError, KeyError):
        return None
    return int((when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp()) * 1_000


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
