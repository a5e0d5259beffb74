"""`quietroom keys`: a ring is tried, listed and rotated beside its database."""

from base64 import b64encode

import pytest
from sqlalchemy import select

from chat import house
from chat.cli.keys import refuse_wrong_keys
from chat.cli.tools import Hands, asking
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


def test_another_id_key_is_refused_before_anything_is_done(sealed: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    before = sealed.rows(INSTALLATION)
    monkeypatch.setenv("QUIETROOM_KEYS", f"{OTHER_ID};{OLD}")
    with asking(Settings()) as ask, pytest.raises(Unsafe, match="The `id` key of this ring is not this database's"):
        refuse_wrong_keys(ask, house.open_vault(Settings()))
    assert "The `id` key" in str(sealed.run("keys", "check").output)
    assert sealed.rows(INSTALLATION) == before
