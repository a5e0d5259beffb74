"""In development, without a mail server: the mails that would have left, to be looked at and clicked through."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from chat.web.desk import desk_of
from chat.web.rendered import rendered

SHOWN = 100
_NAME = re.compile(r"[0-9]+-[0-9a-f]+\.eml")


@dataclass
class Shown:
    """A mail as the page shows it."""

    name: str
    subject: str
    to: str
    date: str
    text: str


async def mail_list(request: Request) -> Response:
    """GET /dev/outbox"""
    return rendered("outbox.html", mails=await asyncio.to_thread(_newest, _folder(request)))


async def mail_view(request: Request) -> Response:
    """GET /dev/outbox/<name>"""
    path = _folder(request) / request.path_params["name"]
    if not _NAME.fullmatch(path.name) or not path.is_file():
        raise HTTPException(404)
    mail = await asyncio.to_thread(_read, path)
    return rendered("outbox_mail.html", mail=mail, parts=_parts(mail.text, desk_of(request).settings.base_url))


def _folder(request: Request) -> Path:
    """The outbox; there is none in production, nor where mails really leave."""
    settings = desk_of(request).settings
    if settings.production or settings.mail_url.get_secret_value():
        raise HTTPException(404)
    return settings.data / "outbox"


def _newest(folder: Path) -> list[Shown]:
    names = sorted((path for path in folder.glob("*.eml") if _NAME.fullmatch(path.name)), reverse=True)
    return [_read(path) for path in names[:SHOWN]]


def _read(path: Path) -> Shown:
    mail = message_from_bytes(path.read_bytes(), policy=policy.default)
    body = mail.get_body(("plain",))
    return Shown(path.name, str(mail["Subject"]), str(mail["To"]), str(mail["Date"]), body.get_content() if body else "")


def _parts(text: str, base_url: str) -> list[tuple[str, str]]:
    """The text in pieces, each with its link if it is one of ours; links lead to this server under whatever name it is open."""
    found = re.split(rf"({re.escape(base_url)}\S*)", text)
    return [(part, part.removeprefix(base_url) or "/" if at % 2 else "") for at, part in enumerate(found)]
