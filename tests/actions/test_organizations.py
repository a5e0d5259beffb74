"""Practices: founded, and run by their administrators."""

from __future__ import annotations

import dataclasses
from typing import Any

import pyotp
import pytest
from sqlalchemy import select

from chat.actions.messages import send_messages
from chat.actions.organizations import Found, Practice, begin_installation, found_organization, save_organization
from chat.actions.sessions import SignIn, sign_in
from chat.actions.totp import Code, confirm_totp, start_totp
from chat.errors import Conflict, Invalid, NotFound, Refused
from chat.lib import clock
from chat.models import AuditEntry, Installation, Organization
from chat.models.columns import table
from chat.queries.organizations import practice
from chat.queries.sessions import session_of
from chat.transaction import Who
from tests import recount
from tests.databases import House, Template, into, to_people
from tests.people import NOON, later
from tests.races import at_once

AUDIT = table(AuditEntry)


def settings(house: House, who: Who | None = None, **changed: Any) -> Practice:
    """The Practice page as it is, with some settings changed."""
    found = house.ask(practice, who=who or house.ada)
    return Practice(**({name: value for name, value in found.items() if name != "id"} | changed))


def test_what_is_saved_is_what_the_page_shows(house: House) -> None:
    before = settings(house)
    new = Practice(before.version, "Harbor & Co", "Harbor", "Asia/Tokyo", False, "Call 911.", 30, True, False, False, 7)
    assert house.do(save_organization, house.ada, new) == {"version": before.version + 1}
    assert settings(house) == dataclasses.replace(new, version=before.version + 1)
    assert settings(house, house.ivy).name == "Juniper Clinic"


def test_every_page_of_the_practice_loads_anew_and_no_other(house: House) -> None:
    sent, foreign = house.begin(house.ben, house.dana), house.begin(house.jon, house.kim)
    cursors = {who: house.feed(who).cursor for who in (house.ben, house.dana, house.cleo, house.jon)}
    house.do(save_organization, house.ada, settings(house, emergency_text="Call 911."))
    members = {one.person for one in house.cast.values() if one.organization == house.ada.organization}
    assert house.rung == members
    assert [house.feed(who, cursor).reset for who, cursor in cursors.items()] == [True, True, True, False]
    fresh = house.feed(house.ben).cursor
    house.reply(house.dana, sent)
    answer = house.feed(house.ben, fresh)
    assert (answer.reset, [one.conversation["id"] for one in answer.changes]) == (False, [sent.conversation])
    assert house.sees(house.kim, foreign)
    assert recount.faults(house.connection) == []


def test_the_first_gate_shuts_everything_and_reading_stays(house: House) -> None:
    client, team = house.begin(house.ben, house.dana), house.begin(house.ben, house.cleo)
    house.do(save_organization, house.ada, settings(house, messaging_enabled=False))
    for who, what in (
        (house.ben, into(client)),
        (house.dana, into(client)),
        (house.cleo, into(team)),
        (house.ada, to_people(house.ben)),
    ):
        refusal = house.refusal(send_messages, who, what)
        assert (type(refusal), refusal.details["gate"]) == (Refused, "organization")
    assert (house.row(house.dana, client)["closed"] or {})["gate"] == "organization"
    assert len(house.page(house.dana, client).messages) == 1
    house.reply(house.kim, house.begin(house.jon, house.kim))
    house.do(save_organization, house.ada, settings(house, messaging_enabled=True))
    house.reply(house.dana, client)


def test_a_second_factor_required_from_now_on_holds_the_sessions_of_staff_without_one(house: House) -> None:
    names = ("ada", "ben", "cleo", "dana", "hal", "jon")
    tokens = {name: house.do(sign_in, None, SignIn(house.cast[name].person, "x")) for name in names}

    def held() -> set[str]:
        found = {name: house.ask(session_of, token, "x") for name, token in tokens.items()}
        return {name for name, one in found.items() if one is not None and one.restricted}

    secret = house.do(start_totp, house.cleo)["secret"]
    house.do(confirm_totp, house.cleo, Code(pyotp.TOTP(secret).at(NOON // 1_000)))
    house.do(save_organization, house.ada, settings(house, name="Harbor"))
    assert held() == set()
    house.do(save_organization, house.ada, settings(house, second_factor_required=True))
    assert held() == {"ada", "ben"}
    house.do(save_organization, house.ivy, settings(house, house.ivy, name="Juniper"))
    assert held() == {"ada", "ben"}
    house.do(save_organization, house.ada, settings(house, second_factor_required=False))
    assert held() == set()


def test_the_end_of_a_requirement_frees_no_session_that_lacks_its_persons_factor(house: House) -> None:
    house.do(save_organization, house.ada, settings(house, second_factor_required=True))
    here, there = (house.do(sign_in, None, SignIn(house.ben.person, "x")) for _ in range(2))
    mine = house.ask(session_of, here, "x")
    assert mine is not None
    secret = house.do(start_totp, mine.who)["secret"]
    house.do(confirm_totp, mine.who, Code(pyotp.TOTP(secret).at(NOON // 1_000)))
    house.do(save_organization, house.ada, settings(house, second_factor_required=False))
    found = [house.ask(session_of, token, "x") for token in (here, there)]
    assert [one is not None and one.restricted for one in found] == [False, True]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"mail_name": "x" * 81}, "mail_name"),
        ({"emergency_text": "x" * 501}, "emergency_text"),
        ({"time_zone": "Berlin"}, "time_zone"),
        ({"idle_minutes": 0}, "idle_minutes"),
        ({"idle_minutes": 121}, "idle_minutes"),
    ],
)
def test_what_cannot_be_saved_names_its_field(house: House, changed: dict[str, Any], field: str) -> None:
    before = house.state()
    refusal = house.refusal(save_organization, house.ada, settings(house, **changed))
    assert (type(refusal), refusal.details) == (Invalid, {"field": field})
    assert house.state() == before


@pytest.mark.parametrize("minutes", [1, 120])
def test_pages_lock_after_one_to_a_hundred_and_twenty_minutes(house: House, minutes: int) -> None:
    house.do(save_organization, house.ada, settings(house, idle_minutes=minutes))


def test_what_another_administrator_changed_meanwhile_is_not_overwritten(house: House) -> None:
    old = settings(house, name="Old")
    house.do(save_organization, house.ada, settings(house, name="New"))
    before = house.state()
    assert isinstance(house.refusal(save_organization, house.ada, old), Conflict)
    assert house.state() == before


def test_of_two_who_save_at_once_one_is_told(postgresql_template: Template) -> None:
    ada = postgresql_template.cast["ada"]
    what = Practice(1, "One", "", "UTC", True, "", 15, False, True, True, 0)
    with postgresql_template.copy() as address, clock.frozen(NOON):
        first, second = at_once(
            address, (save_organization, ada, what), (save_organization, ada, dataclasses.replace(what, name="Two"))
        )
    assert (first, type(second)) == ({"version": 2}, Conflict)


def test_only_its_own_administrators_change_a_practice(house: House) -> None:
    what = settings(house, name="Mine")
    before = house.state()
    for who in (house.ben, house.dana, house.hal, dataclasses.replace(house.ada, scope={})):
        assert isinstance(house.refusal(save_organization, who, what), NotFound)
    assert house.state() == before


def test_the_change_is_on_record(house: House) -> None:
    house.do(save_organization, house.ada, settings(house, messaging_enabled=False))
    rows = house.run(select(AUDIT.c.actor_id, AUDIT.c.details).where(AUDIT.c.action == "save_organization"))
    assert rows == [(house.ada.person, "messaging off")]


# Founding


def test_a_new_practice_has_messaging_off_and_nobody_in_it(house: House) -> None:
    number = house.do(found_organization, None, Found("Willow House", "Europe/Paris"))
    found = house.ask(practice, who=Who(0, number, "administrator"))
    assert found == {
        "id": number,
        "version": 1,
        "name": "Willow House",
        "mail_name": "",
        "time_zone": "Europe/Paris",
        "messaging_enabled": False,
        "emergency_text": "",
        "idle_minutes": 15,
        "second_factor_required": False,
        "attachments_allowed": True,
        "deletion_allowed": True,
        "retention_years": 0,
    }
    rows = house.run(select(AUDIT.c.actor_id).where(AUDIT.c.action == "found_organization", AUDIT.c.organization_id == number))
    assert rows == [(None,)]


@pytest.mark.parametrize(
    ("what", "field"), [(Found(" "), "name"), (Found("x" * 121), "name"), (Found("X", "Nowhere"), "time_zone")]
)
def test_a_practice_that_cannot_be_founded_names_its_field(house: House, what: Found, field: str) -> None:
    before = house.state()
    assert house.refusal(found_organization, None, what).details == {"field": field}
    assert house.state() == before


def test_a_database_gets_its_epoch_once(house: House) -> None:
    installation = table(Installation)
    before = house.run(installation.select())
    assert len(before) == 1
    house.do(lambda tx, _: begin_installation(tx, demo=True), None)
    assert house.run(installation.select()) == before
    with house.undone():
        house.run(installation.delete())
        house.do(lambda tx, _: begin_installation(tx, demo=True), None)
        ((_, epoch, demo),) = house.run(select(installation.c.id, installation.c.epoch, installation.c.demo))
        assert (epoch != before[0][1], bool(demo)) == (True, True)


def test_turning_deleting_off_and_on_again_notes_since_when_and_says_so_in_the_history(house: House) -> None:
    organizations = table(Organization)
    mine = select(organizations.c.deletes_since).where(organizations.c.id == house.ada.organization)
    saved = []
    for at, deletes, years in ((1, True, 0), (2, False, 0), (3, False, 7), (4, True, 1), (5, True, 0)):
        with house.at(later(days=at)):
            house.do(save_organization, house.ada, settings(house, deletion_allowed=deletes, retention_years=years))
        saved.append(house.run(mine)[0][0])
    assert saved == [0, None, None, later(days=4), later(days=4)]
    rows = house.run(select(AUDIT.c.details).where(AUDIT.c.action == "save_organization").order_by(AUDIT.c.id))
    assert [row[0] for row in rows] == [
        "messaging on",
        "messaging on, nothing is deleted for good",
        "messaging on, nothing is deleted for good, messages are kept for at least 7 years",
        "messaging on, messages are kept for at least 1 year",
        "messaging on",
    ]


@pytest.mark.parametrize("years", [-1, 101])
def test_messages_are_kept_for_years_that_make_sense(house: House, years: int) -> None:
    assert house.refusal(save_organization, house.ada, settings(house, retention_years=years)).details == {
        "field": "retention_years"
    }
