"""What a person can mend is one sentence, without a traceback."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from chat.cli import words

ROOT = Path(__file__).parents[2]


def run(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """A word in a process of its own, with nothing of our own settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("QUIETROOM_")}
    given = {f"QUIETROOM_{name.upper()}": value for name, value in settings.items()}
    command = [sys.executable, "-m", "chat", *arguments]
    return subprocess.run(command, cwd=ROOT, env=kept | given, capture_output=True, text=True, timeout=60)


def sentence(result: subprocess.CompletedProcess[str]) -> str:
    """The one line that it ended with."""
    assert result.returncode == 1
    assert len(result.stderr.splitlines()) == 1, result.stderr
    return result.stderr.strip()


def test_a_taken_port_is_said(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = str(taken.getsockname()[1])
        said = sentence(run("serve", port=port, data=str(tmp_path)))
        assert said.startswith(f"Port {port} ")
        assert said.endswith("Choose another with --port or QUIETROOM_PORT.")
        assert sentence(run("serve", "--port", port, port="1", data=str(tmp_path))) == said


def test_a_folder_that_cannot_be_written_is_said() -> None:
    assert "cannot be written. Choose another with QUIETROOM_DATA" in sentence(run("serve", data="/proc/nowhere"))


def test_a_database_that_does_not_answer_is_said(tmp_path: Path) -> None:
    words = sentence(run("serve", port="0", data=str(tmp_path), database_url="postgresql://nobody@127.0.0.1:1/none"))
    assert words.startswith("The database does not answer.")


@pytest.mark.parametrize(
    ("settings", "named"),
    [({"port": "many"}, "port"), ({"environment": "testing"}, "environment"), ({"body_length": "0"}, "body_length")],
)
def test_a_setting_that_cannot_be_used_is_named(settings: dict[str, str], named: str) -> None:
    assert sentence(run("serve", **settings)).startswith(f"The setting {named} cannot be used")


def test_production_refuses_what_is_unsafe(tmp_path: Path) -> None:
    result = run("serve", environment="production", data=str(tmp_path), base_url="http://messages.example.org")
    assert result.returncode == 1
    assert "must begin with https://" in result.stderr
    assert "needs keys from outside the data folder" in result.stderr


def test_the_demo_is_refused_in_production(tmp_path: Path) -> None:
    assert "not for production" in sentence(run("demo", environment="production", data=str(tmp_path)))


def test_every_word_explains_itself() -> None:
    for name, command in words.commands.items():
        assert (command.help or "").endswith("."), name
