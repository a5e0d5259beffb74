"""One strict JSON parser for all doors. orjson takes duplicate keys silently and turns 23-digit integers into floats."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any

import orjson

from chat.lib.sentences import Sentence

_MAX_DEPTH = 16
_MAX_DIGITS = 18
_LARGE = 10 ** (_MAX_DIGITS - 1)  # a minus counts as a digit
_SMALL = frozenset({str, int, bool, type(None)})


def encode(value: object, say: Callable[[Sentence], str] | None = None) -> bytes:
    """JSON bytes; `orjson.Fragment` may stand for parts that are encoded already. `say` has the words of another language."""
    if say is None:
        return orjson.dumps(value)
    return orjson.dumps(value, lambda part: _plain(part, say), orjson.OPT_PASSTHROUGH_SUBCLASS)


def _plain(part: Any, say: Callable[[Sentence], str]) -> object:
    """What is no plain value of JSON: a sentence, or a kind of one that Python has of its own."""
    if isinstance(part, Sentence):
        return say(part)
    kinds: tuple[Any, ...] = (str, int, dict, list)
    for kind in kinds:
        if isinstance(part, kind):
            return kind(part)
    raise TypeError(f"{type(part).__name__} is nothing for JSON")


def decode(raw: bytes | str) -> Any:
    """The value of a JSON text. ValueError, with a sentence, for all that is ambiguous or would not come back as it was sent."""
    found = _plainly(raw)
    return _strictly(raw) if found is None else found


def _plainly(raw: bytes | str) -> dict[str, Any] | None:
    """A flat object as pages write it, at half the cost: spelled just as it would be here, so that it names no key twice."""
    try:
        value = orjson.loads(raw)
        if type(value) is not dict or not (kinds := {*map(type, value.values())}) <= _SMALL:
            return None
        if int in kinds and not all(-_LARGE < number < _LARGE for number in value.values() if type(number) is int):
            return None
        return value if orjson.dumps(value) == (raw.encode() if isinstance(raw, str) else raw) else None
    except ValueError:
        return None  # the other way has the words for it


def _strictly(raw: bytes | str) -> Any:
    text = _text(raw)
    if _depth(text) > _MAX_DEPTH:
        raise ValueError("The JSON is nested too deeply.")
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise ValueError("This is not valid JSON.") from error


def _text(raw: bytes | str) -> str:
    try:
        text = raw.decode() if isinstance(raw, bytes) else raw
    except UnicodeDecodeError as error:
        raise ValueError("The JSON is not valid UTF-8.") from error
    # "\ud800" can only come from an escape: a lone surrogate would not survive the way to the other side.
    if "\\u" in text:
        _refuse_lone_surrogates(text)
    return text


def _refuse_lone_surrogates(text: str) -> None:
    try:
        # Numbers are not made here: there is no limit to what they would cost.
        json.dumps(json.loads(text, parse_int=len, parse_float=len), ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise ValueError("The text holds half a character (a lone surrogate).") from error
    except (json.JSONDecodeError, RecursionError) as error:
        raise ValueError("This is not valid JSON.") from error


def _depth(text: str) -> int:
    if text.count("[") + text.count("{") <= _MAX_DEPTH:
        return 0
    deepest = depth = 0
    inside = escaped = False
    for character in text:
        if inside:
            escaped, inside = (character == "\\" and not escaped), character != '"' or escaped
        elif character == '"':
            inside = True
        elif character in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif character in "]}":
            depth -= 1
    return deepest


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("The JSON names a key twice.")
    return found


def _integer(digits: str) -> int:
    if len(digits) > _MAX_DIGITS:
        raise ValueError("The JSON holds a number that is too large.")
    return int(digits)


def _float(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise ValueError("The JSON holds a number that is too large.")
    return number


def _constant(word: str) -> Any:
    raise ValueError(f"{word} is not JSON.")


_DECODER = json.JSONDecoder(object_pairs_hook=_pairs, parse_int=_integer, parse_float=_float, parse_constant=_constant)
