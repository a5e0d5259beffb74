"""`quietroom setup`: an empty installation gets its practice and first administrator."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from chat.lib import passwords
from chat.models import Person
from chat.models.columns import table
from tests.cli.desk import Desk, desk
from tests.services.postgres import PostgresServer

__all__ = ["desk"]

PEOPLE = table(Person)
SECRET = "three words together"
GIVEN = ("--organization", "Willow House", "--time-zone", "Europe/Paris", "--name", "Lea Ortiz", "--username", "Lea")
ALL = (*GIVEN, "--password", SECRET, "--email", "lea@example.org", "--messaging")


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """A terminal before anything is there, on each database in turn."""
    monkeypatch.setenv("QUIETROOM_DATA", str(tmp_path / "data"))
    if request.param == "sqlite":
        yield Desk(f"sqlite:///{tmp_path / 'data' / 'quietroom.db'}")
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    with server.database() as address:
        monkeypatch.setenv("QUIETROOM_DATABASE_URL", address)
        yield Desk(address)


def test_an_empty_installation_is_set_up_by_options(empty: Desk) -> None:
    assert "Willow House is set up." in empty.done("setup", *ALL)
    assert empty.done("organizations", "list") == "Willow House\tEurope/Paris\tmessaging on\n"
    columns = (PEOPLE.c.username, PEOPLE.c.role, PEOPLE.c.in_portal, PEOPLE.c.email, PEOPLE.c.password_hash)
    ((*found, stored),) = empty.rows(select(*columns))
    assert found == ["lea", "administrator", True, "lea@example.org"]
    assert passwords.matches(str(stored), SECRET)


def test_what_is_not_given_is_asked_for(empty: Desk) -> None:
    typed = f"Willow House\n\nLea Ortiz\nlea\n{SECRET}\n{SECRET}\n\n\n"
    output = empty.done("setup", type_in=typed)
    assert "Name of the practice" in output
    assert SECRET not in output
    assert empty.done("organizations", "list") == "Willow House\tAmerica/New_York\tmessaging off\n"
    assert empty.rows(select(PEOPLE.c.email)) == [(None,)]


WRONG = [
    (("--password", "short"), "at least 10 characters"),
    (("--time-zone", "Paris"), "time zone"),
    (("--username", "l"), "3 to 60 characters"),
    (("--organization", " "), "needs a name"),
]


def test_what_is_wrong_is_one_sentence_and_nothing_is_founded(empty: Desk) -> None:
    for changed, words in WRONG:
        assert words in empty.refused("setup", *ALL, *changed)
    assert empty.done("organizations", "list") == ""


def test_an_installation_is_set_up_once(desk: Desk) -> None:
    assert "is set up already" in desk.refused("setup", *ALL)
