"""People as somebody may find them: those whom they may write to, and nobody else."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from chat.actions.assignments import Assigned, unassign
from chat.actions.clients import NamedClient, disable_messaging
from chat.actions.mailboxes import Selection, move_to_trash
from chat.actions.messages import send_messages
from chat.actions.staff import Deactivate, NamedStaff, remove_from_portal
from chat.actions.standing import deactivate
from chat.errors import NotFound
from chat.models import Organization
from chat.queries.people import PAGE, find_people, me, named_people, recent_people
from chat.transaction import Who
from tests.databases import House, to_people
from tests.people import later

TEAM = ["Ada Lindgren", "Ben Larsen", "Cleo Marsh"]


def names(house: House, who: Who, search: str = "") -> list[str]:
    return [person["name"] for person in house.ask(find_people, search, who=who)]


def recent(house: House, who: Who) -> list[str]:
    return [person["name"] for person in house.ask(recent_people, who=who)]


def found(house: House, who: Who, other: Who) -> Any:
    return house.ask(named_people, [other.person], who=who)[other.person]


# Whom


@pytest.mark.parametrize(
    ("name", "people"),
    [
        ("ada", ["Ben Larsen", "Cleo Marsh", "Dana Reed", "Eli Navarro", "Fay Lindqvist", "Gus Okafor"]),
        ("ben", ["Ada Lindgren", "Cleo Marsh", "Dana Reed", "Eli Navarro", "Gus Okafor"]),
        ("cleo", ["Ada Lindgren", "Ben Larsen", "Fay Lindqvist"]),
        ("dana", ["Ben Larsen"]),
        ("fay", ["Cleo Marsh"]),
        ("hal", []),
        ("jon", ["Ivy Chen", "Kim Sato"]),
    ],
)
def test_one_finds_those_whom_one_may_write_to(house: House, name: str, people: list[str]) -> None:
    who = getattr(house, name)
    assert names(house, who) == people
    everybody = [one.person for one in house.cast.values()]
    assert sorted(one["name"] for one in house.ask(named_people, everybody, who=who).values()) == people


@pytest.mark.parametrize("name", ["ada", "ben", "cleo", "dana", "eli", "fay", "gus", "hal", "jon", "kim"])
def test_who_is_found_behind_an_open_gate_may_be_written_to_and_who_is_not_found_may_not(house: House, name: str) -> None:
    who = getattr(house, name)
    there = {person["id"]: person for person in house.ask(find_people, "", who=who)}
    for other in house.cast.values():
        with house.undone():
            (result,) = house.batch(send_messages, [(who, to_people(other))])
        allowed = other.person in there and there[other.person]["closed"] is None
        assert isinstance(result, dict) is allowed, other
        assert other.person not in there or (there[other.person]["closed"] is None) is allowed


def test_who_is_inactive_or_not_in_the_portal_or_no_longer_assigned_is_not_found(house: House) -> None:
    house.do(deactivate, house.ada, Deactivate(house.eli.person))
    house.do(unassign, house.ada, Assigned(house.dana.person, house.ben.person))
    assert names(house, house.ben) == ["Ada Lindgren", "Cleo Marsh", "Gus Okafor"]
    assert names(house, house.dana) == []
    house.do(remove_from_portal, house.ada, NamedStaff(house.cleo.person))
    assert names(house, house.fay) == []
    assert "Cleo Marsh" in names(house, house.ben)
    house.do(deactivate, house.ada, Deactivate(house.cleo.person, house.ben.person))
    assert names(house, house.ada) == ["Ben Larsen", "Dana Reed", "Fay Lindqvist", "Gus Okafor"]


def test_a_quick_link_finds_nobody(house: House) -> None:
    scoped = dataclasses.replace(house.dana, scope={1: later(minutes=15)})
    with pytest.raises(NotFound):
        house.ask(find_people, "", who=scoped)
    with pytest.raises(NotFound):
        house.ask(recent_people, who=scoped)
    assert house.ask(named_people, [], who=house.ben) == {}


# By name


@pytest.mark.parametrize("search", ["reed", "REED dana", "dána", "d r", "a"])
def test_every_word_of_the_search_is_in_the_name(house: House, search: str) -> None:
    assert "Dana Reed" in names(house, house.ben, search)


@pytest.mark.parametrize("search", ["%", "_", "reed larsen", "\\"])
def test_what_is_in_no_name_finds_nobody(house: House, search: str) -> None:
    assert names(house, house.ben, search) == []


def test_no_more_than_a_page_is_found(house: House) -> None:
    for n in range(PAGE + 3):
        house.someone("client", f"Xaver {n:03} Stone", like=house.ben, of=[house.ben])
    assert names(house, house.ben, "xaver") == [f"Xaver {n:03} Stone" for n in range(PAGE)]
    assert names(house, house.ben, "052 stone") == ["Xaver 052 Stone"]


@pytest.mark.parametrize("name", ["ada", "ben"])
def test_all_words_are_looked_for_in_everybody_in_any_order(house: House, name: str) -> None:
    for n in range(250):
        house.someone("client", f"Longestname {n:03}", like=house.ben, of=[house.ben])
    house.someone("client", "Zoe Longestname", like=house.ben, of=[house.ben])
    for search in ("zoe longestname", "longestname zoe", "LONGEST Zö", "zoe longest name zoe l o n g"):
        assert names(house, getattr(house, name), search) == ["Zoe Longestname"]


def test_the_first_page_goes_by_name_and_not_by_role(house: House) -> None:
    for n in range(PAGE):
        house.someone("therapist", f"Xaver {n:03} Therapist", like=house.ben)
    early = house.someone("client", "Xaver 000 Client", like=house.ben, of=[house.ben])
    found_names = names(house, house.ben, "xaver")
    assert (len(found_names), found_names[0]) == (PAGE, "Xaver 000 Client")
    assert early.person in {person["id"] for person in house.ask(find_people, "xaver", who=house.ben)}


# What is said of them


def test_staff_tell_namesakes_apart_and_clients_learn_no_birthdays(house: House) -> None:
    assert (found(house, house.ben, house.dana)["born"], found(house, house.dana, house.ben)["born"]) == ("1994-03-04", None)


def test_the_ongoing_direct_conversation_is_named(house: House) -> None:
    assert found(house, house.ben, house.dana)["direct"] is None
    house.begin(house.ben, house.dana, subject="Thread")
    assert found(house, house.ben, house.dana)["direct"] is None
    sent = house.begin(house.dana, house.ben)
    assert found(house, house.ben, house.dana)["direct"] == found(house, house.dana, house.ben)["direct"] == sent.conversation


def test_a_shut_gate_is_named_with_whether_the_asker_may_open_it(house: House) -> None:
    house.do(remove_from_portal, house.ada, NamedStaff(house.cleo.person))
    house.do(disable_messaging, house.ben, NamedClient(house.dana.person))

    def gate(who: Who, other: Who) -> tuple[str, bool] | None:
        shut = found(house, who, other)["closed"]
        return (shut["gate"], shut["can_open"]) if shut else None

    assert gate(house.ben, house.gus) == gate(house.ben, house.dana) == gate(house.ada, house.dana) == ("client", True)
    assert gate(house.dana, house.ben) == ("client", False)
    assert gate(house.cleo, house.fay) == ("portal", False)
    assert gate(house.cleo, house.ben) is gate(house.ben, house.eli) is None
    house.set(Organization, house.ada.organization, messaging_enabled=False)
    assert (gate(house.ada, house.eli), gate(house.ben, house.eli)) == (("organization", True), ("organization", False))


# Recently


def test_those_written_with_lately_come_first_each_once(house: House) -> None:
    for minute, (author, other) in enumerate([("ben", "dana"), ("eli", "ben"), ("ben", "cleo"), ("dana", "ben")]):
        with house.at(later(minutes=minute)):
            house.begin(getattr(house, author), getattr(house, other))
    assert recent(house, house.ben) == ["Dana Reed", "Cleo Marsh", "Eli Navarro"]
    assert recent(house, house.dana) == ["Ben Larsen"]
    assert recent(house, house.fay) == []


def test_who_may_not_be_written_to_now_is_not_among_them(house: House) -> None:
    sent = house.begin(house.ben, house.dana)
    house.begin(house.ben, house.eli)
    house.do(unassign, house.ada, Assigned(house.dana.person, house.ben.person))
    assert (recent(house, house.ben), recent(house, house.dana)) == (["Eli Navarro"], [])
    assert house.sees(house.dana, sent)


def test_what_has_left_the_trash_brings_nobody(house: House) -> None:
    sent = house.begin(house.ben, house.dana)
    house.do(move_to_trash, house.ben, Selection((sent.conversation,)))
    assert recent(house, house.ben) == ["Dana Reed"]
    with house.at(later(days=15)):
        assert recent(house, house.ben) == []


# Oneself


def test_one_learns_who_one_is_and_what_the_practice_says(house: House) -> None:
    house.begin(house.ben, house.dana)
    mine = house.ask(me, who=house.dana)
    assert (mine["id"], mine["name"], mine["role"], mine["username"]) == (house.dana.person, "Dana Reed", "client", "dana")
    assert (mine["in_portal"], mine["messaging"], mine["unread"], mine["idle_minutes"]) == (False, True, 1, 15)
    assert mine["alerts"] == "usual"
    assert mine["organization"]["name"] == "Harbor Counseling"
    assert mine["organization"]["messaging"] is True
    assert (house.ask(me, who=house.ben)["in_portal"], house.ask(me, who=house.gus)["messaging"]) == (True, False)
