"""Pure ASGI middleware around every door: headers, proof of origin, and a bound on what is read."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chat.lib import logs
from chat.web.answers import DoorError, refusal

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' blob:; "
    "manifest-src 'self'; worker-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; "
    "require-trusted-types-for 'script'; trusted-types quietroom"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()",
    "X-Frame-Options": "DENY",
}
HTTPS = {"Strict-Transport-Security": "max-age=63072000; includeSubDomains"}
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def headers_for(*, secure: bool) -> dict[str, str]:
    """What every answer bears; `secure` where browsers come by https."""
    return HEADERS | (HTTPS if secure else {})


class RequestIds:
    """Each request has an id, which its answer bears and every line that is logged meanwhile; it tells nothing of anybody."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, with the id around it."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        name = scope.setdefault("state", {})["request"] = secrets.token_hex(6)

        async def add(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["X-Request-Id"] = name
            await send(message)

        with logs.about(request=name):
            await self.app(scope, receive, add if scope["type"] == "http" else send)


class SecurityHeaders:
    """The strict policy on every response; `no-store` on all that a session sees."""

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        self.app = app
        self.headers = headers_for(secure=secure)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, with headers added to the answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def add(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self.app(scope, receive, add)


class SameOrigin:
    """What changes something comes from our own pages. Browsers say so in a header that no page can forge."""

    def __init__(self, app: ASGIApp, *, origins: frozenset[str], open_paths: frozenset[str] = frozenset()) -> None:
        self.app, self.origins, self.open_paths = app, origins, open_paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse unsafe methods and sockets without proof."""
        if scope["type"] == "http" and scope["method"] not in SAFE and scope["path"] not in self.open_paths:
            if not same_origin(Headers(scope=scope), self.origins):
                error = DoorError(403, "cross_origin", "This must be sent from the practice's own page.")
                await refusal(error)(scope, receive, send)
                return
        elif scope["type"] == "websocket" and Headers(scope=scope).get("origin") not in self.origins:
            await send({"type": "websocket.close", "code": 1008, "reason": "origin"})
            return
        await self.app(scope, receive, send)


def same_origin(headers: Mapping[str, str], origins: frozenset[str]) -> bool:
    """Whether a request proves that it comes from our pages.

    `Sec-Fetch-Site` decides where it is sent: Chromium sends `Origin: null` from a form under `no-referrer`. Without it, the
    Origin must be ours.
    """
    site = headers.get("sec-fetch-site")
    return site == "same-origin" if site is not None else headers.get("origin") in origins
