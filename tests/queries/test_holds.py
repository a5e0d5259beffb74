"""Who sees a hold, and how much of it."""

from __future__ import annotations

import dataclasses

import pytest

from chat.actions.holds import HeldClient, lift_hold, set_hold
from chat.errors import NotFound
from chat.queries.holds import holds
from tests.databases import House
from tests.people import NOON, later


def test_administrators_see_each_hold_with_reason_person_and_time(house: House) -> None:
    dana = house.dana.person
    with house.at(NOON):
        house.do(set_hold, house.ada, HeldClient(dana, "A court"))
    with house.at(later(days=1)):
        house.do(lift_hold, house.ada, HeldClient(dana, "Closed"))
    with house.at(later(days=2)):
        house.do(set_hold, house.ada, HeldClient(dana, "Again"))
    lasting, lifted = house.ask(holds, dana, who=house.ada)
    by = "Ada Lindgren"
    assert lasting == {
        "set_at": later(days=2),
        "set_by": by,
        "reason": "Again",
        "lifted_at": None,
        "lifted_by": None,
        "lift_reason": "",
    }
    assert (lifted["reason"], lifted["lifted_at"], lifted["lifted_by"], lifted["lift_reason"]) == (
        *("A court", later(days=1), by),
        "Closed",
    )
    assert house.ask(holds, house.eli.person, who=house.ada) == []


def test_the_therapist_sees_only_that_one_lasts(house: House) -> None:
    dana = house.dana.person
    house.do(set_hold, house.ada, HeldClient(dana, "A court"))
    (seen,) = house.ask(holds, dana, who=house.ben)
    assert (seen["set_by"], seen["reason"]) == ("Ada Lindgren", "")
    house.do(lift_hold, house.ada, HeldClient(dana, "Closed"))
    assert house.ask(holds, dana, who=house.ben) == []


def test_nobody_else_learns_of_it(house: House) -> None:
    house.do(set_hold, house.ada, HeldClient(house.dana.person, "A court"))
    for who in (house.dana, house.hal, house.cleo, house.ivy, dataclasses.replace(house.ben, scope={})):
        with pytest.raises(NotFound):
            house.ask(holds, house.dana.person, who=who)
