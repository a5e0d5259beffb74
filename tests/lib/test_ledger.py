"""The ledger of deletions, as files in a folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from chat.lib.ledger import Ledger, Line, NoLedger

KEY = b"k" * 32
FIRST, SECOND = Line("aa", 1_000, "conversation", 1, 7, 5), Line("aa", 2_000, "mass_message", 2, 7, 0)


def test_what_was_kept_is_there_in_the_order_of_time(tmp_path: Path) -> None:
    Ledger(tmp_path, KEY).append([SECOND])
    Ledger(tmp_path, KEY).append([FIRST])
    assert list(Ledger(tmp_path, KEY).since(0)) == [FIRST, SECOND]
    assert list(Ledger(tmp_path, KEY).since(1_500)) == [SECOND]
    assert {path.stat().st_mode & 0o077 for path in tmp_path.iterdir()} == {0}


def test_it_says_up_to_when_it_is_complete(tmp_path: Path) -> None:
    Ledger(tmp_path, KEY).mark(1_000)
    Ledger(tmp_path, KEY).mark(2_000)
    assert Ledger(tmp_path, KEY).through() == 2_000
    assert list(Ledger(tmp_path, KEY).since(0)) == []


def test_an_empty_folder_is_no_ledger_and_one_that_is_missing_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(NoLedger, match="holds no ledger of deletions"):
        Ledger(tmp_path, KEY).through()
    with pytest.raises(FileNotFoundError):
        Ledger(tmp_path / "missing", KEY).append([FIRST])
    assert not (tmp_path / "missing").exists()


@pytest.mark.parametrize(
    "spoil",
    [lambda text: text.replace("7", "8"), lambda text: text[:20], lambda _: "[]", lambda text: text.replace('"seal"', '"deal"')],
    ids=["altered", "cut", "no object", "no seal"],
)
def test_a_file_that_is_not_as_it_was_written_is_named(tmp_path: Path, spoil: object) -> None:
    Ledger(tmp_path, KEY).append([FIRST])
    (path,) = tmp_path.iterdir()
    path.write_text(spoil(path.read_text()))  # type: ignore[operator]
    with pytest.raises(NoLedger, match=path.name):
        list(Ledger(tmp_path, KEY).since(0))


def test_another_installation_s_ledger_is_refused(tmp_path: Path) -> None:
    Ledger(tmp_path, b"o" * 32).append([FIRST])
    Ledger(tmp_path, b"o" * 32).mark(1_000)
    with pytest.raises(NoLedger, match="another installation's"):
        list(Ledger(tmp_path, KEY).since(0))
    with pytest.raises(NoLedger, match="another installation's"):
        Ledger(tmp_path, KEY).through()
