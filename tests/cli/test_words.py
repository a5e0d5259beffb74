"""What a person can mend is one sentence, without a traceback."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from chat.cli import words
from tests.services.nursery import CHAT, nursery

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0
KEPT = {name: value for name, value in os.environ.items() if not name.startswith("QUIETROOM_")}


def run(tmp_path: Path, *arguments: str, **settings: str) -> tuple[int, str]:
    """How a word ended in a process of its own, with nothing of our own settings, and all that it said."""
    given = {f"QUIETROOM_{name.upper()}": value for name, value in settings.items()}
    log = tmp_path / "said.txt"
    log.write_text("")
    code = nursery(*CHAT).fork(arguments, KEPT | given, log).wait(PATIENCE)
    return code, log.read_text()


def sentence(result: tuple[int, str]) -> str:
    """The one line that it said and ended with."""
    code, said = result
    assert code == 1, said
    assert len(said.splitlines()) == 1, said
    return said.strip()


def test_a_taken_port_is_said(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = str(taken.getsockname()[1])
        said = sentence(run(tmp_path, "serve", port=port, data=str(tmp_path)))
        assert said.startswith(f"Port {port} ")
        assert said.endswith("Choose another with --port or QUIETROOM_PORT.")
        assert sentence(run(tmp_path, "serve", "--port", port, port="1", data=str(tmp_path))) == said


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    said = sentence(run(tmp_path, "serve", data="/proc/nowhere"))
    assert "cannot be written. Choose another with QUIETROOM_DATA" in said


def test_a_database_that_does_not_answer_is_said(tmp_path: Path) -> None:
    nowhere = "postgresql://nobody@127.0.0.1:1/none"
    said = sentence(run(tmp_path, "serve", port="0", data=str(tmp_path), database_url=nowhere))
    assert said.startswith("The database does not answer.")


@pytest.mark.parametrize(
    ("settings", "named"),
    [({"port": "many"}, "port"), ({"environment": "testing"}, "environment"), ({"body_length": "0"}, "body_length")],
)
def test_a_setting_that_cannot_be_used_is_named(tmp_path: Path, settings: dict[str, str], named: str) -> None:
    assert sentence(run(tmp_path, "serve", **settings)).startswith(f"The setting {named} cannot be used")


def test_production_refuses_what_is_unsafe(tmp_path: Path) -> None:
    """Also from a shell, as an operator starts it: what was said to nobody would help nobody."""
    unsafe = {"QUIETROOM_ENVIRONMENT": "production", "QUIETROOM_DATA": str(tmp_path)}
    command = [sys.executable, "-m", "chat", "serve"]
    address = {"QUIETROOM_BASE_URL": "http://messages.example.org"}
    result = subprocess.run(
        command, cwd=ROOT, env=KEPT | unsafe | address, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert result.returncode == 1
    assert result.stdout == ""
    assert "must begin with https://" in result.stderr
    assert "needs keys from outside the data folder" in result.stderr


def test_the_demo_is_refused_in_production(tmp_path: Path) -> None:
    assert "not for production" in sentence(run(tmp_path, "demo", environment="production", data=str(tmp_path)))


def test_every_word_explains_itself() -> None:
    for name, command in words.commands.items():
        assert (command.help or "").endswith("."), name
