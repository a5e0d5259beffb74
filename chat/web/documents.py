"""What the wire is, for programs: OpenAPI for HTTP, AsyncAPI for the socket; made from the tables that serve it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import core_schema
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

import chat
from chat.models.people import Role
from chat.web import imports, passwords, prints, sessions, setup, totp
from chat.web.answers import Json
from chat.web.command import EVERYBODY, Command
from chat.web.commands import COMMANDS
from chat.web.inputs import Input, Nothing

Schema = dict[str, Any]

#: What the POST addresses take that are no commands: they handle cookies or passwords, or answer with something else than JSON.
INPUTS: dict[str, type[Input]] = {
    "/api/sign_in": sessions.SignInInput,
    "/api/confirm_sign_in": totp.CodeInput,
    "/api/sign_out": Nothing,
    "/api/unlock": sessions.PasswordInput,
    "/api/set_up": setup.SetUpInput,
    "/api/preview_clients": imports.PreviewInput,
    "/api/import_clients": imports.ImportInput,
    "/api/print": prints.PrintInput,
    "/api/change_password": passwords.ChangeInput,
    "/api/look_at_link": passwords.LinkInput,
    "/api/accept_invitation": passwords.AcceptInput,
    "/api/reset_password": passwords.ResetInput,
    "/api/request_password_reset": passwords.ForgotInput,
}

#: What a GET takes behind the question mark.
QUERIES: dict[str, dict[str, str]] = {
    "/api/conversations": {"folder": "inbox, sent or trash", "before": "`next` of the page before"},
    "/api/conversations/{id}/messages": {
        "before": "a seq: the page of older messages",
        "after": "a seq: the messages that came later",
    },
    "/api/alerts": {"conversation": "an id", "before": "`next` of the page before"},
    "/api/mass_messages": {"folder": "sent or trash", "before": "`next` of the page before"},
    "/api/mass_messages/{id}/recipients": {"after": "`next` of the page before"},
    "/api/clients/{id}/contact_log": {"before": "`next` of the page before"},
}

#: What the server says on the socket: the key that tells a frame's kind, what it holds besides, and what it means.
FRAMES: dict[str, tuple[str, str]] = {
    "hello": ("version, unread", "The first frame: the cursor of now, the build of the pages, and the unread conversations."),
    "change": (
        "unread, cursor, conversation, messages",
        "A conversation as it now looks to this reader, and its newest messages.",
    ),
    "progress": (
        "done, of, mass_message, state, cursor",
        "For its sender: how far the mass message with this key is; running, cancelled, finished, trash or gone.",
    ),
    "clients": (
        "cursor",
        "For staff: something about a client whom one looks after is different now; a page that shows it asks again.",
    ),
    "unread": ("", "While the session is locked: only the number of unread conversations."),
    "reset": ("", "The cursor is of no use: forget everything, connect without one, load the pages anew."),
    "done": ("result", "The command with this key was carried out, committed and is on disk."),
    "refused": ("error", "The command with this key (null: the frame was no command) was not carried out, and why."),
    "locked": ("", "The session locked by idleness: content leaves the page, `unlock` goes on."),
    "ended": (
        "",
        "The session is over, and why: signed_out, expired, revoked; second_factor: one must be set up first. Closes with 4401.",
    ),
}

ERROR: Schema = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message"],
            "properties": {"code": {"type": "string"}, "message": {"type": "string"}, "field": {"type": "string"}},
        }
    },
}


class OnTheWire(GenerateJsonSchema):
    """What is translated before it is looked at (ids, cursors) comes as a string."""

    def function_before_schema(self, schema: core_schema.BeforeValidatorFunctionSchema) -> Schema:
        """The wire's side of a translation."""
        return {"type": "string"}


def input_schema(model: type[Input]) -> Schema:
    """The JSON schema of what a command or an address takes."""
    return model.model_json_schema(schema_generator=OnTheWire)


def who_may(command: Command) -> str:
    """Who may give this command, in words."""
    roles = "everybody" if command.may == EVERYBODY else ", ".join(f"{role}s" for role in Role if role in command.may)
    return f"{roles}; quick link" if command.quick_link else roles


def openapi(routes: Iterable[BaseRoute]) -> Schema:
    """OpenAPI 3.1 of every address under /api, and of the two for health."""
    paths: dict[str, Schema] = {}
    for route in routes:
        if isinstance(route, Route) and route.path.startswith(("/api/", "/healthz", "/readyz")):
            for method in sorted((route.methods or set()) - {"HEAD"}):
                paths.setdefault(route.path, {})[method.lower()] = _operation(route, method)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Quietroom", "version": chat.__version__},
        "paths": paths,
        "components": {
            "schemas": {"Error": ERROR},
            "securitySchemes": {"session": {"type": "apiKey", "in": "cookie", "name": "session"}},
        },
        "security": [{"session": []}],
    }


def _operation(route: Route, method: str) -> Schema:
    name = route.path.rpartition("/")[2]
    command = COMMANDS.get(name) if method == "POST" else None
    summary = command.summary if command else (route.endpoint.__doc__ or "").strip().splitlines()[0]
    operation: Schema = {
        "operationId": f"{method.lower()}_{route.path.strip('/').replace('/', '_').replace('{', '').replace('}', '')}",
        "summary": summary,
        "responses": {
            "200": {"description": "Done."},
            "default": {"description": "Refused.", "content": _json({"$ref": "#/components/schemas/Error"})},
        },
    }
    if command:
        operation["description"] = f"For {who_may(command)}."
    model = command.input if command else INPUTS.get(route.path)
    if method == "POST" and model:
        operation["requestBody"] = {"required": True, "content": _json(input_schema(model))}
    if method == "PUT":
        operation["requestBody"] = {"required": True, "content": {"application/octet-stream": {}}}
    if parameters := _parameters(route.path):
        operation["parameters"] = parameters
    return operation


def _json(schema: Schema) -> Schema:
    return {"application/json": {"schema": schema}}


def _parameters(path: str) -> list[Schema]:
    text = {"type": "string"}
    inside = [{"name": "id", "in": "path", "required": True, "schema": text}] if "{id}" in path else []
    return [
        *inside,
        *({"name": name, "in": "query", "description": words, "schema": text} for name, words in QUERIES.get(path, {}).items()),
    ]


def asyncapi() -> Schema:
    """AsyncAPI 3.0 of the socket: the commands that it takes, and the frames that it sends."""
    sent = {name: _command_frame(command) for name, command in COMMANDS.items()}
    heard = {name: {"summary": words, "payload": _frame(name, also)} for name, (also, words) in FRAMES.items()}
    messages = {**{f"do_{name}": message for name, message in sent.items()}, **heard}
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Quietroom", "version": chat.__version__},
        "channels": {"socket": {"address": "/ws", "messages": messages}},
        "operations": {
            "command": {
                "action": "receive",
                "channel": {"$ref": "#/channels/socket"},
                "messages": [{"$ref": f"#/channels/socket/messages/do_{name}"} for name in sent],
            },
            "tell": {
                "action": "send",
                "channel": {"$ref": "#/channels/socket"},
                "messages": [{"$ref": f"#/channels/socket/messages/{name}"} for name in heard],
            },
        },
    }


def _command_frame(command: Command) -> Schema:
    schema = input_schema(command.input)
    own = {"do": {"const": command.name}, "key": {"type": "string", "maxLength": 64}}
    required = ["do", "key", *(name for name in schema.get("required", ()) if name != "key")]
    payload = schema | {"properties": own | schema.get("properties", {}), "required": required}
    return {"summary": command.summary, "description": f"For {who_may(command)}.", "payload": payload}


def _frame(name: str, also: str) -> Schema:
    names = [name, *(word for word in also.split(", ") if word)]
    return {"type": "object", "required": [name], "properties": {word: {} for word in names}}


def commands_table() -> str:
    """The commands as a table for docs/protocol.md."""
    lines = ["| command | takes (* must be there) | for | what it does |", "|---|---|---|---|"]
    for name, command in COMMANDS.items():
        schema = input_schema(command.input)
        required = schema.get("required", ())
        fields = ", ".join(f"{field}*" if field in required else field for field in schema.get("properties", {}))
        lines.append(f"| `{name}` | {fields or '–'} | {who_may(command)} | {command.summary} |")
    return "\n".join(lines)


def frames_table() -> str:
    """The server's frames as a table for docs/protocol.md."""
    lines = ["| frame | holds besides | means |", "|---|---|---|"]
    lines += [f"| `{name}` | {also or '–'} | {words} |" for name, (also, words) in FRAMES.items()]
    return "\n".join(lines)


async def openapi_document(request: Request) -> Response:
    """GET /openapi.json"""
    return Json(openapi(request.app.routes))


async def asyncapi_document(_: Request) -> Response:
    """GET /asyncapi.json"""
    return Json(asyncapi())
