"""Whether what an installation needs from others can be reached: nothing is sent to anybody."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from urllib.parse import urlsplit

import redis
from sqlalchemy import text

from chat import house
from chat.cli.tools import looking
from chat.delivery.post import Final, Passing
from chat.delivery.sms import Texts
from chat.delivery.smtp import MailServer, Smtp
from chat.lib.blobs import Unreachable
from chat.lib.buckets import Bucket
from chat.settings import Settings
from chat.web.scanner import answers

SECONDS = 2.0


def clocks(settings: Settings) -> Iterator[tuple[str, int]]:
    """What time it is elsewhere: PostgreSQL, Redis. One that does not answer is somebody else's to report."""
    if not settings.embedded:
        with looking(settings) as connection:
            instant = connection.execute(text("SELECT extract(epoch FROM clock_timestamp()) * 1000")).scalar_one()
        yield "PostgreSQL", int(instant)
    if settings.redis_url:
        try:
            seconds, rest = _redis(settings).time()
        except (redis.RedisError, OSError):
            return
        yield "Redis", int(seconds * 1000 + rest // 1000)


def _redis(settings: Settings) -> redis.Redis:
    return redis.Redis.from_url(settings.redis_url, socket_timeout=SECONDS, socket_connect_timeout=SECONDS)


def redis_server(settings: Settings) -> Iterator[str]:
    """Redis answers."""
    if not settings.redis_url:
        return
    try:
        _redis(settings).ping()
    except (redis.RedisError, OSError) as error:
        yield f"Redis does not answer ({type(error).__name__}). Look at QUIETROOM_REDIS_URL."


def mail(settings: Settings) -> Iterator[str]:
    """The mail server takes our name and password, over an encrypted line."""
    if url := settings.mail_url.get_secret_value():
        try:
            asyncio.run(_greet_mail(url, urlsplit(settings.base_url).hostname or "localhost"))
        except Passing as error:
            why = "refuses name or password" if str(error) == "signing_in" else "cannot be reached over an encrypted line"
            yield f"The mail server {why}. Look at QUIETROOM_MAIL_URL."
    elif settings.production:
        yield "No mail leaves: QUIETROOM_MAIL_URL is not set. Clients learn of messages by email."


async def _greet_mail(url: str, host: str) -> None:
    server = Smtp(MailServer.of(url), f"no-reply@{host}", host)
    try:
        async with server.counter():
            pass
    finally:
        await server.close()


def texts(settings: Settings) -> Iterator[str]:
    """The gateway knows our account."""
    if not settings.sms_url:
        return
    try:
        asyncio.run(_greet_gateway(settings))
    except Passing as error:
        why = "refuses our account" if str(error) == "gateway_account" else "cannot be reached"
        yield f"The text gateway {why}. Look at QUIETROOM_SMS_URL, _ACCOUNT and _TOKEN."
    except Final:
        yield "The text gateway does not know our account. Look at QUIETROOM_SMS_URL and QUIETROOM_SMS_ACCOUNT."


async def _greet_gateway(settings: Settings) -> None:
    gateway = Texts(settings.sms_url, settings.sms_account, settings.sms_token.get_secret_value(), settings.sms_from)
    try:
        await gateway.greet()
    finally:
        await gateway.close()


def bucket(settings: Settings) -> Iterator[str]:
    """Something can be written to the bucket of files, read and removed."""
    if not settings.files:
        return
    try:
        store = house.blobs(settings)
        if isinstance(store, Bucket):
            store.probe()
    except Unreachable as error:
        yield f"Files: {error}. Look at QUIETROOM_FILES, _KEY and _SECRET."


def scanner(settings: Settings) -> Iterator[str]:
    """clamd answers."""
    if settings.clamd and not asyncio.run(answers(settings.clamd)):
        yield "The virus scanner does not answer, and no file can be uploaded. Look at QUIETROOM_CLAMD."
