"""`quietroom keys`: a ring is tried, listed and rotated beside its database."""

from base64 import b64encode
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from chat import house
from chat.cli import words
from chat.cli.keys import refuse_wrong_keys
from chat.cli.tools import Hands, asking
from chat.lib import clock
from chat.lib.crypto import begins
from chat.models import Installation
from chat.models.columns import table
from chat.settings import Settings, Unsafe
from tests.cli.desk import Desk, desk

__all__ = ["desk"]

ID, OLD, NEW, FALSE = (f"{name}={b64encode(bytes([at]) * 32).decode()}" for at, name in enumerate(("id", "old", "new", "old")))
OTHER_ID = f"id={b64encode(bytes([9]) * 32).decode()}"
INSTALLATION = select(table(Installation).c.epoch, table(Installation).c.mark)
MANY = 450  # more than two steps


@pytest.fixture
def sealed(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A database with data keys wrapped by `old`."""
    monkeypatch.setenv("QUIETROOM_KEYS", f"{ID};{OLD}")
    with Hands() as hands:
        hands.do(lambda tx, _: tx.make_keys(["test"] * MANY), None)
    return desk


def test_a_rotation_leaves_nothing_for_the_old_key(sealed: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    assert sealed.done("keys", "list") == f"old\t{MANY} data keys\twrites\n"
    monkeypatch.setenv("QUIETROOM_KEYS", f"{ID};{OLD};{NEW}")
    assert sealed.done("keys", "list") == f"old\t{MANY} data keys\treads\nnew\t0 data keys\twrites\n"
    assert "All data keys are wrapped by new now." in sealed.done("keys", "rotate")
    monkeypatch.setenv("QUIETROOM_KEYS", f"{ID};{NEW}")
    assert f"All {MANY} data keys open" in sealed.done("keys", "check")


@pytest.mark.parametrize("ring", [f"{ID};{NEW}", f"{ID};{FALSE}"])
def test_a_wrong_ring_is_refused_before_anything_is_done(sealed: Desk, monkeypatch: pytest.MonkeyPatch, ring: str) -> None:
    monkeypatch.setenv("QUIETROOM_KEYS", ring)
    with asking(Settings()) as ask, pytest.raises(Unsafe, match="does not open what the database holds under old"):
        refuse_wrong_keys(ask, house.open_vault(Settings()))
    assert sealed.run("keys", "check").exit_code == 1
    monkeypatch.setenv("QUIETROOM_KEYS", f"{ID};{OLD}")
    assert f"All {MANY} data keys open" in sealed.done("keys", "check")


def test_a_key_that_the_ring_lacks_is_listed_as_missing(sealed: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUIETROOM_KEYS", f"{ID};{NEW}")
    assert f"old\t{MANY} data keys\tmissing from this ring" in sealed.done("keys", "list")


def ring_of(monkeypatch: pytest.MonkeyPatch, folder: Path, text: str) -> Path:
    """A ring in a file, as in production."""
    monkeypatch.delenv("QUIETROOM_KEYS")
    file = folder / "ring"
    file.write_text(text)
    monkeypatch.setenv("QUIETROOM_KEYS_FILE", str(file))
    return file


def at(day: str) -> AbstractContextManager[None]:
    """A day after the start of the day of that name."""
    return clock.frozen(begins(day) + clock.DAY)


def test_keys_made_ahead_take_turns_and_more_follow_them(sealed: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with at("2026-11-27"):
        made = sealed.done("keys", "make", "--ahead", "2")
        assert [line.partition("=")[0] for line in made.splitlines()] == ["id", "2026-11-28", "2026-12-05"]
        file = ring_of(monkeypatch, tmp_path, f"{ID}\n{OLD}\n" + made.split("\n", 1)[1])
        assert sealed.done("keys", "list").splitlines()[1:] == [
            "2026-11-28\t0 data keys\twrites", "2026-12-05\t0 data keys\twrites later"
        ]  # fmt: skip
        further = sealed.done("keys", "more", "--ahead", "2")
    assert [line.partition("=")[0] for line in further.splitlines()] == ["2026-12-12", "2026-12-19"]
    file.write_text(file.read_text() + further)
    with at("2026-12-12"):
        assert "2026-12-12\t0 data keys\twrites" in sealed.done("keys", "list")


def test_a_key_is_dropped_once_its_days_are_over_and_it_wraps_nothing(
    sealed: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    next_ones = "".join(f"2026-12-{day}={NEW[4:]}\n" for day in ("05", "12"))
    file = ring_of(monkeypatch, tmp_path, f"{ID}\n{OLD}\n{next_ones}")
    with at("2026-12-05"):
        assert f"old still wraps {MANY} data keys" in sealed.done("keys", "drop")
        sealed.done("keys", "rotate")
    with clock.frozen(begins("2026-12-05") + clock.HOUR):
        assert "No key was taken off" in sealed.done("keys", "drop")
    with at("2026-12-05"):
        assert "old taken off" in sealed.done("keys", "drop")
        assert file.read_text() == f"{ID}\n{next_ones}", "what writes later stays"
        assert f"All {MANY} data keys open" in sealed.done("keys", "check")
        assert "No key was taken off" in sealed.done("keys", "drop")


def test_where_keys_do_not_take_turns_none_are_made_ahead(sealed: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUIETROOM_KEY_DAYS", "0")
    for word in (("make", "--ahead", "2"), ("more",)):
        assert isinstance(CliRunner().invoke(words, ["keys", *word]).exception, Unsafe)


def test_another_id_key_is_refused_before_anything_is_done(sealed: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    before = sealed.rows(INSTALLATION)
    monkeypatch.setenv("QUIETROOM_KEYS", f"{OTHER_ID};{OLD}")
    with asking(Settings()) as ask, pytest.raises(Unsafe, match="The `id` key of this ring is not this database's"):
        refuse_wrong_keys(ask, house.open_vault(Settings()))
    assert "The `id` key" in str(sealed.run("keys", "check").output)
    assert sealed.rows(INSTALLATION) == before
