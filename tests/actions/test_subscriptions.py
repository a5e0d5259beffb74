"""Which alert emails somebody wants."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from chat.actions.subscriptions import ChooseAlerts, choose_alerts, unsubscribe
from chat.errors import Invalid, NotFound
from chat.models import AuditEntry, Person
from chat.models.columns import table
from tests.databases import House
from tests.outbox import leaving
from tests.people import NOON

PEOPLE, AUDIT = table(Person), table(AuditEntry)


def test_unsubscribing_stops_alert_emails_and_is_on_record(house: House) -> None:
    house.do(unsubscribe, None, house.dana)
    house.begin(house.ben, house.dana)
    assert leaving(house, seconds=10) == []
    row = house.run(select(AUDIT.c.actor_id, AUDIT.c.person_id, AUDIT.c.details).where(AUDIT.c.action == "choose_alerts"))
    assert row == [(house.dana.person, house.dana.person, "none")]
    saved = select(PEOPLE.c.alerts_email, PEOPLE.c.alerts_email_at, PEOPLE.c.alerts_email_by)
    assert house.run(saved.where(PEOPLE.c.id == house.dana.person)) == [("none", NOON, house.dana.person)]


def test_the_client_or_their_staff_turn_them_on_again_and_it_is_on_record(house: House) -> None:
    house.do(unsubscribe, None, house.dana)
    house.do(choose_alerts, house.ben, ChooseAlerts("usual", house.dana.person))
    by = select(PEOPLE.c.alerts_email, PEOPLE.c.alerts_email_by).where(PEOPLE.c.id == house.dana.person)
    assert house.run(by) == [(None, house.ben.person)]
    house.do(choose_alerts, house.dana, ChooseAlerts("none"))
    house.do(choose_alerts, house.dana, ChooseAlerts("usual"))
    assert house.run(by) == [(None, house.dana.person)]
    house.begin(house.ben, house.dana)
    assert len(leaving(house, seconds=10)) == 1


@pytest.mark.parametrize("outsider", ["cleo", "jon", "eli", "hal"])
def test_nobody_else_chooses_for_a_client(house: House, outsider: str) -> None:
    before = house.state()
    assert isinstance(house.refusal(choose_alerts, house.cast[outsider], ChooseAlerts("none", house.dana.person)), NotFound)
    assert house.state() == before


def test_there_are_three_choices(house: House) -> None:
    assert isinstance(house.refusal(choose_alerts, house.dana, ChooseAlerts("weekly")), Invalid)


def test_a_quick_links_session_chooses_nothing(house: House) -> None:
    scoped = replace(house.dana, scope={1: NOON * 2})
    assert isinstance(house.refusal(choose_alerts, scoped, ChooseAlerts("none")), NotFound)
