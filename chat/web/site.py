"""One page for every address of the client, and the words and the worker that go with it."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import re
from functools import lru_cache
from typing import Literal

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from chat.errors import NotFound
from chat.lib.languages import ENGLISH, KNOWN, MIRRORED, TRANSLATED, catalogue, said
from chat.lib.sentences import Sentence
from chat.web import static_files
from chat.web.desk import desk_of
from chat.web.languages import language
from chat.web.static_files import ADDRESS, Files, address

ENTRY = f'<script type="module" src="{ADDRESS}js/app.js"></script>'
ONLY_FOR = re.compile(r"<!-- for (\w+): [^>]*-->\n(.*?)<!-- /for -->\n", re.DOTALL)
COMMENT = re.compile(r"<!-- .*? -->\n")
SETUP = "/setup"
UNASKED = ("/invitation", "/new-password", "/forgot", SETUP)
"""Pages that do not ask who is signed in."""

Visitor = Literal["session", "nobody", "unasked"]
"""Who a page is made for: somebody who brings a session (good or not), somebody who brings none, or it does not matter who."""
NO_SCRIPT = Sentence("Quietroom needs JavaScript to show your messages.")


async def page(request: Request) -> Response:
    """The one page of the client, in the language of whoever opens it; it holds nothing of anybody."""
    tongue = language()
    if request.url.path.startswith(SETUP) and not KNOWN[tongue].for_staff:
        # The first administrator's page: its words are not among those for clients.
        return RedirectResponse(f"{SETUP}?{request.url.include_query_params(language=ENGLISH).query}")
    response = _answer(request, await asyncio.to_thread(_page_in, tongue, _visitor(request)), "text/html")
    response.headers.add_vary_header("Accept-Language, Cookie")
    return response


async def words(request: Request) -> Response:
    """GET /words/<language>.json: what the pages say in a language, by the English words; none for English."""
    tongue = request.path_params["language"]
    if tongue not in TRANSLATED and (tongue != MIRRORED or desk_of(request).settings.production):
        raise NotFound
    return _answer(request, await asyncio.to_thread(_words_in, tongue), "application/json")


def _visitor(request: Request) -> Visitor:
    if request.url.path.startswith(UNASKED):
        return "unasked"
    return "session" if desk_of(request).cookie in request.cookies else "nobody"


def _page_in(tongue: str, visitor: Visitor) -> bytes:
    """The page with the address of its files, its language and what that needs first, and the one line that no script says.

    What it will ask for in any case is named in it, so that it need not wait until the modules have come and found out.
    """
    text = (static_files.STATIC / "index.html").read_text()
    text = COMMENT.sub("", ONLY_FOR.sub(lambda found: found[2] if found[1] == visitor else "", text))
    if tongue != ENGLISH:
        known, catalogue_of = KNOWN[tongue], f'<link rel="preload" href="/words/{tongue}.json" as="fetch" crossorigin>'
        text = text.replace('<html lang="en">', f'<html lang="{tongue}" dir="{known.direction}" data-locale="{known.region}">', 1)
        entry = f'{ENTRY.replace("app.js", "speak.js")}\n<link rel="modulepreload" href="{ADDRESS}js/app.js">'
        text = text.replace(ENTRY, f"{catalogue_of}\n{entry}", 1).replace(NO_SCRIPT, said(NO_SCRIPT, tongue))
    return text.replace(f'"{ADDRESS}', f'"{address()}').encode()


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
    return await Files(directory=static_files.STATIC).get_response("sw.js", request.scope)
