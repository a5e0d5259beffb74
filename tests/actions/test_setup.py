"""The first administrator of an empty installation."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from sqlalchemy import Connection, select

from chat.actions.organizations import begin_installation
from chat.actions.setup import SetUp, needed, set_up
from chat.cli.database import bring_up
from chat.errors import Invalid, Refused
from chat.lib import clock
from chat.lib.database import writing_engine
from chat.models import AuditEntry, Organization, Person
from chat.models.columns import table
from chat.queries.organizations import practice
from chat.queries.people import me
from chat.queries.staff import team
from chat.transaction import Keys, Transaction, Who
from tests.databases import MEMORY, RING, House, closing_engine
from tests.people import NOON
from tests.races import alone, at_once
from tests.services.postgres import PostgresServer

WHAT = SetUp("Harbor Counseling", "Europe/Berlin", "Ada Lindgren", "Ada", "the hash", "Ada@EXAMPLE.org", messaging=True)


def prepare(address: str) -> None:
    """An installation that waits for its first administrator."""
    with closing_engine(writing_engine(address)) as engine:
        bring_up(engine)
    alone(address, (lambda tx, _: begin_installation(tx), None, None))


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest) -> Iterator[str]:
    """Each database in turn; every test takes back what it did."""
    if request.param == "sqlite":
        with TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
            address = f"sqlite:///{Path(folder, 'quietroom.db')}"
            prepare(address)
            yield address
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    with server.database(server.template("nobody", prepare)) as address:
        yield address


@pytest.fixture
def house(empty: str) -> Iterator[House]:
    """Nobody, yet."""
    with closing_engine(writing_engine(empty)) as engine, engine.connect() as connection, clock.frozen(NOON):
        transaction = connection.begin()
        yield House(connection, {})
        transaction.rollback()


def test_the_first_administrator_is_in_the_portal_of_a_practice_as_it_was_described(house: House) -> None:
    assert house.ask(needed)
    ada = Who(house.do(set_up, None, WHAT)["person"], 1, "administrator")
    (organization,) = house.run(select(table(Organization).c.id))[0]
    ada = dataclasses.replace(ada, organization=organization)
    assert not house.ask(needed)
    found = house.ask(practice, who=ada)
    assert (found["name"], found["time_zone"], found["messaging_enabled"]) == ("Harbor Counseling", "Europe/Berlin", True)
    mine = house.ask(me, who=ada)
    assert (mine["name"], mine["username"], mine["role"], mine["in_portal"]) == ("Ada Lindgren", "ada", "administrator", True)
    assert [row["email"] for row in house.ask(team, who=ada)] == ["Ada@example.org"]
    audit = table(AuditEntry)
    rows = house.run(select(audit.c.actor_id, audit.c.organization_id).where(audit.c.action == "set_up"))
    assert rows == [(ada.person, organization)]


def test_messaging_is_off_and_the_address_left_out_unless_said_otherwise(house: House) -> None:
    house.do(set_up, None, SetUp("Harbor", "UTC", "Ada", "ada", "hash"))
    assert house.run(select(table(Organization).c.messaging_enabled)) == [(False,)]
    assert house.run(select(table(Person).c.email)) == [(None,)]


def test_it_happens_once(house: House) -> None:
    house.do(set_up, None, WHAT)
    before = house.state()
    assert isinstance(house.refusal(set_up, None, dataclasses.replace(WHAT, username="other")), Refused)
    assert house.state() == before


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"organization": " "}, "organization"),
        ({"organization": "x" * 121}, "organization"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"name": ""}, "name"),
        ({"username": "a b"}, "username"),
        ({"email": "ada"}, "email"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_founded(house: House, changed: dict[str, str], field: str) -> None:
    before = house.state()
    refusal = house.refusal(set_up, None, dataclasses.replace(WHAT, **changed))  # type: ignore[arg-type]
    assert (type(refusal), refusal.details) == (Invalid, {"field": field})
    assert house.state() == before
    assert house.ask(needed)


def test_of_two_who_set_up_at_once_one_is_told(postgres_server: PostgresServer) -> None:
    template = postgres_server.template("nobody", prepare)
    with postgres_server.database(template) as address, clock.frozen(NOON):
        other = dataclasses.replace(WHAT, organization="Juniper Clinic", username="ivy")
        first, second = at_once(address, (set_up, None, WHAT), (set_up, None, other))
        assert isinstance(first, dict)
        assert isinstance(second, Refused)
        with closing_engine(writing_engine(address)) as engine, engine.connect() as connection:
            assert practices(connection) == ["Harbor Counseling"]


def test_the_same_installation_keeps_its_epoch(house: House) -> None:
    before = house.state()
    house.do(lambda tx, _: begin_installation(tx), None)
    assert house.state() == before


def practices(connection: Connection) -> list[str]:
    assert not needed(Transaction(connection, Keys(RING)))
    return list(connection.execute(select(table(Organization).c.name)).scalars())
