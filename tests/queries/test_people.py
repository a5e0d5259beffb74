"""People as somebody may find them (who may be found at all is tried in tests/test_access.py)."""

from __future__ import annotations

import dataclasses

import pytest

from chat.errors import NotFound
from chat.models import Organization, Person
from chat.queries import people as questions
from chat.queries.people import FoundPerson, find_people, me, named_people, recent_people
from chat.transaction import Who
from tests.databases import House
from tests.people import later


def found(house: House, who: Who, search: str = "") -> list[str]:
    return [one["name"] for one in house.ask(find_people, search, who=who)]


def the(house: House, who: Who, search: str) -> FoundPerson:
    (one,) = house.ask(find_people, search, who=who)
    return one


def test_everybody_whom_one_may_write_to_comes_by_name(house: House) -> None:
    assert found(house, house.ben) == ["Ada Lindgren", "Cleo Marsh", "Dana Reed", "Eli Navarro", "Gus Okafor"]
    assert found(house, house.dana) == ["Ben Larsen"]
    assert found(house, house.hal) == []
    assert found(house, house.jon) == ["Ivy Chen", "Kim Sato"]


@pytest.mark.parametrize(
    ("search", "names"),
    [
        ("dana", ["Dana Reed"]),
        ("REED  d", ["Dana Reed"]),
        ("rée", ["Dana Reed"]),
        ("x", []),
        ("%", []),
        ("dana eli", []),
    ],
)
def test_every_word_of_the_search_is_in_the_name(house: House, search: str, names: list[str]) -> None:
    assert found(house, house.ben, search) == names


def test_namesakes_are_told_apart_for_staff(house: House) -> None:
    house.someone("client", "Dana Reed", like=house.ben, of=[house.ben], born="2001-05-05")
    assert [one["born"] for one in house.ask(find_people, "dana", who=house.ben)] == ["1994-03-04", "2001-05-05"]
    assert the(house, house.dana, "ben")["born"] is None


def test_the_ongoing_conversation_comes_with_the_person(house: House) -> None:
    assert the(house, house.ben, "dana")["direct"] is None
    house.begin(house.ben, house.dana, subject="A thread is no direct conversation")
    assert the(house, house.ben, "dana")["direct"] is None
    sent = house.begin(house.dana, house.ben)
    assert the(house, house.ben, "dana")["direct"] == the(house, house.dana, "ben")["direct"] == sent.conversation


def test_a_shut_gate_is_shown_with_who_may_open_it(house: House) -> None:
    closed = the(house, house.ben, "gus")["closed"]
    assert closed
    assert (closed["gate"], closed["can_open"]) == ("client", True)
    assert the(house, house.ben, "dana")["closed"] is None
    house.set(Person, house.ben.person, in_portal=False)
    closed = the(house, house.ben, "dana")["closed"]
    assert closed
    assert (closed["gate"], closed["can_open"]) == ("portal", False)
    house.set(Organization, house.ben.organization, messaging_enabled=False)
    for who, can_open in ((house.ben, False), (house.ada, True)):
        closed = the(house, who, "dana")["closed"]
        assert closed
        assert (closed["gate"], closed["can_open"]) == ("organization", can_open)


def test_inactive_clients_and_deactivated_staff_are_in_no_picker(house: House) -> None:
    for who in (house.dana, house.cleo):
        house.set(Person, who.person, active=False)
    assert found(house, house.ben) == ["Ada Lindgren", "Eli Navarro", "Gus Okafor"]


def test_a_long_list_is_cut(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(questions, "PAGE", 2)
    assert found(house, house.ben) == ["Ada Lindgren", "Cleo Marsh"]
    assert found(house, house.ben, "e r") == ["Ada Lindgren", "Cleo Marsh"]


def test_those_one_wrote_with_lately_come_latest_first(house: House) -> None:
    for minute, other in enumerate((house.dana, house.cleo, house.eli)):
        with house.at(later(minutes=minute)):
            sent = house.begin(house.ben, other)
    with house.at(later(minutes=9)):
        house.begin(house.dana, house.ben)
    recent = [one["name"] for one in house.ask(recent_people, who=house.ben)]
    assert recent == ["Dana Reed", "Eli Navarro", "Cleo Marsh"]
    assert house.ask(recent_people, who=house.ada) == []
    house.unassign(house.eli, house.ben)
    assert [one["name"] for one in house.ask(recent_people, who=house.ben)] == ["Dana Reed", "Cleo Marsh"]
    assert sent.seq == 1


def test_named_people_are_those_whom_one_may_write_to(house: House) -> None:
    everybody = [who.person for who in house.cast.values()]
    assert {one["name"] for one in house.ask(named_people, everybody, who=house.dana).values()} == {"Ben Larsen"}
    assert house.ask(named_people, [], who=house.dana) == {}


def test_a_quick_link_finds_nobody(house: House) -> None:
    scoped = dataclasses.replace(house.dana, scope={1: later(days=1)})
    with pytest.raises(NotFound):
        house.ask(find_people, "", who=scoped)
    with pytest.raises(NotFound):
        house.ask(recent_people, who=scoped)


def test_one_is_told_about_oneself(house: House) -> None:
    house.begin(house.ben, house.dana)
    mine = house.ask(me, who=house.dana)
    assert (mine["name"], mine["role"], mine["username"], mine["unread"]) == ("Dana Reed", "client", "dana", 1)
    assert (mine["in_portal"], mine["messaging"], mine["idle_minutes"]) == (False, True, 15)
    assert mine["organization"]["name"] == "Harbor Counseling"
    assert mine["organization"]["messaging"] is True
