"""The database's file is its owner's alone."""

from pathlib import Path

import pytest

from chat.cli.database import prepare_folder
from chat.cli.tools import Hands
from chat.settings import Settings, Unsafe


def modes(folder: Path) -> set[str]:
    """The modes of the database's files."""
    found = list(folder.glob("quietroom.db*"))
    assert found
    return {oct(path.stat().st_mode & 0o777) for path in found}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder that was there before, open to everybody."""
    monkeypatch.setenv("QUIETROOM_DATA", str(tmp_path))
    monkeypatch.delenv("QUIETROOM_DATABASE_URL", raising=False)
    tmp_path.chmod(0o755)
    return tmp_path


def test_a_new_database_is_closed_to_others_also_in_an_open_folder(folder: Path) -> None:
    with Hands():
        assert modes(folder) == {"0o600"}


def test_a_database_that_was_open_to_others_is_closed(folder: Path) -> None:
    with Hands():
        pass
    (folder / "quietroom.db").chmod(0o644)
    prepare_folder(Settings())
    assert modes(folder) == {"0o600"}


def test_a_database_that_cannot_be_made_is_said(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUIETROOM_DATABASE_URL", f"sqlite:///{folder}/nowhere/quietroom.db")
    with pytest.raises(Unsafe, match=r"quietroom\.db cannot be opened"):
        prepare_folder(Settings())
