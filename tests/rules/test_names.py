"""No name that people or programs rely on is without its words in the documents."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from starlette.routing import Route, WebSocketRoute

import chat
from chat.cli import words
from chat.settings import Settings
from chat.web.documents import FRAMES
from chat.web.routes import ROUTES
from tools.protocol import renewed

ROOT = Path(__file__).parents[2]
PROTOCOL, OPERATIONS = (ROOT / "docs" / name for name in ("protocol.md", "operations.md"))


def test_the_tables_of_the_protocol_are_those_of_the_code() -> None:
    text = PROTOCOL.read_text()
    if renewed(text) != text:
        pytest.fail("docs/protocol.md is out of date; renew it with: .venv/bin/python tools/protocol.py", pytrace=False)


def test_every_address_is_in_the_protocol() -> None:
    text = PROTOCOL.read_text()
    pages = {route.path for route in ROUTES if isinstance(route, Route) and route.endpoint.__name__ in {"page", "command"}}
    paths = {route.path for route in ROUTES if isinstance(route, Route | WebSocketRoute)} - pages
    assert [path for path in sorted(paths) if f"`{path}" not in text and f" {path}" not in text] == []


def kinds(source: str) -> set[str]:
    """The first words of the frames that a module sends: dicts given to `send` or `_answer`, and those that `_frame` makes."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        given = node.args if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in {"send", "_answer"} else []
        made = [node.value] if isinstance(node, ast.AnnAssign) and getattr(node.target, "id", "") == "frame" else []
        for value in filter(None, [*given, *made]):
            first = leftmost(value)
            if isinstance(first, ast.Dict) and isinstance(first.keys[0], ast.Constant):
                found.add(str(first.keys[0].value))
    return found - {"type"}  # an ASGI message


def leftmost(node: ast.expr) -> ast.expr:
    """What a chain of `|` begins with."""
    return leftmost(node.left) if isinstance(node, ast.BinOp) else node


def test_every_frame_has_its_words() -> None:
    sent = set().union(*(kinds((ROOT / "chat" / "web" / name).read_text()) for name in ("handshake.py", "socket.py")))
    assert {"hello", "change", "done", "refused", "ended"} <= sent, "or the frames are no longer found"
    assert sent - set(FRAMES) == set(), "say in FRAMES of chat/web/documents.py what this means"


def test_every_error_code_is_in_the_protocol() -> None:
    text = PROTOCOL.read_text()
    codes = set(
        re.findall(r'DoorError\(\s*\d+,\s*"(\w+)"', "".join(path.read_text() for path in (ROOT / "chat/web").glob("*.py")))
    )
    codes |= {error.code for error in chat.errors.CoreError.__subclasses__()}
    assert {"cross_origin", "too_large", "not_found", "conflict"} <= codes
    assert [code for code in sorted(codes) if f"`{code}`" not in text] == []


def test_every_setting_has_its_line() -> None:
    text = OPERATIONS.read_text()
    names = set(Settings.model_fields)
    assert [name for name in sorted(names) if f"`QUIETROOM_{name.upper()}`" not in text] == []
    told = {name.lower() for name in re.findall(r"`QUIETROOM_(\w+)`", text)}
    assert told - names == set(), "these settings do not exist"
    assert names == set(tomllib.loads((ROOT / "config.toml").read_text())) | {"keys"}, "secrets are in the environment only"


def commands(group: click.Group, before: str = "quietroom") -> Iterator[tuple[str, click.Command]]:
    """Every word of the command line, in full."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{before} {name}")
        else:
            yield f"{before} {name}", command


def test_every_word_of_the_command_line_has_its_line() -> None:
    text = OPERATIONS.read_text()
    there = dict(commands(words))
    assert "quietroom keys make" in there
    assert [name for name in there if f"`{name}" not in text] == []
    told = set(re.findall(r"`(quietroom(?: [a-z][a-z-]*)+)", text))
    assert [name for name in told if not any(word == name or word.startswith(f"{name} ") for word in there)] == []


def test_every_metric_has_its_line() -> None:
    made = re.compile(r'(?:Counter|Gauge|Histogram|Summary)\(\s*"(\w+)"')
    names = {name for path in (ROOT / "chat").rglob("*.py") for name in made.findall(path.read_text())}
    assert [name for name in sorted(names) if f"`{name}`" not in OPERATIONS.read_text()] == []


def test_the_changelog_begins_with_this_version() -> None:
    newest = re.search(r"^## (\d+\.\d+\.\d+)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert newest is not None
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert newest[1] == chat.__version__ == project


LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")


def test_every_link_between_documents_leads_somewhere() -> None:
    missing = [
        f"{document.relative_to(ROOT)}: {target}"
        for document in [ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")]
        for target in LINK.findall(document.read_text())
        if not (document.parent / target).exists()
    ]
    assert missing == []


def test_every_function_that_the_documents_name_is_there() -> None:
    """`file.py:name` in a document means a function, method or class of that name."""
    missing = []
    for document in (ROOT / "docs").rglob("*.md"):
        for file, name in re.findall(r"`([\w/.-]+\.(?:py|js)):([\w.]+)`", document.read_text()):
            path = ROOT / file
            pattern = (
                rf"(?:def|class|function|const|async)\s+{name.rpartition('.')[2]}\b|^\s+(?:async )?#?{name.rpartition('.')[2]}\("
            )
            if not path.exists() or not re.search(pattern, path.read_text(), re.MULTILINE):
                missing.append(f"{document.name}: {file}:{name}")
    assert missing == []
