"""The one strict JSON parser."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat.lib.json import _plainly, _strictly, decode, encode

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**17) + 1, 10**18 - 1) | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=8,
)


@given(VALUES)
@settings(deadline=None, derandomize=True, database=None)
def test_every_value_comes_back(value: Any) -> None:
    assert decode(encode(value)) == value
    assert decode(encode(value).decode()) == value


NUMBERS = ("1", "-1", "0", "-0", "1.0", "1e3", "9" * 17, "9" * 18, "9" * 19, "-" + "9" * 17, "-" + "9" * 18, "9" * 25, "NaN")
OTHERS = ("null", "true", '"x"', '"\\n"', '"\\u0041"', '"\\ud800"', '"\u2028"', '"\u00e9"', "[]", "{}", '"', "\x01")
SPELLED = st.tuples(st.sampled_from(["a", "b", "\\u0061", "\u00e9", ""]), st.sampled_from(NUMBERS + OTHERS))


def outcome(parse: Callable[[str], Any], raw: str) -> tuple[str, str]:
    """What comes of a text, with the types of what is in it."""
    try:
        return "taken", repr(parse(raw))
    except ValueError as error:
        return "refused", str(error)


@given(st.lists(SPELLED, max_size=4), st.sampled_from(["{%s}", "{ %s}", "%s", "[{%s}]"]))
@settings(deadline=None, derandomize=True, database=None, max_examples=1_000)
def test_the_short_way_takes_and_refuses_what_the_long_one_does(pairs: list[tuple[str, str]], frame: str) -> None:
    raw = frame % ",".join(f'"{key}":{value}' for key, value in pairs)
    assert outcome(decode, raw) == outcome(_strictly, raw)


@pytest.mark.parametrize(("raw", "short"), [('{"do":"send","seq":7,"on":null}', True), ('{"do": "send"}', False), ("{}", True)])
def test_what_pages_write_takes_the_short_way(raw: str, short: bool) -> None:
    assert (_plainly(raw) is not None) is short
    assert (_plainly(raw.encode()) is not None) is short


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ('"\\ud83d\\ude42"', "\U0001f642"),
        ('"\\u0041"', "A"),
        ('{"a": {"b": 1}, "b": 1}', {"a": {"b": 1}, "b": 1}),
        (" [1, 2.5, -3, 1e3] ", [1, 2.5, -3, 1000.0]),
        ("[" * 16 + "]" * 16, [[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]),
        ("[" + "{}," * 40 + "{}]", [{}] * 41),
        ('"' + "[{" * 40 + '\\""', "[{" * 40 + '"'),
        ('["' + "\\\\" + '", "' + "[" * 20 + '"]', ["\\", "[" * 20]),
        ("999999999999999999", 999_999_999_999_999_999),
    ],
)
def test_plain_json_is_taken(raw: str, value: Any) -> None:
    assert decode(raw) == value
    assert decode(raw.encode()) == value


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ('{"a": 1, "a": 1}', "names a key twice"),
        ('{"a": {"b": 1, "b": 2}}', "names a key twice"),
        ('{"a": 1, "\\u0061": 2}', "names a key twice"),
        ("[NaN]", "NaN is not JSON"),
        ("[Infinity]", "Infinity is not JSON"),
        ("[-Infinity]", "-Infinity is not JSON"),
        ("[" * 17 + "]" * 17, "nested too deeply"),
        ('{"a":' * 17 + "1" + "}" * 17, "nested too deeply"),
        ("[" * 100_000, "nested too deeply"),
        ('["\\u0041", ' + "[" * 100_000, "not valid JSON|nested too deeply"),
        ("1000000000000000000", "too large"),
        ('{"a":1000000000000000000}', "too large"),
        ("12345678901234567890123", "too large"),
        ("9" * 5_000, "too large"),
        ('["\\u0041", ' + "9" * 5_000 + "]", "too large"),
        ("[1e400]", "too large"),
        ("[-1e400]", "too large"),
        ('"\\ud800"', "lone surrogate"),
        ('{"\\udfff": 1}', "lone surrogate"),
        ('"\\ude42\\ud83d"', "lone surrogate"),
        ('"\\u00"', "not valid JSON"),
        ("", "not valid JSON"),
        ("{", "not valid JSON"),
        ("{'a': 1}", "not valid JSON"),
        ('{"a": 1} {}', "not valid JSON"),
        ('"line\nbreak"', "not valid JSON"),
        ("\ufeff{}", "not valid JSON"),
        ("01", "not valid JSON"),
    ],
)
def test_what_is_ambiguous_or_would_not_come_back_is_refused(raw: str, reason: str) -> None:
    for form in (raw, raw.encode()):
        with pytest.raises(ValueError, match=reason) as caught:
            decode(form)
        assert str(caught.value).endswith(".")


def test_bytes_that_are_no_utf8_are_refused() -> None:
    for raw in (b'"\xff"', b'"\xed\xa0\x80"', '"ä"'.encode("utf-16")):
        with pytest.raises(ValueError, match="not valid UTF-8"):
            decode(raw)


@given(st.binary(max_size=40) | TEXT)
@settings(deadline=None, derandomize=True, database=None)
def test_anything_else_is_a_value_or_a_refusal(raw: bytes | str) -> None:
    with contextlib.suppress(ValueError):
        decode(raw)


def test_parts_that_are_encoded_already_are_taken_as_they_are() -> None:
    assert encode({"a": orjson.Fragment(b'{"b":1}')}) == b'{"a":{"b":1}}'
