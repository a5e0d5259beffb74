"""That an acknowledgement comes after the fsync, by watching system calls: strace beside the running processes."""

from __future__ import annotations

import asyncio
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from uuid import uuid4

from tests.bench.client import Json, Socket, sign_in
from tests.bench.processes import tree
from tests.bench.servers import PASSWORD, conversation_of
from tests.faults.campaign import APART, EMBEDDED, Kind, Result, Say
from tests.faults.scene import Scene
from tests.services.daemon import Missing

CALLS = "read,recvfrom,recvmsg,write,writev,sendto,sendmsg,fsync,fdatasync"
LOG = re.compile(r"f(?:data)?sync\(\d+<[^>]*(?:-wal|pg_wal/[^>]*)>")
KEY = re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\b")
DONE = re.compile(rf'done\\":\s?\\"({KEY.pattern})')
ATTACHED = 30.0


class Order:
    """Reads a trace line by line: which commands came in, when the log was synced, which were answered, and in which order."""

    def __init__(self) -> None:
        self.synced = 0  # how many syncs of the log have ended
        self._begun: dict[str, int] = {}  # process → the line at which its running sync began
        self._came: dict[str, int] = {}  # key → the line
        self._newest = -1  # the latest begin of a sync that has ended
        self.right: set[str] = set()
        self.wrong: set[str] = set()

    def take(self, place: int, line: str) -> None:
        """One line of the trace."""
        process, _, call = line.partition(" ")
        call = call.lstrip()
        if LOG.match(call):
            self._begun[process] = place
            if "<unfinished" not in call:
                self._end(process)
        elif "sync resumed>" in call:
            self._end(process)
        elif done := DONE.search(call):
            self._answered(done[1])
        elif call.startswith(("read", "recv", "<... read", "<... recv")):
            for key in KEY.findall(call):
                self._came.setdefault(key, place)

    def _end(self, process: str) -> None:
        if process in self._begun:
            self.synced += 1
            self._newest = max(self._newest, self._begun.pop(process))

    def _answered(self, key: str) -> None:
        came = self._came.get(key)
        (self.right if came is not None and self._newest > came else self.wrong).add(key)


def read(lines: Iterable[str]) -> Order:
    """The whole of a trace."""
    order = Order()
    for place, line in enumerate(lines):
        order.take(place, line)
    return order


@contextmanager
def watched(pids: set[int], file: Path) -> Iterator[None]:
    """The system calls of these processes and their threads go to the file, in the order in which they happen."""
    program = shutil.which("strace")
    if program is None:
        raise Missing("There is no strace on this machine; install it (apt-get install strace) for the order of fsyncs.")
    whom = [word for pid in pids for word in ("-p", str(pid))]
    options = ["-f", "-q", "-y", "-s", "400", "-e", f"trace={CALLS}", "-e", "signal=none", "-o", str(file)]
    process = subprocess.Popen([program, *options, *whom], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait()


async def acknowledged(scene: Scene, count: int) -> None:
    """So many messages, one after the other; the frames are not masked, so that their keys stand readable in the trace."""
    port = scene.house.ports[0]
    person = await asyncio.to_thread(sign_in, "dana", PASSWORD, port, f"http://127.0.0.1:{port}")
    talk = await asyncio.to_thread(conversation_of, person)
    answers: asyncio.Queue[Json] = asyncio.Queue()
    socket = await Socket.open(person, on_frame=lambda _, frame: answers.put_nowait(frame) if "change" not in frame else None)
    for _ in range(count):
        socket.send(f'{{"do":"send_message","key":"{uuid4()}","conversation":"{talk}","body":"To be kept."}}'.encode())
        answer = await asyncio.wait_for(answers.get(), 60)
        assert "done" in answer, answer
    socket.cut()


async def run(kind: Kind, scene: Scene, count: int, chance: Random, say: Say) -> Result:
    """Watch that many acknowledgements."""
    pids = {scene.parts["web 0"].pid} | (tree([scene.parts["postgres"].pid]) if "postgres" in scene.parts else set())
    file = scene.house.folder / "calls"
    with watched(pids, file):
        async with asyncio.timeout(ATTACHED):
            while not file.exists() or file.stat().st_size == 0:  # noqa: ASYNC110  it tells nobody
                await asyncio.sleep(0.05)
        await acknowledged(scene, count)
        await asyncio.sleep(0.5)
    with file.open(errors="replace") as lines:
        order = read(lines)
    file.unlink()  # it shows what was said
    say(f"  {kind.name}: {len(order.right)} of {count} after an fsync, {order.synced} fsyncs")
    missing = count - len(order.right)
    words = [f"{missing} of {count} acknowledgements without an fsync before them"] if missing else []
    return Result(kind.name, cycles=len(order.right), acknowledged=count, other=missing, words=words)


def kinds() -> list[Kind]:
    """On both databases."""
    label = "acknowledgements after an fsync"
    return [Kind("fsync-sqlite", label, EMBEDDED, None, 1000, run), Kind("fsync-postgres", label, APART, None, 1000, run)]
