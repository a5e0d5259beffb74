"""The pages' own files, from one origin, each checked anew by its ETag; and one page for every address of the client."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
from functools import lru_cache
from pathlib import Path

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

STATIC = Path(__file__).resolve().parent.parent.parent / "static"
PACKED = ("text/", "application/javascript", "application/json", "application/manifest+json", "image/svg+xml")


class Files(StaticFiles):
    """Static files that browsers keep, and ask about each time: a new version is seen at once.

    They are compressed for who takes that. Nothing that a session sees ever is: the length would tell of the content.
    """

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, or 304."""
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "no-cache"
        response.headers.add_vary_header("Accept-Encoding")
        if isinstance(response, FileResponse) and _wants_packed(response, Headers(scope=scope)):
            return await _pack(response)
        return response


def _wants_packed(response: FileResponse, asked: Headers) -> bool:
    accepted = [word.strip() for word in asked.get("accept-encoding", "").split(",")]
    return "gzip" in accepted and "range" not in asked and (response.media_type or "").startswith(PACKED)


async def _pack(response: FileResponse) -> Response:
    body = await asyncio.to_thread(_packed, str(response.path), response.headers["etag"])
    packed = Response(body, response.status_code, media_type=response.media_type)
    for name in ("cache-control", "last-modified", "vary"):
        packed.headers[name] = response.headers[name]
    # Weak: the same file, in other bytes.
    packed.headers["etag"] = "W/" + response.headers["etag"]
    packed.headers["content-encoding"] = "gzip"
    return packed


@lru_cache(maxsize=512)
def _packed(path: str, _etag: str) -> bytes:
    return gzip.compress(Path(path).read_bytes(), 9, mtime=0)


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


async def worker_script(request: Request) -> Response:
    """GET /sw.js: the service worker, at the root because it may only see what lies below its own address."""
    return await Files(directory=STATIC).get_response("sw.js", request.scope)
