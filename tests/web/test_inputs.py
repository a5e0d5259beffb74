"""What is said of a field that does not fit: one sentence of ours, in the reader's language."""

from collections.abc import Iterator
from typing import Annotated, Any

import pytest
from pydantic import Field

from chat.errors import Invalid
from chat.lib.languages import said
from chat.web.commands import COMMANDS
from chat.web.inputs import REASONS, Input, Key, Line, Lines, PersonId, parse

#: What pydantic finds wrong with each kind of schema, and with each bound that it may have.
KINDS = {
    "str": {
        "type": "string_type", "min_length": "string_too_short", "max_length": "string_too_long",
        "pattern": "string_pattern_mismatch",
    },
    "int": {"type": "int_type", "ge": "greater_than_equal", "le": "less_than_equal"},
    "bool": {"type": "bool_type"},
    "list": {"type": "list_type", "min_length": "too_short", "max_length": "too_long"},
    "tuple": {"type": "tuple_type"},
    "with-info": {"type": "value_error"},
    "no-info": {"type": "value_error"},
}  # fmt: skip
#: Kinds that leave it to what is in them.
SILENT = {"model", "model-fields", "model-field", "default", "nullable", "function-after", "function-before"}
BOUNDS = {"type", "min_length", "max_length", "pattern", "ge", "le", "gt", "lt", "multiple_of", "unique"}


class Example(Input):
    """One field of each kind that commands have."""

    word: Annotated[str, Field(min_length=2, max_length=4)] = "ab"
    line: Annotated[Line, Field(min_length=2, max_length=4)] = "ab"
    lines: Lines = ""
    folder: Annotated[str, Field(pattern="^(inbox|sent)$")] = "sent"
    days: Annotated[int, Field(ge=1, le=30)] = 1
    on: bool = True
    names: Annotated[list[str], Field(min_length=1, max_length=2)] = Field(default=["a"])
    one: Annotated[list[int], Field(max_length=1)] = Field(default=[1])
    key: Key = "00000000-0000-4000-8000-000000000000"
    person: PersonId = 1


@pytest.mark.parametrize(
    ("field", "value", "english", "spanish"),
    [
        ("line", 7, "it must be text", "debe ser texto"),
        ("line", "a", "it needs at least 2 characters", "necesita al menos 2 caracteres"),
        ("line", "abcde", "it may have 4 characters at most", "puede tener como máximo 4 caracteres"),
        ("word", "a", "it needs at least 2 characters", "necesita al menos 2 caracteres"),
        ("word", "abcde", "it may have 4 characters at most", "puede tener como máximo 4 caracteres"),
        ("line", "a\nb", "line breaks and control characters are not allowed here", "aquí no se permiten saltos de línea"),
        ("lines", "a\x00b", "control characters are not allowed here", "aquí no se permiten caracteres de control"),
        ("folder", "spam", "it is none of the words that are possible here", "no es ninguna de las palabras posibles aquí"),
        ("days", "1", "it must be a whole number", "debe ser un número entero"),
        ("days", 0, "it must be 1 or more", "debe ser 1 o más"),
        ("days", 31, "it must be 30 or less", "debe ser 30 o menos"),
        ("on", "yes", "it must be true or false", "debe ser verdadero o falso"),
        ("names", "a", "it must be a list", "debe ser una lista"),
        ("names", [], "it needs at least 1 entry", "necesita al menos 1 elemento"),
        ("names", ["a", "b", "c"], "it may have 2 entries at most", "puede tener como máximo 2 elementos"),
        ("one", [1, 2], "it may have 1 entry at most", "puede tener como máximo 1 elemento"),
        ("key", "x" * 32, "a key is a UUID", "una clave es un UUID"),
        ("person", 7, "an id is a string", "un identificador es texto"),
    ],
)  # fmt: skip
def test_a_wrong_field_is_named_with_a_reason_in_both_languages(field: str, value: Any, english: str, spanish: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse(Example, {field: value}, None)
    message = refused.value.message
    assert refused.value.details == {"field": field}
    assert message == f"The field “{field}” cannot be used: {english}."
    translated = said(message, "es")
    assert translated.startswith(f"El campo “{field}” no se puede usar: {spanish}")
    assert english not in translated


def test_an_unknown_and_a_missing_field_are_named() -> None:
    class Needs(Input):
        """One field that must be there."""

        name: str

    for fields, reason in (({}, "is missing"), ({"name": "a", "more": 1}, "There is no field")):
        with pytest.raises(Invalid, match=reason):
            parse(Needs, fields, None)


def test_everything_that_can_be_wrong_with_a_field_of_any_command_has_words_of_ours() -> None:
    models = [model for model in made_of(Input) if model.__module__.startswith("chat.")]
    assert len(models) >= len({command.input for command in COMMANDS.values()}) > 30
    possible = {finding for model in models for finding in findings(model.__pydantic_core_schema__)}
    assert {"string_too_long", "too_long", "int_type", "value_error"} <= possible
    assert possible - set(REASONS) == set()


def made_of(model: type[Input]) -> Iterator[type[Input]]:
    """All models that are made of this one."""
    for one in model.__subclasses__():
        yield one
        yield from made_of(one)


def findings(schema: Any) -> Iterator[str]:
    """What pydantic may find wrong, by its own names, with a schema and all within. A kind or bound that is new here fails."""
    inner = schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ()
    for one in inner:
        yield from findings(one)
    if isinstance(schema, dict) and isinstance(kind := schema.get("type"), str) and kind not in SILENT:
        yield from (KINDS[kind][bound] for bound in BOUNDS & set(schema))
