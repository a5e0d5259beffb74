"""Files: uploaded as the body of a PUT, downloaded only through the permission check, never shown inline."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated
from urllib.parse import quote, unquote

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from chat.actions.attachments import StoredFile, add_attachment, discard_attachment
from chat.actions.views import Download, note_download
from chat.errors import CoreError, NotFound
from chat.lib.blobs import Damaged, Storage, Unreachable
from chat.lib.files import NotAllowed, Recognized, recognize
from chat.lib.sentences import Sentence
from chat.queries.attachments import Fetch, fetch, fetch_upload
from chat.web.answers import DoorError, Json
from chat.web.command import Command
from chat.web.desk import desk_of, signed_in
from chat.web.inputs import AttachmentId, Input
from chat.web.scanner import threat_in

# Each may hold a file in memory; pictures take their time. Who uploads slowly keeps nobody from being served.
_READING, _AT_ONCE = asyncio.Semaphore(32), asyncio.Semaphore(4)
INFECTED = Sentence("The virus scanner found something harmful in this file. It was not attached, and the practice was told.")
AWAY = Sentence("Files cannot be reached at the moment. Please try again in a minute.")
SANDBOX = "sandbox; default-src 'none'"


class AttachmentInput(Input):
    """An unsent upload of one's own."""

    attachment: Annotated[AttachmentId, Field()]


COMMANDS = (
    Command(
        "discard_attachment",
        AttachmentInput,
        "Give up an upload that was not sent.",
        action=discard_attachment,
        build=lambda given: given.attachment,
        quick_link=True,
    ),
)


async def upload(request: Request) -> Response:
    """PUT /api/attachments: the file as the body, its name percent-encoded in X-Filename."""
    desk, who = desk_of(request), (await signed_in(request)).who
    desk.paces.uploads.take(who.person)
    name = unquote(request.headers.get("x-filename", ""))[:400]
    async with _READING:
        data = await _body(request, desk.settings.attachment_megabytes * 1024 * 1024)
    async with _AT_ONCE:
        try:
            file = await asyncio.to_thread(recognize, data, name)
        except NotAllowed as error:
            raise DoorError(415, "refused", error.args[0]) from error
    # The scanner has its own line: while it is slow, others' pictures are drawn all the same.
    threat = await threat_in(desk.settings.clamd, data) if desk.settings.clamd else ""
    async with _AT_ONCE:
        kept = replace(file, data=data, thumbnail=None) if threat else file
        try:
            stored = await asyncio.to_thread(_store, desk.blobs, kept)
        except Unreachable as error:
            raise DoorError(503, "unavailable", AWAY) from error
    try:
        result = await desk.runtime.perform(add_attachment, who, replace(stored, threat=threat or None))
    except CoreError:
        with contextlib.suppress(Unreachable):  # sealed under a key that nobody has
            for name in filter(None, (stored.storage, stored.thumbnail)):
                await asyncio.to_thread(desk.blobs.delete, name)
        raise
    if threat:
        raise DoorError(415, "infected", INFECTED)
    view = {"name": stored.name, "media_type": stored.media_type, "size": stored.size, "picture": stored.thumbnail is not None}
    return Json({"id": desk.wire.ids.outer("attachment", result["id"])} | view)


async def download(request: Request) -> Response:
    """GET /api/attachments/{id}: the file, as a download with a safe name; on record before it leaves."""
    return await _hand_out(request, small=False)


async def thumbnail(request: Request) -> Response:
    """GET /api/attachments/{id}/small: a small picture of it."""
    return await _hand_out(request, small=True)


async def _hand_out(request: Request, *, small: bool) -> Response:
    desk, who = desk_of(request), (await signed_in(request)).who
    word = request.path_params["id"]
    enclosed, own = desk.wire.ids.inner("enclosure", word), desk.wire.ids.inner("attachment", word)
    found = None
    if enclosed is not None:
        found = await desk.runtime.ask(fetch, enclosed, small=small, who=who)
    elif own is not None:
        found = await desk.runtime.ask(fetch_upload, own, small=small, who=who)
    if found is None:
        raise NotFound
    pieces = desk.blobs.get(found.storage, found.key)
    try:
        first = await asyncio.to_thread(next, pieces)
    except (Damaged, StopIteration) as error:
        raise DoorError(500, "damaged", "This file is damaged in storage. The operator can restore it from a backup.") from error
    except Unreachable as error:
        raise DoorError(503, "unavailable", AWAY) from error
    if found.conversation is not None and not small:
        await desk.runtime.perform(note_download, who, Download(found.conversation, found.seq or 0))
    return StreamingResponse(_rest(first, pieces), headers=_headers(found, small=small))


def _rest(first: bytes, pieces: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from pieces


def _headers(found: Fetch, *, small: bool) -> dict[str, str]:
    plain = found.name.encode("ascii", "replace").decode().replace("?", "_").replace('"', "_")
    shown = "inline" if small else f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(found.name)}"
    headers = {"Content-Type": found.media_type, "Content-Disposition": shown, "Content-Security-Policy": SANDBOX}
    return headers if small else headers | {"Content-Length": str(found.size)}


async def _body(request: Request, most: int) -> bytes:
    data = bytearray()
    async for chunk in request.stream():
        data += chunk
        if len(data) > most:
            raise DoorError(413, "too_large", Sentence("A file may have up to {most} MB.", most=most // 1024 // 1024))
    return bytes(data)


def _store(blobs: Storage, file: Recognized) -> StoredFile:
    storage, key = blobs.put(file.data)
    try:
        small, small_key = blobs.put(file.thumbnail) if file.thumbnail else (None, None)
    except OSError:
        # Nobody will know of the first one, either.
        with contextlib.suppress(OSError):
            blobs.delete(storage)
        raise
    digest = hashlib.sha256(file.data).digest()
    return StoredFile(file.name, file.media_type, len(file.data), digest, storage, key, small, small_key)
