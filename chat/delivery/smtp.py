"""Handing mails to a mail server, with connections kept between them."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import ssl
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

from aiosmtplib import (
    SMTP,
    SMTPAuthenticationError,
    SMTPDataError,
    SMTPException,
    SMTPNotSupported,
    SMTPRecipientsRefused,
    SMTPResponseException,
)

from chat.delivery.post import Final, Mail, Passing

log = logging.getLogger(__name__)

CONNECTING, HANDING = 20.0, 60.0  # seconds in all, however slowly the other side answers
KEPT = 15.0  # seconds that an idle connection is kept
PORTS = {"tls": 465, "starttls": 587, "none": 25}


@dataclass(frozen=True, slots=True)
class MailServer:
    """smtp://user:password@host:port?tls=starttls|tls|none. Without `tls` port 465 means tls, any other STARTTLS."""

    host: str
    port: int
    tls: str
    username: str | None = None
    password: str | None = None

    @classmethod
    def of(cls, url: str) -> MailServer:
        """The server behind an address that the settings have checked."""
        parts = urlsplit(url)
        tls = parse_qs(parts.query).get("tls", ["tls" if parts.port == 465 else "starttls"])[0]
        names = [unquote(word) if word else None for word in (parts.username, parts.password)]
        return cls(parts.hostname or "localhost", parts.port or PORTS[tls], tls, *names)


class Connection:
    """One session with the mail server."""

    def __init__(self, client: SMTP, sender: str) -> None:
        self._client, self._sender = client, sender

    async def deliver(self, mail: Mail) -> None:
        """Hand one mail to one recipient. Only what the server says about recipient or content is final."""
        try:
            async with asyncio.timeout(HANDING):
                await self._client.sendmail(self._sender, [mail.address], mail.content, mail_options=_options(mail))
        except SMTPRecipientsRefused as error:
            raise _judged(error.recipients[0].code) from error
        except SMTPDataError as error:
            raise _judged(error.code) from error
        except (SMTPNotSupported, ValueError, UnicodeError) as error:
            raise Final("bad_address") from error
        except SMTPResponseException as error:
            raise Passing(f"server {error.code}", unreachable=True) from error
        except (SMTPException, OSError, TimeoutError) as error:
            raise Passing("unreachable", unreachable=True) from error


class Smtp:
    """The mail server, by as many connections as are asked for at once."""

    def __init__(self, server: MailServer, sender: str, name: str, trust: ssl.SSLContext | None = None) -> None:
        self._server, self._sender, self._name, self._trust = server, sender, name, trust
        self._idle: list[tuple[SMTP, float]] = []

    @contextlib.asynccontextmanager
    async def counter(self) -> AsyncIterator[Connection]:
        """A connection that is encrypted, signed in and ready; Passing if there is none to be had."""
        client = await self._kept() or await self._opened()
        try:
            yield Connection(client, self._sender)
        except BaseException:
            client.close()
            raise
        self._idle.append((client, time.monotonic()))

    async def close(self) -> None:
        """Say goodbye on all connections."""
        for client, _ in self._idle:
            with contextlib.suppress(SMTPException, OSError, TimeoutError):
                async with asyncio.timeout(2):
                    await client.quit()
            client.close()
        self._idle.clear()

    async def _kept(self) -> SMTP | None:
        """An idle connection that still answers."""
        while self._idle:
            client, since = self._idle.pop()
            if time.monotonic() - since < KEPT:
                with contextlib.suppress(SMTPException, OSError, TimeoutError):
                    async with asyncio.timeout(5):
                        await client.rset()
                        return client
            client.close()
        return None

    async def _opened(self) -> SMTP:
        server = self._server
        client = SMTP(
            hostname=server.host, port=server.port, username=server.username, password=server.password,
            use_tls=server.tls == "tls", start_tls=server.tls == "starttls", tls_context=self._trust,
            local_hostname=self._name, timeout=CONNECTING,
        )  # fmt: skip
        try:
            async with asyncio.timeout(CONNECTING):
                await client.connect()
        except SMTPAuthenticationError as error:
            client.close()
            log.error("The mail server refused the name or password of QUIETROOM_MAIL_URL (%s).", error.code)
            raise Passing("signing_in", unreachable=True) from error
        except (SMTPException, OSError, TimeoutError, ValueError) as error:
            client.close()
            log.warning("The mail server cannot be reached (%s).", type(error).__name__)
            raise Passing("unreachable", unreachable=True) from error
        except BaseException:
            client.close()
            raise
        return client


def _judged(code: int) -> Passing | Final:
    """4xx: not now (greylisting, a full mailbox). 5xx: not ever."""
    return Final(f"refused {code}") if code >= 500 else Passing(f"later {code}")


def _options(mail: Mail) -> list[str]:
    return [] if mail.address.isascii() else ["SMTPUTF8"]
