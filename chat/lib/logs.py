"""What the logs hold: lines for people in development, JSON in production, and nothing of a person in either.

Names, texts and secrets are kept out where lines are written. This is the second wall: what still looks like an address, a
number, a token or an id is blotted out, and of an exception only its kind and its way are told, for its words may hold data.
"""

from __future__ import annotations

import logging
import re
import sys
import traceback
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any, TextIO

import structlog
from structlog.contextvars import bind_contextvars, merge_contextvars, reset_contextvars

ROOT = Path(__file__).resolve().parents[2]
#: Their words name types and attributes of the code, never what somebody wrote.
SPEAKING = (AttributeError, NameError, TypeError, ImportError, NotImplementedError, RecursionError)
BLOT = "‹…›"
_PRIVATE = (
    re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),  # an email address
    re.compile(r"(?<=/q/)[^\s\"'?]+|(?<=[?&]t=)[^\s\"'&]+|(?<=#)[\w-]{16,}"),  # a token in an address
    re.compile(r"\+\d[\d ()-]{6,}\d"),  # a telephone number
    re.compile(r"\b(?=[\w-]*[A-Z])(?=[\w-]*[a-z])(?=[\w-]*\d)[\w-]{20,}\b"),  # an id or a token
    re.compile(r"(?<=://)[^/\s@]+(?=@)"),  # name and password in an address
)


def begin(level: str, *, machine: bool, stream: TextIO | None = None) -> None:
    """Send what every module logs through here to stderr: as JSON for a `machine`, as lines for a person."""
    shared: list[Any] = [
        merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last: list[Any] = [_as_json] if machine else [_as_line]
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _fault, _redact, *last]
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(formatter)
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)


class about:
    """Every line within the block also says this; for ids of requests."""

    __slots__ = ("_before", "_known")

    def __init__(self, **known: str) -> None:
        self._known = known

    def __enter__(self) -> None:
        self._before = bind_contextvars(**self._known)

    def __exit__(self, *_: object) -> None:
        reset_contextvars(**self._before)


def redacted(text: str) -> str:
    """A text with all that looks like a person's or a secret's blotted out."""
    for pattern in _PRIVATE:
        text = pattern.sub(BLOT, text)
    return text


def told(error: BaseException) -> list[str]:
    """An exception without its words: its kind, where it came from, and the same of what caused it."""
    lines = [f"{type(error).__name__}: {error}" if isinstance(error, SPEAKING) else type(error).__name__]
    frames = traceback.extract_tb(error.__traceback__)
    lines += [f"  {_place(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames[-12:]]
    if isinstance(error, BaseExceptionGroup):
        lines += [line for one in error.exceptions[:3] for line in told(one)]
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return lines + (["because of", *told(cause)] if cause is not None else [])


def _place(filename: str) -> str:
    path = Path(filename)
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT / "chat") else path.name


def _fault(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    given = event.pop("exc_info", None)
    error = given[1] if isinstance(given, tuple) else given if isinstance(given, BaseException) else None
    if error is not None:
        event["fault"] = told(error)
    event.pop("stack_info", None)
    return event


def _redact(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    event["event"] = redacted(str(event.get("event", "")))
    if "fault" in event:
        event["fault"] = [redacted(line) for line in event["fault"]]
    return event


def _as_json(logger: Any, method: str, event: MutableMapping[str, Any]) -> str | bytes:
    return structlog.processors.JSONRenderer(ensure_ascii=False)(logger, method, event)


def _as_line(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> str:
    known = {"timestamp", "level", "logger", "event", "fault"}
    more = "".join(f" {name}={value}" for name, value in event.items() if name not in known)
    first = f"{event['timestamp']} {event['level'].upper()} {event['logger']} {event['event']}{more}"
    return "\n".join([first, *(["Traceback, without its words:", *event["fault"]] if "fault" in event else [])])
