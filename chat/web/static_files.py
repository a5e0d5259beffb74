"""The pages' own files, from one origin, under addresses that bear the build (docs/decisions/0019-addresses-of-files.md)."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import os
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from chat.lib.languages import FOLDER

STATIC = Path(__file__).resolve().parent.parent.parent / "static"
ADDRESS = "/static/"
PACKED = ("text/", "application/javascript", "application/json", "application/manifest+json", "image/svg+xml")
BUILD = re.compile(r"[0-9a-f]{12}")
KEPT = "public, max-age=31536000, immutable"
CHECKED = "no-cache"

Stamp = tuple[int, int, int]


@dataclass(frozen=True)
class Build:
    """What this process serves of pages and words: a word for the whole, and how each file looked when it was read."""

    version: str
    stamps: dict[str, Stamp]

    def holds(self, path: str, status: os.stat_result) -> bool:
        """Whether this file is as it was then."""
        return self.stamps.get(path) == _stamp(status)

    def is_edited(self) -> bool:
        """Whether a file changed or went since."""
        try:
            return not all(self.holds(path, os.stat(path)) for path in self.stamps)
        except FileNotFoundError:
            return True


def _stamp(status: os.stat_result) -> Stamp:
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns


@cache
def build() -> Build:
    """What was there when it was first asked for, which is at the start: `version` tells open pages to load themselves anew."""
    digest, stamps = hashlib.sha256(), {}
    for folder, names in ((STATIC, "*"), (FOLDER, "*.po")):
        for path in sorted(folder.rglob(names)):
            if path.is_file():
                stamps[os.path.realpath(path)] = _stamp(path.stat())
                digest.update(str(path.relative_to(folder)).encode())
                digest.update(path.read_bytes())
    return Build(digest.hexdigest()[:12], stamps)


def address() -> str:
    """Where a page made now finds its files: under the build, or, once one of them was edited, asked for anew each time."""
    return ADDRESS if build().is_edited() else f"{ADDRESS}{build().version}/"


class Files(StaticFiles):
    """Static files, under their own address and under that of a build.

    Under this process's build browsers keep them for good, as long as they are what the build was made of. Under their own
    address, under that of another build (a page from before an upgrade, or from a process that has it already) and when they
    were changed since, browsers ask each time.

    They are compressed for who takes that. Nothing that a session sees ever is: the length would tell of the content.
    """

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, or 304."""
        named, _, rest = path.partition("/")
        of_build = bool(rest and BUILD.fullmatch(named))
        response = await super().get_response(rest if of_build else path, {**scope, "build": named if of_build else ""})
        response.headers.add_vary_header("Accept-Encoding")
        if isinstance(response, FileResponse) and _wants_packed(response, Headers(scope=scope)):
            return await _pack(response)
        return response

    def file_response(
        self, full_path: str | os.PathLike[str], stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        """The file or 304, with how long it may be kept."""
        response = super().file_response(full_path, stat_result, scope, status_code)
        lasts = scope["build"] == build().version and build().holds(os.fspath(full_path), stat_result)
        response.headers["Cache-Control"] = KEPT if lasts else CHECKED
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
