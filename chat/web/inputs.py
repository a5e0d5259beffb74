"""What commands take, as pydantic models. Ids are translated here: one that does not decode is NotFound, the database unasked."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, ValidationInfo

from chat.errors import CoreError, Invalid, NotFound
from chat.lib.sentences import Sentence


def _inner(tag: str) -> Callable[[Any, ValidationInfo], int]:
    def translate(value: Any, info: ValidationInfo) -> int:
        if not isinstance(value, str):
            raise ValueError("an id is a string")
        number: int | None = info.context.inner(tag, value) if info.context else None
        if number is None:
            raise NotFound
        return number

    return translate


_CANONICAL = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def _uuid(value: str) -> str:
    """One spelling of a key. Nearly all come in it, and making a UUID of each would cost as much as all else here."""
    return value if _CANONICAL.fullmatch(value) else str(UUID(value))


def _plain(value: str) -> str:
    """One line of text: no control characters and no line separators."""
    if any(unicodedata.category(character) in {"Cc", "Zl", "Zp"} for character in value):
        raise ValueError("line breaks and control characters are not allowed here")
    return value.strip()


def _written(value: str) -> str:
    """Text of several lines: no other control characters."""
    lines = re.split(r"\r\n|[\n\r\u2028\u2029]", value)
    if any(unicodedata.category(character) == "Cc" and character != "\t" for line in lines for character in line):
        raise ValueError("control characters are not allowed here")
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


def _invalid(error: ValidationError) -> CoreError:
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    field = ".".join(str(part) for part in first["loc"])
    reason = re.sub(r"^Value error, ", "", str(first["msg"]))
    if first["type"] == "extra_forbidden":
        return Invalid(Sentence("There is no field “{field}” here.", field=field), field=field)
    if first["type"] == "missing":
        return Invalid(Sentence("The field “{field}” is missing.", field=field), field=field)
    return Invalid(Sentence("The field “{field}” cannot be used: {reason}.", field=field, reason=reason), field=field)
