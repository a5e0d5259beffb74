"""The asker's own away message."""

from __future__ import annotations

import dataclasses

import pytest

from chat.actions.away import SetAway, set_away
from chat.errors import NotFound
from chat.models import Organization, Person
from chat.queries.away import away, zone_of
from chat.transaction import Keys, Reading
from tests.databases import RING, House


def test_days_are_those_of_the_person_s_zone_else_of_the_practice_s(house: House) -> None:
    house.set(Organization, house.ben.organization, time_zone="Europe/Berlin")
    reading = Reading(house.connection, Keys(RING), who=house.ben)
    assert zone_of(reading).key == "Europe/Berlin"
    house.set(Person, house.ben.person, time_zone="Asia/Tokyo")
    assert zone_of(reading).key == "Asia/Tokyo"
    house.do(set_away, house.ben, SetAway("Away.", "2026-03-05", "2026-03-06"))
    view = house.ask(away, who=house.ben)
    assert view is not None
    assert (view["time_zone"], view["state"]) == ("Asia/Tokyo", "coming")


def test_a_session_for_one_conversation_does_not_see_it(house: House) -> None:
    with pytest.raises(NotFound):
        house.ask(away, who=dataclasses.replace(house.ben, scope={}))
