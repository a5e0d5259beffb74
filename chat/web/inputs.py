"""What commands take, as pydantic models. Ids are translated here: one that does not decode is NotFound, the database unasked."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, ValidationInfo

from chat.errors import CoreError, Invalid, NotFound
from chat.lib.sentences import Sentence, sentence


def _inner(tag: str) -> Callable[[Any, ValidationInfo], int]:
    def translate(value: Any, info: ValidationInfo) -> int:
        if not isinstance(value, str):
            raise ValueError(Sentence("an id is a string"))
        number: int | None = info.context.inner(tag, value) if info.context else None
        if number is None:
            raise NotFound
        return number

    return translate


_CANONICAL = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def _uuid(value: str) -> str:
    """One spelling of a key. Nearly all come in it, and making a UUID of each would cost as much as all else here."""
    if _CANONICAL.fullmatch(value):
        return value
    try:
        return str(UUID(value))
    except ValueError as error:
        raise ValueError(Sentence("a key is a UUID")) from error


def _plain(value: str) -> str:
    """One line of text: no control characters and no line separators."""
    if any(unicodedata.category(character) in {"Cc", "Zl", "Zp"} for character in value):
        raise ValueError(Sentence("line breaks and control characters are not allowed here"))
    return value.strip()


def _written(value: str) -> str:
    """Text of several lines: no other control characters."""
    lines = re.split(r"\r\n|[\n\r\u2028\u2029]", value)
    if any(unicodedata.category(character) == "Cc" and character != "\t" for line in lines for character in line):
        raise ValueError(Sentence("control characters are not allowed here"))
    return "\n".join(line.rstrip() for line in lines).strip()


PersonId = Annotated[int, BeforeValidator(_inner("person"))]
ConversationId = Annotated[int, BeforeValidator(_inner("conversation"))]
AttachmentId = Annotated[int, BeforeValidator(_inner("attachment"))]
MassMessageId = Annotated[int, BeforeValidator(_inner("mass_message"))]
SessionId = Annotated[int, BeforeValidator(_inner("session"))]
Key = Annotated[str, Field(min_length=32, max_length=36), AfterValidator(_uuid)]
Line = Annotated[str, AfterValidator(_plain)]
Lines = Annotated[str, AfterValidator(_written)]
Seq = Annotated[int, Field(ge=1, le=1 << 53)]


class Input(BaseModel):
    """A command's fields; unknown ones are refused."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Nothing(Input):
    """A command without fields."""


def parse(model: type[Input], fields: dict[str, Any], ids: Any) -> Any:
    """The fields as an instance of `model`; Invalid names the first field that does not fit, and why."""
    try:
        return model.model_validate(fields, context=ids)
    except ValidationError as error:
        raise _invalid(error) from error


def _too_long(bound: dict[str, Any]) -> Sentence:
    most = bound["max_length"]
    if _is_list(bound):
        return Sentence("it may have {count} entry at most", "it may have {count} entries at most", count=most)
    return Sentence("it may have {count} character at most", "it may have {count} characters at most", count=most)


def _too_short(bound: dict[str, Any]) -> Sentence:
    least = bound["min_length"]
    if _is_list(bound):
        return Sentence("it needs at least {count} entry", "it needs at least {count} entries", count=least)
    return Sentence("it needs at least {count} character", "it needs at least {count} characters", count=least)


def _is_list(bound: dict[str, Any]) -> bool:
    """A text that one of our own functions has looked at first is measured as a value of any type."""
    return bound.get("field_type") in {"List", "Tuple"}


#: What pydantic finds in the types and bounds that fields have here, in words that a catalogue can translate.
REASONS: dict[str, Callable[[dict[str, Any]], Sentence]] = {
    "string_type": lambda _: Sentence("it must be text"),
    "int_type": lambda _: Sentence("it must be a whole number"),
    "bool_type": lambda _: Sentence("it must be true or false"),
    "list_type": lambda _: Sentence("it must be a list"),
    "tuple_type": lambda _: Sentence("it must be a list"),
    "string_too_long": _too_long,
    "string_too_short": _too_short,
    "too_long": _too_long,
    "too_short": _too_short,
    "greater_than_equal": lambda bound: Sentence("it must be {least} or more", least=bound["ge"]),
    "less_than_equal": lambda bound: Sentence("it must be {most} or less", most=bound["le"]),
    "string_pattern_mismatch": lambda _: Sentence("it is none of the words that are possible here"),
    "value_error": lambda bound: sentence(bound["error"].args[0]),
}


def _invalid(error: ValidationError) -> CoreError:
    first = error.errors(include_url=False, include_input=False)[0]
    field = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        return Invalid(Sentence("There is no field “{field}” here.", field=field), field=field)
    if first["type"] == "missing":
        return Invalid(Sentence("The field “{field}” is missing.", field=field), field=field)
    said = REASONS.get(first["type"])
    reason = said(first.get("ctx", {})) if said else first["msg"]
    return Invalid(Sentence("The field “{field}” cannot be used: {reason}.", field=field, reason=reason), field=field)
