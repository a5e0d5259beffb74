"""Composition: settings → runtime → routes."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import AsyncIterator

from itsdangerous import URLSafeTimedSerializer
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from chat import house, worker
from chat.doorbell import Doorbell, HouseBell, RedisBell
from chat.errors import CoreError
from chat.lib import logs, metrics
from chat.lib.signing import Signer, derived
from chat.runtime import Unavailable
from chat.settings import Settings
from chat.web import site, static_files
from chat.web.answers import DoorError, refusal
from chat.web.desk import Desk
from chat.web.guards import RequestIds, SameOrigin, SecurityHeaders, headers_for
from chat.web.languages import Languages
from chat.web.pace import Paces
from chat.web.quick_links import busy
from chat.web.routes import FROM_ELSEWHERE, ROUTES
from chat.web.throttle import Throttle
from chat.web.wire import Wire

log = logging.getLogger(__name__)

REFUSALS: tuple[type[Exception], ...] = (CoreError, DoorError, Unavailable)


def make_app(settings: Settings) -> Starlette:
    """The web application of one process."""
    app = Starlette(
        routes=ROUTES,
        lifespan=_lifespan,
        middleware=[
            Middleware(RequestIds),
            Middleware(SecurityHeaders, secure=settings.secure),
            Middleware(Languages, secure=settings.secure, mirrored=not settings.production),
            Middleware(SameOrigin, origins=settings.origins, open_paths=FROM_ELSEWHERE),
        ],
        exception_handlers={
            ClientDisconnect: _gone,
            CoreError: _refuse,
            DoorError: _refuse,
            Unavailable: _refuse,
            HTTPException: _http,
            Exception: _fail,
        },
    )
    app.state.settings = settings
    return app


@contextlib.asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    settings: Settings = app.state.settings
    vault = house.open_vault(settings)
    runtime = house.runtime(settings, vault)
    bell: Doorbell = RedisBell(settings.redis_url) if settings.redis_url else HouseBell()
    runtime.after_commit.append(bell.ring)
    runtime.live.on_first, runtime.live.on_last = bell.listen, bell.forget
    paces = Paces(settings)
    app.state.desk = Desk(
        settings,
        runtime,
        Wire(vault.ids),
        Throttle(settings.sign_in_limit, paces.storage),
        paces,
        static_files.build().version,
        _pending(vault),
        house.blobs(settings),
        Signer(vault.secret),
        house.vapid(settings, vault).public,
        house.setup_token(vault),
        lambda: bell.connected if isinstance(bell, RedisBell) else None,
    )
    await runtime.start()
    paces.start()
    await bell.start(runtime.live.ring, lambda: runtime.live.people)
    # On SQLite one process writes: the worker's jobs run here.
    jobs = worker.beside(settings, vault, runtime) if settings.embedded else contextlib.nullcontext()
    try:
        async with jobs:
            yield
    finally:
        await paces.stop()
        await bell.stop()
        await app.state.desk.printer.close()
        await runtime.stop()


def _pending(vault: house.Vault) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(derived(vault.secret, "second factor"), salt="second-factor")


async def _refuse(request: Request, error: Exception) -> Response:
    if isinstance(error, DoorError) and error.status == 429 and request.url.path.startswith("/q/"):
        return busy(error)
    return refusal(error)


async def _gone(_: Request, _error: Exception) -> Response:
    """Nobody is there to read an answer, and it is no fault of ours."""
    return Response(status_code=400)


async def _http(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    if status == 405:
        return refusal(DoorError(405, "invalid", "This address does not take that method."))
    if request.url.path.startswith(("/api/", "/static/")):
        return refusal(DoorError(status, "not_found", "There is nothing at this address."))
    # Any other address: the client says kindly that there is no such page.
    page = await site.page(request)
    page.status_code = 404
    return page


async def _fail(request: Request, error: Exception) -> Response:
    metrics.FAULTS.inc()
    name = request.scope.get("state", {}).get("request", "")
    with logs.about(request=name):
        log.error("A request failed.", exc_info=error)
    response = refusal(error)
    # This answer leaves from outside all middleware.
    own = {"Cache-Control": "no-store", "X-Request-Id": name}
    response.headers.update(headers_for(secure=request.app.state.settings.secure) | own)
    return response
