"""The process that others are forked from: it has read all that their program needs, and takes a line for each."""

from __future__ import annotations

import gc
import json
import os
import sys
from collections.abc import Callable
from importlib import import_module


def serve(program: str, *late: str) -> None:
    """Fork for each line, until there is none; the new process runs the program ("module:function") as the line says.

    `late`: what it reads only once it runs. A line may name another program, which is then read in the new process.
    """
    run = _read(program)
    for other in late:
        import_module(other)
    gc.collect()
    gc.freeze()
    while line := sys.stdin.buffer.readline():
        asked = json.loads(line)
        if "ended" in asked:
            _answer(code=_ended(asked["ended"]))
        elif pid := os.fork():
            _answer(pid=pid)
        else:
            other = asked.pop("program")
            begin = _read(other) if other else run  # from here, for the new process works elsewhere
            _become(**asked)
            return begin()
    return None


def _read(program: str) -> Callable[[], None]:
    module, _, name = program.partition(":")
    found: Callable[[], None] = getattr(import_module(module), name)
    return found


def _answer(**words: int | None) -> None:
    os.write(1, json.dumps(words).encode() + b"\n")


def _ended(pid: int) -> int | None:
    found, status = os.waitpid(pid, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if found else None


def _become(arguments: list[str], environment: dict[str, str], log: str) -> None:
    os.setsid()
    words, nothing = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), os.open(os.devnull, os.O_RDONLY)
    for source, ours in ((nothing, 0), (words, 1), (words, 2)):
        os.dup2(source, ours)
    os.closerange(3, max(nothing, words) + 1)
    os.chdir(os.path.dirname(log))
    os.environ.clear()
    os.environ.update(environment)
    sys.argv[1:] = arguments
