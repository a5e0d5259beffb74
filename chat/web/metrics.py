"""What operators watch, for Prometheus and nobody else."""

from __future__ import annotations

import hmac

from starlette.requests import Request
from starlette.responses import Response

from chat.errors import NotFound
from chat.lib import metrics
from chat.web.desk import desk_of


async def metrics_page(request: Request) -> Response:
    """GET /metrics: by the token of the settings; absent for everybody else, and without one."""
    token = desk_of(request).settings.metrics_token.get_secret_value()
    given = request.headers.get("authorization", "")
    if not token or not hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
        raise NotFound
    return Response(metrics.generate_latest(), media_type=metrics.CONTENT_TYPE_LATEST)
