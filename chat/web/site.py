"""The pages' own files, from one origin, each checked anew by its ETag; and one page for every address of the client."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
from functools import cache, lru_cache
from pathlib import Path

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from chat.errors import NotFound
from chat.lib.languages import ENGLISH, FOLDER, KNOWN, MIRRORED, TRANSLATED, catalogue, said
from chat.lib.sentences import Sentence
from chat.web.desk import desk_of
from chat.web.languages import language

ENTRY = '<script type="module" src="/static/js/app.js"></script>'
SETUP = "/setup"
NO_SCRIPT = Sentence("Quietroom needs JavaScript to show your messages.")
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


@cache
def version() -> str:
    """A word for the build that this process serves of pages and words: when it differs, an open page loads itself anew."""
    digest = hashlib.sha256()
    for folder, names in ((STATIC, "*"), (FOLDER, "*.po")):
        for path in sorted(folder.rglob(names)):
            if path.is_file():
                digest.update(str(path.relative_to(folder)).encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


async def page(request: Request) -> Response:
    """The one page of the client, in the language of whoever opens it; it holds nothing of anybody."""
    tongue = language()
    if request.url.path.startswith(SETUP) and not KNOWN[tongue].for_staff:
        # The first administrator's page: its words are not among those for clients.
        return RedirectResponse(f"{SETUP}?{request.url.include_query_params(language=ENGLISH).query}")
    if tongue == ENGLISH:
        response = await Files(directory=STATIC).get_response("index.html", request.scope)
    else:
        response = _answer(request, await asyncio.to_thread(_page_in, tongue), "text/html")
    response.headers.add_vary_header("Accept-Language, Cookie")
    return response


async def words(request: Request) -> Response:
    """GET /words/<language>.json: what the pages say in a language, by the English words; none for English."""
    tongue = request.path_params["language"]
    if tongue not in TRANSLATED and (tongue != MIRRORED or desk_of(request).settings.production):
        raise NotFound
    return _answer(request, await asyncio.to_thread(_words_in, tongue), "application/json")


@lru_cache(maxsize=len(KNOWN))
def _page_in(tongue: str) -> bytes:
    """The page with its language, what that needs from the start, and the one line that no script says."""
    known, catalogue_of = KNOWN[tongue], f'<link rel="preload" href="/words/{tongue}.json" as="fetch" crossorigin>'
    text = (STATIC / "index.html").read_text()
    text = text.replace('<html lang="en">', f'<html lang="{tongue}" dir="{known.direction}" data-locale="{known.region}">', 1)
    entry = f'{ENTRY.replace("app.js", "speak.js")}\n<link rel="modulepreload" href="/static/js/app.js">'
    text = text.replace(ENTRY, f"{catalogue_of}\n{entry}", 1)
    return text.replace(NO_SCRIPT, said(NO_SCRIPT, tongue)).encode()


@lru_cache(maxsize=len(KNOWN))
def _words_in(tongue: str) -> bytes:
    return catalogue(tongue).for_browser()


def _answer(request: Request, body: bytes, media_type: str) -> Response:
    """What was made here, as `Files` would have it: compressed for who takes that, and 304 for who has it."""
    etag = f'W/"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"etag": etag, "cache-control": "no-cache", "vary": "Accept-Encoding"}
    if etag in [one.strip() for one in request.headers.get("if-none-match", "").split(",")]:
        return Response(status_code=304, headers=headers)
    if "gzip" in [word.strip() for word in request.headers.get("accept-encoding", "").split(",")]:
        body, headers["content-encoding"] = _gzipped(body), "gzip"
    return Response(body, headers=headers, media_type=media_type)


@lru_cache(maxsize=2 * len(KNOWN))
def _gzipped(body: bytes) -> bytes:
    return gzip.compress(body, 9, mtime=0)


async def worker_script(request: Request) -> Response:
    """GET /sw.js: the service worker, at the root because it may only see what lies below its own address."""
    return await Files(directory=STATIC).get_response("sw.js", request.scope)
