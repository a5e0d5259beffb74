"""In which language somebody is answered: as the address asks (`?language=`), else as chosen before, else as the browser says."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from urllib.parse import parse_qs

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chat.lib.languages import ENGLISH, LANGUAGES, MIRRORED, preferred, said, spoken

COOKIE = "language"
YEAR = 31_536_000
_reader: ContextVar[str] = ContextVar("reader", default=ENGLISH)


def language() -> str:
    """The language of whoever is being answered."""
    return _reader.get()


def say(text: str) -> str:
    """An English text in that language."""
    return said(text, _reader.get())


def speaker() -> Callable[[str], str] | None:
    """What says English texts in that language, wherever it is called from; None where they stay as they are."""
    tongue = _reader.get()
    return None if tongue == ENGLISH else lambda text: said(text, tongue)


class Languages:
    """Knows for each request whose language it is in; one that an address asks for is kept in a cookie."""

    def __init__(self, app: ASGIApp, *, secure: bool, mirrored: bool) -> None:
        self.app, self._secure = app, secure
        self._known = frozenset(LANGUAGES) | ({MIRRORED} if mirrored else set())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, with the language around it."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        asked, kept, wished = self._heard(scope)
        token = _reader.set(asked or kept or wished)

        async def keep(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).append("set-cookie", self._cookie(asked or ENGLISH))
            await send(message)

        try:
            await self.app(scope, receive, keep if asked and asked != kept else send)
        finally:
            _reader.reset(token)

    def _heard(self, scope: Scope) -> tuple[str | None, str | None, str]:
        """What the address asks for, what was chosen before and what the browser says; nothing else of it stays."""
        connection = HTTPConnection(scope)
        kept = self._spoken(connection.cookies.get(COOKIE))
        return self._asked(scope["query_string"]), kept, preferred(connection.headers.get("accept-language", ""))

    def _asked(self, query: bytes) -> str | None:
        if COOKIE.encode() not in query:
            return None
        try:
            fields = parse_qs(query.decode("latin-1"), max_num_fields=20)
        except ValueError:  # too many: no page asks so
            return None
        return self._spoken(fields.get(COOKIE, [""])[0])

    def _spoken(self, tag: str | None) -> str | None:
        found = spoken(tag)
        return found if found in self._known else None

    def _cookie(self, tag: str) -> str:
        """It tells nothing but the language."""
        answer = Response()
        answer.set_cookie(COOKIE, tag, max_age=YEAR, path="/", secure=self._secure, httponly=True, samesite="lax")
        return answer.headers["set-cookie"]
