"""Clients as those who look after them find them."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import insert, select, text

from chat.actions.assignments import Assigned, assign, unassign
from chat.actions.clients import ClientInfo, save_client
from chat.actions.contacts import Contact, save_contact
from chat.actions.staff import Deactivate
from chat.actions.standing import deactivate
from chat.errors import NotFound
from chat.lib import sql
from chat.lib.sql import Statement
from chat.lib.words import WORDS, folded
from chat.models import Person
from chat.models.columns import table
from chat.queries.clients import LIST, PAGE, client, find_clients, own_contacts
from chat.transaction import Who
from tests.databases import House
from tests.people import NOON

PEOPLE = table(Person)


def names(house: House, who: Who, search: str = "", **more: Any) -> list[str]:
    return [row["name"] for row in house.ask(find_clients, search, who=who, **more)[0]]


def pages(house: House, who: Who, **more: Any) -> list[str]:
    """All names, page after page."""
    found: list[str] = []
    after = None
    while True:
        rows, after = house.ask(find_clients, after=after, who=who, **more)
        found += [row["name"] for row in rows]
        assert len(rows) == PAGE or after is None
        if after is None:
            return found


def crowd(house: House, practice: int, count: int, *, active: bool = True) -> list[int]:
    """So many clients named Xaver with a number, in one statement."""
    row = {"organization_id": practice, "role": "client", "active": active, "in_portal": False, "messaging_enabled": False}
    row |= {"text_ok": False, "version": 1, "created_at": NOON}
    names = [f"Xaver {n:05}" for n in range(count)]
    house.connection.execute(insert(PEOPLE), [row | {"name": name, "search_name": folded(name)} for name in names])
    mine = select(PEOPLE.c.id).where(PEOPLE.c.organization_id == practice, PEOPLE.c.name.like("Xaver%"))
    return [row[0] for row in house.run(mine.order_by(PEOPLE.c.id))]


# Whose


def test_a_therapist_finds_the_assigned_ones_and_an_administrator_all_of_the_practice(house: House) -> None:
    assert names(house, house.ben) == ["Dana Reed", "Eli Navarro", "Gus Okafor"]
    assert names(house, house.cleo) == ["Fay Lindqvist"]
    assert names(house, house.ada) == ["Dana Reed", "Eli Navarro", "Fay Lindqvist", "Gus Okafor"]
    assert names(house, house.jon) == names(house, house.ivy) == ["Kim Sato"]


def test_who_is_assigned_or_let_go_finds_other_clients_at_once(house: House) -> None:
    house.do(assign, house.ada, Assigned(house.fay.person, house.ben.person))
    house.do(unassign, house.ada, Assigned(house.dana.person, house.ben.person))
    assert names(house, house.ben) == ["Eli Navarro", "Fay Lindqvist", "Gus Okafor"]


@pytest.mark.parametrize("name", ["dana", "hal", "kim"])
def test_clients_and_contacts_find_nobody(house: House, name: str) -> None:
    for who in (getattr(house, name), dataclasses.replace(house.ada, scope={})):
        with pytest.raises(NotFound):
            house.ask(find_clients, who=who)


def test_the_inactive_ones_are_found_apart(house: House) -> None:
    house.do(deactivate, house.ben, Deactivate(house.dana.person))
    assert names(house, house.ben) == ["Eli Navarro", "Gus Okafor"]
    assert names(house, house.ben, active=False) == names(house, house.ada, active=False) == ["Dana Reed"]
    assert names(house, house.cleo, active=False) == []


# By name


@pytest.mark.parametrize(
    "search", ["özgür", "OZGUR", "Ozgur", "yilmaz özgür", "zgü", "  özgür   YILMAZ ", "mar özgür yil", "özgür maria del rio"]
)
def test_a_name_is_found_whatever_its_accents_case_and_order(house: House, search: str) -> None:
    house.someone("client", "María Özgür Yilmaz del Río", like=house.ben, of=[house.ben])
    expected = ["María Özgür Yilmaz del Río"]
    assert names(house, house.ben, search) == expected


@pytest.mark.parametrize("search", ["%", "_", "\\", "dana%", "dana lindqvist", "x", "dana reed reed eli"])
def test_what_is_in_no_name_finds_nobody(house: House, search: str) -> None:
    assert names(house, house.ada, search) == []


def test_a_row_says_what_the_page_shows(house: House) -> None:
    house.do(assign, house.ada, Assigned(house.dana.person, house.cleo.person))
    house.do(deactivate, house.ada, Deactivate(house.ben.person, house.cleo.person))
    rows, following = house.ask(find_clients, "dana", who=house.ada)
    assert following is None
    assert rows == [
        {
            "id": house.dana.person,
            "name": "Dana Reed",
            "born": "1994-03-04",
            "email": "dana@example.org",
            "phone": None,
            "active": True,
            "messaging_enabled": True,
            "invited": False,
            "texts_off_at": None,
            "mail_failed_at": None,
            "therapists": [{"id": house.cleo.person, "name": "Cleo Marsh"}],
        }
    ]


# By page


def test_pages_follow_each_other_without_a_hole_or_a_double(house: House) -> None:
    crowd(house, house.ada.organization, 2 * PAGE)
    for _ in range(PAGE + 3):  # namesakes, also on both sides of a page's end
        house.someone("client", "Xaver 00043", like=house.ada)
    found = pages(house, house.ada)
    assert found == sorted(found)
    assert len(found) == 3 * PAGE + 3 + 4
    assert found.count("Xaver 00043") == PAGE + 4


def test_a_full_page_with_nothing_behind_it_is_the_last(house: House) -> None:
    crowd(house, house.ada.organization, PAGE - 4)
    rows, following = house.ask(find_clients, who=house.ada)
    assert (len(rows), following) == (PAGE, None)


def test_pages_stay_right_while_people_come_and_go(house: House) -> None:
    numbers = crowd(house, house.ada.organization, 2 * PAGE)
    rows, after = house.ask(find_clients, "xaver", who=house.ada)
    house.do(deactivate, house.ada, Deactivate(numbers[3]))
    house.do(deactivate, house.ada, Deactivate(numbers[PAGE - 1]))  # the very one after which the next page begins
    house.do(deactivate, house.ada, Deactivate(numbers[PAGE + 5]))
    house.someone("client", "Xaver 00000", like=house.ada)
    more, following = house.ask(find_clients, "xaver", after, who=house.ada)
    assert [row["name"] for row in rows] == [f"Xaver {n:05}" for n in range(PAGE)]
    assert [row["name"] for row in more] == [f"Xaver {n:05}" for n in range(PAGE, 2 * PAGE) if n != PAGE + 5]
    assert following is None


def test_a_page_after_somebody_of_another_practice_is_the_first(house: House) -> None:
    assert names(house, house.ada, after=house.kim.person) == names(house, house.ada)
    assert names(house, house.ada, after=987_654) == names(house, house.ada)


# Quick, however many there are


@dataclass
class Explaining:
    """A driver's connection or cursor that asks how instead of what."""

    real: Any
    how: str

    def cursor(self) -> Explaining:
        return Explaining(self.real.cursor(), self.how)

    def execute(self, sentence: str, *arguments: Any) -> Any:
        return self.real.execute(self.how + sentence, *arguments)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)


def plan_of(house: House, statement: Statement, values: dict[str, Any]) -> Any:
    """How the database goes about a statement: SQLite's steps as lines, PostgreSQL's tree with the rows that it looked at."""
    sqlite = house.connection.dialect.name == "sqlite"
    how = "EXPLAIN QUERY PLAN " if sqlite else "EXPLAIN (ANALYZE, FORMAT JSON) "
    plain = sql.driver
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sql, "driver", lambda connection: Explaining(plain(connection), how))
        rows = statement.rows(house.connection, **values)
    return [row[3] for row in rows] if sqlite else nodes(rows[0][0][0]["Plan"])


def nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    """Every step of PostgreSQL's plan."""
    return [plan, *(node for part in plan.get("Plans", ()) for node in nodes(part))]


def looked_at(steps: list[dict[str, Any]]) -> int:
    """How many rows of any table PostgreSQL read."""
    scans = [step for step in steps if "Relation Name" in step]
    per_loop = ("Actual Rows", "Rows Removed by Filter", "Rows Removed by Index Recheck")
    return sum(int(step.get(name, 0) * step["Actual Loops"]) for step in scans for name in per_loop)


@pytest.fixture
def many(house: House) -> list[int]:
    """Two practices with so many clients that another way of looking would show."""
    crowd(house, house.ivy.organization, 1_500)
    numbers = crowd(house, house.ada.organization, 1_500)
    house.assign(numbers[900], house.ben.person)
    house.connection.execute(text("ANALYZE"))
    return numbers


@pytest.mark.parametrize("name", ["ada", "ben"])
def test_a_page_of_many_looks_at_a_page_and_at_no_other_practice(house: House, many: list[int], name: str) -> None:
    who = getattr(house, name)
    place = {"name": "xaver 00500", "id": many[500]}
    own = {"person": who.person, "organization": who.organization, "active": True, "limit": PAGE + 1}
    steps = plan_of(house, LIST[who.role], own | place | dict.fromkeys(WORDS, "%"))
    if house.connection.dialect.name == "sqlite":
        index = "person_by_name (organization_id=? AND role=? AND active=? AND search_name>?)"
        wanted = index if name == "ada" else "assignment_by_therapist (therapist_id=?)"
        assert wanted in steps[0]
        assert not [step for step in steps if step.startswith("SCAN")]
    else:
        assert looked_at(steps) <= 2 * PAGE
        assert not [step for step in steps if (step["Node Type"], step.get("Relation Name")) == ("Seq Scan", "person")]


# The client's page


def test_the_page_of_a_client_says_who_looks_after_them_and_who_their_contacts_are(house: House) -> None:
    what = ClientInfo("Dana Reed", house.dana.person, 1, email="dana@example.org", phone="+15550104477", text_ok=True)
    what = dataclasses.replace(what, language="en", time_zone="UTC")
    house.do(save_client, house.ben, what)
    found = house.ask(client, house.dana.person, who=house.ben)
    assert (found["text_ok"], found["text_ok_at"], found["text_ok_by"]) == (True, NOON, "Ben Larsen")
    assert (found["language"], found["time_zone"], found["version"], found["created_at"]) == ("en", "UTC", 2, NOON)
    assert found["contacts"] == [
        {
            "id": house.hal.person,
            "name": "Hal Reed",
            "relation": "father",
            "email": "hal@example.org",
            "invited": False,
            "version": 1,
        }
    ]
    assert found["can_assign"] is False
    assert house.ask(client, house.dana.person, who=house.ada)["can_assign"] is True


def test_the_page_is_for_those_who_look_after_the_client(house: House) -> None:
    scoped = dataclasses.replace(house.ben, scope={})
    for who in (house.cleo, house.dana, house.eli, house.hal, house.ivy, house.jon, scoped):
        with pytest.raises(NotFound):
            house.ask(client, house.dana.person, who=who)
    for other in (house.ben, house.hal, house.kim):
        with pytest.raises(NotFound):
            house.ask(client, other.person, who=house.ada)


def test_a_client_sees_their_own_contacts_by_name(house: House) -> None:
    house.do(save_contact, house.dana, Contact("Ada Reed", "", "ada.reed@example.org"))
    assert [row["name"] for row in house.ask(own_contacts, who=house.dana)] == ["Ada Reed", "Hal Reed"]
    assert house.ask(own_contacts, who=house.eli) == []
    for who in (house.ben, house.hal, dataclasses.replace(house.dana, scope={})):
        with pytest.raises(NotFound):
            house.ask(own_contacts, who=who)
