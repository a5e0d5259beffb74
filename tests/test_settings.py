"""Settings: config.toml, outranked by the environment; production refuses what is unsafe."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from chat.settings import ROOT, Settings

SAFE: dict[str, Any] = {
    "environment": "production",
    "base_url": "https://messages.example.org",
    "keys": "id=x;first=y",
    "data": Path("/srv/quietroom"),
}


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a machine where nothing was set yet."""
    for name in [name for name in os.environ if name.startswith("QUIETROOM_")]:
        monkeypatch.delenv(name)


def test_every_setting_stands_in_the_file_with_its_default() -> None:
    configured = tomllib.loads((ROOT / "config.toml").read_text())
    plain = Settings()
    secrets = {"keys"}
    assert set(configured) == set(Settings.model_fields) - secrets
    for name, value in configured.items():
        field = Settings.model_fields[name]
        default = field.get_default()
        shown = default.get_secret_value() if hasattr(default, "get_secret_value") else default
        assert shown == (Path(value) if isinstance(shown, Path) else value), name
    assert (plain.environment, plain.port, plain.base_url) == ("development", 8000, "http://localhost:8000")


def test_the_environment_outranks_the_file_and_arguments_outrank_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUIETROOM_PORT", "9000")
    monkeypatch.setenv("QUIETROOM_DATA", "/srv/quietroom")
    settings = Settings()
    assert (settings.port, settings.base_url) == (9000, "http://localhost:9000")
    assert settings.database == "sqlite:////srv/quietroom/quietroom.db"
    assert Settings(port=9001).port == 9001


@pytest.mark.parametrize(
    "wrong",
    [
        {"port": 70_000},
        {"body_length": 0},
        {"body_length": 20_000},
        {"environment": "staging"},
        {"log_level": "loud"},
        {"files": "https://s3.example.org/box"},
        {"files": "s3://box?endpoint=s3.example.org"},
        {"files_key": "who"},
        {"files_secret": "what"},
        {"support": "call us"},
        {"support": "http://help.example.org"},
        {"support": "javascript:alert(1)@x"},
        {"unknown": 1},
        {"mail_url": "mail.example.org"},
        {"mail_url": "smtp://mail.example.org?tls=maybe"},
    ],
)
def test_what_makes_no_sense_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Settings(**wrong)


def test_an_address_has_no_slash_at_its_end() -> None:
    settings = Settings(base_url="https://messages.example.org/")
    assert (settings.base_url, settings.secure) == ("https://messages.example.org", True)
    assert not Settings().secure


def test_pages_of_this_address_may_ask_and_on_a_development_machine_also_the_local_ones() -> None:
    assert Settings(**SAFE).origins == {"https://messages.example.org"}
    local = {"http://localhost:8000", "http://127.0.0.1:8000"}
    assert Settings(base_url="https://messages.example.org").origins == {"https://messages.example.org"} | local


def test_an_embedded_database_is_a_file_in_the_data_folder(tmp_path: Path) -> None:
    assert (Settings(data=tmp_path).database, Settings(data=tmp_path).embedded) == (f"sqlite:///{tmp_path}/quietroom.db", True)
    postgres = Settings(database_url="postgresql://db/quietroom")
    assert (postgres.database, postgres.embedded) == ("postgresql://db/quietroom", False)


def test_a_secret_is_not_shown() -> None:
    settings = Settings(keys="id=secretword", mail_url="smtp://user:secretword@mail.example.org")
    assert "secretword" not in repr(settings)


def test_safe_settings_have_no_problems_and_development_has_none_either() -> None:
    assert Settings(**SAFE).problems() == []
    assert Settings(keys_file="data/keys").problems() == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"base_url": "http://messages.example.org"}, "must begin with https://"),
        ({"base_url": ""}, "must begin with https://"),
        ({"keys": ""}, "Production needs keys from outside the data folder"),
        ({"keys": "", "keys_file": "/srv/quietroom/keys"}, "lies in the data folder"),
        ({"keys_file": "/srv/quietroom/inner/keys"}, "lies in the data folder"),
        ({"database_url": "postgresql://db/quietroom"}, "need QUIETROOM_REDIS_URL"),
        ({"mail_url": "smtp://mail.example.org?tls=none"}, "tls=none"),
    ],
)
def test_production_says_what_it_must_not_be_started_with(change: dict[str, Any], words: str) -> None:
    (problem,) = Settings(**(SAFE | change)).problems()
    assert words in problem
    assert problem.endswith((".", ")."))


def test_production_refuses_the_cheap_hashing_of_the_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUIETROOM_TEST_HASHING", "1")
    (problem,) = Settings(**SAFE).problems()
    assert "QUIETROOM_TEST_HASHING" in problem
    assert Settings().problems() == []


@pytest.mark.parametrize(
    ("given", "link"),
    [
        ("", ""),
        ("help@example.org", "mailto:help@example.org"),
        ("mailto:help@example.org", "mailto:help@example.org"),
        ("https://help.example.org/form", "https://help.example.org/form"),
    ],
)
def test_requests_go_to_an_address_or_a_form(given: str, link: str) -> None:
    assert Settings(support=given).support == link
