"""The team, as administrators run it."""

from __future__ import annotations

import dataclasses

import pyotp
import pytest

from chat.actions.staff import Deactivate, NamedStaff, NewStaff, invite_staff, remove_from_portal
from chat.actions.standing import deactivate
from chat.actions.totp import Code, confirm_totp, start_totp
from chat.errors import NotFound
from chat.queries.staff import team
from tests.databases import House
from tests.people import NOON


def test_an_administrator_sees_the_whole_team_of_the_practice_and_nobody_else(house: House) -> None:
    rows = house.ask(team, who=house.ada)
    assert [row["name"] for row in rows] == ["Ada Lindgren", "Ben Larsen", "Cleo Marsh"]
    assert rows[1] == {
        "id": house.ben.person,
        "name": "Ben Larsen",
        "role": "therapist",
        "email": "ben@example.org",
        "active": True,
        "in_portal": True,
        "invited": False,
        "version": 1,
        "clients": 3,
        "second_factor": False,
    }
    assert [row["name"] for row in house.ask(team, who=house.ivy)] == ["Ivy Chen", "Jon Bauer"]


def test_the_deactivated_stand_last_and_their_clients_with_the_successor(house: House) -> None:
    house.do(deactivate, house.ada, Deactivate(house.ben.person, house.cleo.person))
    rows = [(row["name"], row["active"], row["clients"]) for row in house.ask(team, who=house.ada)]
    assert rows == [("Ada Lindgren", True, 0), ("Cleo Marsh", True, 4), ("Ben Larsen", False, 0)]


def test_who_has_not_chosen_a_password_shows_as_invited(house: House) -> None:
    house.do(invite_staff, house.ada, NewStaff("Bea Ortiz", "bea@example.org", "therapist"))
    rows = {row["name"]: (row["invited"], row["in_portal"], row["clients"]) for row in house.ask(team, who=house.ada)}
    assert (rows["Bea Ortiz"], rows["Ben Larsen"]) == ((True, False, 0), (False, True, 3))


def test_gates_and_second_factors_show_once_they_are_in_force(house: House) -> None:
    house.do(remove_from_portal, house.ada, NamedStaff(house.ben.person))
    secret = house.do(start_totp, house.ben)["secret"]
    assert [row["second_factor"] for row in house.ask(team, who=house.ada)] == [False, False, False]
    house.do(confirm_totp, house.ben, Code(pyotp.TOTP(secret).at(NOON // 1_000)))
    rows = [(row["in_portal"], row["second_factor"], row["version"]) for row in house.ask(team, who=house.ada)]
    assert rows == [(True, False, 1), (False, True, 2), (True, False, 1)]


def test_nobody_else_sees_the_team(house: House) -> None:
    for who in (house.ben, house.dana, house.hal, dataclasses.replace(house.ada, scope={})):
        with pytest.raises(NotFound):
            house.ask(team, who=who)
