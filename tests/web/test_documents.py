"""What programs are told of the wire is what the wire takes."""

from typing import Any

import jsonschema_rs
import pytest
from schemathesis.specs.openapi.definitions import OPENAPI_31_VALIDATOR
from starlette.routing import Route

import chat
from chat.web import documents
from chat.web.commands import COMMANDS
from chat.web.routes import ROUTES
from tests.rules.test_access_matrix import CALLS, Ids
from tests.web.doors import Doors


async def test_both_documents_are_served_to_everybody(doors: Doors) -> None:
    for name, word in (("openapi", "openapi"), ("asyncapi", "asyncapi")):
        answer = await doors.get(None, f"/{name}.json")
        assert answer.status_code == 200
        assert answer.json()[word].startswith("3.")
        assert answer.json()["info"]["version"] == chat.__version__


def test_the_openapi_document_is_one_by_the_standard_s_own_schema() -> None:
    document = documents.openapi(ROUTES)
    OPENAPI_31_VALIDATOR.validate(document)
    del document["info"]["version"]
    with pytest.raises(jsonschema_rs.ValidationError, match="version"):
        OPENAPI_31_VALIDATOR.validate(document)


def test_every_address_of_the_api_is_in_the_document_with_what_it_takes() -> None:
    paths = documents.openapi(ROUTES)["paths"]
    for route in ROUTES:
        if not isinstance(route, Route) or not route.path.startswith("/api/"):
            continue
        for method in (route.methods or set()) - {"HEAD"}:
            operation = paths[route.path][method.lower()]
            assert operation["summary"], route.path
            assert method != "POST" or "requestBody" in operation, f"{route.path}: name its input in chat/web/documents.py"
    names = [one["operationId"] for methods in paths.values() for one in methods.values()]
    assert len(names) == len(set(names))


def test_no_input_is_told_of_an_address_that_is_not_there() -> None:
    there = {route.path for route in ROUTES if isinstance(route, Route)}
    assert set(documents.INPUTS) | set(documents.QUERIES) <= there


@pytest.mark.parametrize("name", [*COMMANDS, *documents.INPUTS])
def test_what_an_input_takes_is_a_valid_schema_of_its_own(name: str) -> None:
    schema = documents.input_schema(COMMANDS[name].input if name in COMMANDS else documents.INPUTS[name])
    jsonschema_rs.meta.validate(schema)
    assert "$ref" not in str(schema), "a reference would be looked for at the document's root"
    assert schema["additionalProperties"] is False


async def test_what_is_sent_in_earnest_fits_the_schema_and_nonsense_does_not(doors: Doors) -> None:
    for name, command in COMMANDS.items():
        schema = documents.input_schema(command.input)
        for call in CALLS[name]:
            fields = call.fields(Ids(doors))
            jsonschema_rs.validate(schema, fields)
            assert not jsonschema_rs.is_valid(schema, fields | {"nonsense": 1})


def test_the_socket_document_names_every_command_and_frame() -> None:
    document = documents.asyncapi()
    messages: dict[str, Any] = document["channels"]["socket"]["messages"]
    assert set(messages) == {f"do_{name}" for name in COMMANDS} | set(documents.FRAMES)
    for message in messages.values():
        jsonschema_rs.meta.validate(message["payload"])
    sent = messages["do_mark_read"]["payload"]
    frame = {"do": "mark_read", "key": "k", "conversation": "c", "seq": 1}
    assert jsonschema_rs.is_valid(sent, frame)
    assert not jsonschema_rs.is_valid(sent, frame | {"do": "mark_unread"})
    assert not jsonschema_rs.is_valid(sent, {name: value for name, value in frame.items() if name != "key"})
    for operation in document["operations"].values():
        for reference in operation["messages"]:
            assert reference["$ref"].removeprefix("#/channels/socket/messages/") in messages
