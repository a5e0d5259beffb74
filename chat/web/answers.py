"""How the core's exceptions look from outside, for HTTP and socket alike."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from chat.errors import CoreError
from chat.lib import json
from chat.lib.crypto import Unreadable
from chat.lib.sentences import Sentence
from chat.runtime import Unavailable
from chat.web.languages import say, speaker


class DoorError(Exception):
    """A refusal by the door itself, before the core is asked."""

    def __init__(self, status: int, code: str, message: str, retry_after: int | None = None) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.retry_after = status, code, message, retry_after


SIGNED_OUT = (401, "signed_out", Sentence("Please sign in."))
LOCKED = (423, "locked", Sentence("This page is locked. Give your password to go on."))
FAILED = Sentence("Something went wrong here. It was noted; please try again.")
DAMAGED = Sentence(
    "Something that is stored here is damaged and cannot be shown. The operator can find it and restore it from a backup."
)
_STATUS = {"not_found": 404, "refused": 403, "invalid": 400, "conflict": 409}


def error_view(error: Exception) -> tuple[int, dict[str, Any]]:
    """The HTTP status and the wire's `error` of anything that a command may raise; nothing of an unexpected fault is told."""
    if isinstance(error, CoreError):
        return _STATUS[error.code], {"code": error.code, "message": say(error.message), **error.details}
    if isinstance(error, DoorError):
        seconds = {"seconds": error.retry_after} if error.retry_after is not None else {}
        return error.status, {"code": error.code, "message": say(error.message), **seconds}
    if isinstance(error, Unavailable):
        return 503, {"code": "unavailable", "message": say(error.message)}
    if isinstance(error, Unreadable):
        return 500, {"code": "damaged", "message": say(DAMAGED)}
    return 500, {"code": "failed", "message": say(FAILED)}


class Json(Response):
    """A JSON answer."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        """Encode, or take bytes that are encoded already."""
        return content if isinstance(content, bytes) else json.encode(content, speaker())


def refusal(error: Exception) -> Json:
    """The HTTP answer for an exception."""
    status, view = error_view(error)
    seconds = error.retry_after if isinstance(error, DoorError) else 1 if status == 503 else None
    return Json({"error": view}, status, {"Retry-After": str(seconds)} if seconds is not None else None)
