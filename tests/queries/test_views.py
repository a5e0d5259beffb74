"""A conversation as one reader has it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from chat.access import Member
from chat.actions.messages import send_messages
from chat.models import Organization, Person
from chat.queries.views import may_open
from tests.databases import House, into


def member(role: str) -> Member:
    return Member(1, 1, role, "Somebody", True, True, True)


@pytest.mark.parametrize(
    ("gate", "who"),
    [
        ("client", {"administrator", "therapist"}),
        ("organization", {"administrator"}),
        ("portal", {"administrator"}),
        ("inactive", set()),
        ("assignment", set()),
        ("cc", set()),
    ],
)
def test_who_may_open_which_gate(gate: str, who: set[str]) -> None:
    roles = ("administrator", "therapist", "client", "contact")
    assert {role for role in roles if may_open(member(role), gate)} == who


def test_people_stand_client_first_then_copies_then_staff(house: House) -> None:
    talk = house.begin(house.dana, house.ben, subject="Plan")
    house.add_cc(talk, house.hal, (1, None))
    assert [one["name"] for one in house.row(house.ben, talk)["people"]] == ["Dana Reed", "Hal Reed"]
    assert [(one["name"], one["cc"]) for one in house.row(house.dana, talk)["people"]] == [
        ("Hal Reed", True),
        ("Ben Larsen", False),
    ]


def test_a_shut_gate_stands_on_the_row_with_who_may_open_it(house: House) -> None:
    talk = house.begin(house.ben, house.dana)
    house.set(Person, house.dana.person, messaging_enabled=False)
    for who, can_open in ((house.ben, True), (house.dana, False)):
        closed = house.row(who, talk)["closed"]
        assert closed is not None
        assert (closed["gate"], closed["can_open"]) == ("client", can_open)
    house.set(Organization, house.ben.organization, messaging_enabled=False)
    closed = house.row(house.ben, talk)["closed"]
    assert closed is not None
    assert (closed["gate"], closed["can_open"]) == ("organization", False)


def test_a_client_whose_staff_is_gone_is_told_whom_to_write_to(house: House) -> None:
    talk = house.begin(house.ben, house.dana)
    house.set(Person, house.ben.person, active=False)
    house.assign(house.dana.person, house.cleo.person)
    closed = house.row(house.dana, talk)["closed"]
    assert closed is not None
    assert closed["gate"] == "assignment"
    assert "Please write to Cleo Marsh." in closed["message"]


def test_a_row_is_open_exactly_where_a_message_would_be_taken(house: House) -> None:
    """Whatever stands in the tables: also where a span was left open by somebody who is no longer assigned."""
    thread = house.begin(house.dana, house.ben, subject="Thread")
    shared = house.begin(house.ada, house.dana, subject="Shared")
    changes: list[Callable[[], object]] = [
        lambda: None,
        lambda: house.unassign(house.dana, house.ben),
        lambda: house.set(Person, house.ben.person, active=False),
        lambda: house.set(Person, house.ben.person, in_portal=False),
        lambda: house.set(Person, house.dana.person, active=False),
        lambda: house.set(Person, house.dana.person, messaging_enabled=False),
        lambda: house.set(Organization, house.ben.organization, messaging_enabled=False),
    ]
    for number, change in enumerate(changes):
        with house.undone():
            change()
            for sent in (thread, shared):
                closed = house.row(house.dana, sent)["closed"]
                (result,) = house.batch(send_messages, [(house.dana, into(sent))])
                gate = None if isinstance(result, dict) else result.details["gate"]
                assert (closed or {}).get("gate") == gate, (number, sent)
    with house.undone():
        house.unassign(house.dana, house.ben)
        row = house.row(house.dana, thread)
        assert ((row["closed"] or {})["gate"], row["people"]) == ("assignment", [])
