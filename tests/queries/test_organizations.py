"""The practice's settings."""

from __future__ import annotations

import dataclasses

import pytest

from chat.errors import NotFound
from chat.queries.organizations import practice
from tests.databases import House


def test_an_administrator_sees_the_settings_of_their_own_practice(house: House) -> None:
    assert house.ask(practice, who=house.ada) == {
        "id": house.ada.organization,
        "version": 1,
        "name": "Harbor Counseling",
        "mail_name": "",
        "time_zone": "UTC",
        "messaging_enabled": True,
        "emergency_text": "",
        "idle_minutes": 15,
        "second_factor_required": False,
        "attachments_allowed": True,
        "deletion_allowed": True,
        "retention_years": 0,
    }
    assert house.ask(practice, who=house.ivy)["name"] == "Juniper Clinic"


def test_nobody_else_sees_them(house: House) -> None:
    for who in (house.ben, house.dana, house.hal, dataclasses.replace(house.ada, scope={})):
        with pytest.raises(NotFound):
            house.ask(practice, who=who)
