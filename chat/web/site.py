"""The pages' own files, from one origin, each checked anew by its ETag; and one page for every address of the client."""

from __future__ import annotations

import hashlib
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

STATIC = Path(__file__).resolve().parent.parent.parent / "static"


class Files(StaticFiles):
    """Static files that browsers keep, and ask about each time: a new version is seen at once."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, or 304."""
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "no-cache"
        return response


def version() -> str:
    """A word for this build of the pages: when it differs, an open page loads itself anew."""
    digest = hashlib.sha256()
    for path in sorted(STATIC.rglob("*")):
        if path.is_file():
            digest.update(str(path.relative_to(STATIC)).encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


async def page(request: Request) -> Response:
    """The one page of the client; it holds nothing of anybody."""
    return await Files(directory=STATIC).get_response("index.html", request.scope)
