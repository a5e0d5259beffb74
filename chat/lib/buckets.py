"""Sealed files in an object store that speaks S3, by the extra `s3`. What lies there is what would lie in a folder."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from chat.lib.blobs import WHOLE, Put, Storage, Unreachable

try:
    import obstore
    from obstore.exceptions import BaseError
    from obstore.store import S3Store
except ImportError:  # the extra `s3` is not installed
    S3 = False
else:
    S3 = True

if TYPE_CHECKING:
    from obstore.store import ClientConfig, ObjectStore, RetryConfig

PIECE = 16 * WHOLE  # read in requests of this size: a slow download holds none of them open
#: A person waits for it: what is not to be had within seconds is not to be had.
RETRIES: RetryConfig = {
    "max_retries": 3,
    "retry_timeout": timedelta(seconds=10),
    "backoff": {"max_backoff": timedelta(seconds=2)},
}
CLIENT: ClientConfig = {"connect_timeout": timedelta(seconds=5), "timeout": timedelta(seconds=60)}
PROBE = "probe"


@dataclass(frozen=True, slots=True)
class Place:
    """Which bucket: `s3://bucket/folder?endpoint=https://…&region=…`."""

    bucket: str
    folder: str
    endpoint: str
    region: str

    @classmethod
    def of(cls, address: str) -> Place:
        """From its address; ValueError if it is none."""
        parts = urlsplit(address)
        more = dict(parse_qsl(parts.query, strict_parsing=True)) if parts.query else {}
        endpoint = more.pop("endpoint", "")
        region = more.pop("region", "us-east-1")
        known = endpoint == "" or (urlsplit(endpoint).scheme in {"http", "https"} and bool(urlsplit(endpoint).hostname))
        if parts.scheme != "s3" or not parts.netloc or "@" in parts.netloc or parts.fragment or more or not known:
            raise ValueError(f"{address} names no bucket")
        return cls(parts.netloc, parts.path.strip("/"), endpoint, region)


class Bucket(Storage):
    """A bucket, or a folder in it, that is nobody else's."""

    def __init__(self, store: ObjectStore, folder: str = "") -> None:
        self._store, self._folder = store, f"{folder}/" if folder else ""

    @classmethod
    def at(cls, place: Place, key: str, secret: str) -> Bucket:
        """The bucket at this place. Without a key the machine's own role is asked for."""
        # One object a request: deleting many at once is not what every store can do.
        given: dict[str, Any] = {"disable_bulk_delete": True}
        if key:
            given |= {"access_key_id": key, "secret_access_key": secret}
        if place.endpoint:
            given |= {"endpoint": place.endpoint, "virtual_hosted_style_request": False}
        client: ClientConfig = {**CLIENT, "allow_http": place.endpoint.startswith("http://")}
        store = S3Store(place.bucket, region=place.region, client_options=client, retry_config=RETRIES, **given)
        return cls(store, place.folder)

    def write(self, name: str, records: Iterable[bytes]) -> None:
        """Keep a sealed file; in one request, so that it is there whole or not at all."""
        with _reached():
            obstore.put(self._store, self._path(name), b"".join(records), use_multipart=False)

    def read(self, name: str) -> Iterator[bytes]:
        """A sealed file as it lies there."""
        path = self._path(name)
        with _reached(file=True):
            size = obstore.head(self._store, path)["size"]
        for start in range(0, size, PIECE):
            with _reached(file=True):
                piece = bytes(obstore.get_range(self._store, path, start=start, end=min(start + PIECE, size)))
            yield piece

    def delete(self, name: str) -> None:
        """Remove; nothing if it is gone already."""
        with contextlib.suppress(FileNotFoundError), _reached(file=True):
            obstore.delete(self._store, self._path(name))

    def names(self) -> Iterator[str]:
        """Every finished file that is here."""
        with _reached():
            for page in obstore.list(self._store, self._folder or None, chunk_size=1_000):
                yield from (Path(one["path"]).stem for one in page if one["path"].endswith(".sealed"))

    def empty(self) -> bool:
        """Whether nothing at all lies here."""
        return next(self.names(), None) is None

    @contextlib.contextmanager
    def filling(self) -> Iterator[Put]:
        """Take sealed files into the bucket; they go again if what follows fails."""
        taken: list[str] = []

        def take(name: str, source: Path) -> None:
            taken.append(name)
            self.write(name, [source.read_bytes()])

        try:
            yield take
        except BaseException:
            for name in taken:
                with contextlib.suppress(Unreachable):  # the next one may go, and why it failed is what is told
                    self.delete(name)
            raise

    def probe(self) -> None:
        """Write, read and remove a small object; Unreachable, with the reason, if one of these cannot be done."""
        path = f"{self._folder}{PROBE}"
        with _reached():
            obstore.put(self._store, path, b"probe", use_multipart=False)
            obstore.get(self._store, path)
            obstore.delete(self._store, path)

    def _path(self, name: str) -> str:
        return f"{self._folder}{name[:2]}/{name}.sealed"


@contextlib.contextmanager
def _reached(*, file: bool = False) -> Iterator[None]:
    """What the store says in its own exceptions, in ours. Its sentences hold addresses and answers: only the kind is told.

    Where no one `file` is asked for, what is not there is the bucket.
    """
    try:
        yield
    except FileNotFoundError as error:
        if file:
            raise
        raise Unreachable("there is no such bucket") from error
    except (BaseError, OSError) as error:
        raise Unreachable(f"the bucket does not do what it is asked ({type(error).__name__})") from error
