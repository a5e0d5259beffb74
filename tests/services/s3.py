"""A real server that speaks S3, whose buckets are plain folders: what lies there can be looked at, and harmed."""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from uuid import uuid4

from tests.services.daemon import Daemon, free_port


@dataclass
class BucketServer:
    """Where it listens, and the folder of its buckets."""

    port: int
    folder: Path
    daemon: Daemon

    def bucket(self) -> str:
        """The address of a new bucket."""
        name = f"box-{uuid4()}"
        (self.folder / name).mkdir()
        return self.address(name)

    def address(self, name: str) -> str:
        """The address of a bucket, be it there or not."""
        return f"s3://{name}/files?endpoint=http://127.0.0.1:{self.port}"

    def lies(self, address: str) -> list[Path]:
        """What lies in a bucket."""
        return sorted(path for path in (self.folder / address.split("/")[2]).rglob("*") if path.is_file())


@contextmanager
def s3() -> Iterator[BucketServer]:
    """A server for as long as the block lasts."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="quietroom-s3-") as name:
        folder = Path(name, "buckets")
        folder.mkdir()
        command = [sys.executable, "-m", "localbucket", str(folder), "--host", "127.0.0.1", "--port", str(port)]
        daemon = Daemon(command, Path(name, "log"), ready=lambda: answers(port))
        try:
            daemon.start()
            yield BucketServer(port, folder, daemon)
        finally:
            daemon.stop()


def answers(port: int) -> bool:
    """Whether it serves."""
    line = HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        line.request("GET", "/")
        return line.getresponse().status < 500
    except (OSError, HTTPException):
        return False
    finally:
        line.close()
