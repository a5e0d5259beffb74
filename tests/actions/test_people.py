"""People: added, with the mailbox that everybody has."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from chat.actions.people import NewPerson, add_person, assign_all, check_name
from chat.errors import Invalid
from chat.models import Assignment, AuditEntry, Mailbox, Person
from chat.models.columns import table
from tests.databases import House
from tests.people import NOON

PEOPLE, BOXES, AUDIT = table(Person), table(Mailbox), table(AuditEntry)


def test_a_new_person_has_an_empty_mailbox_and_no_gate_open(house: House) -> None:
    number = house.do(add_person, None, NewPerson(house.ada.organization, "client", "Ömer ÇELİK", email="Oe@Example.org"))
    names = (
        "search_name",
        "email_key",
        "active",
        "in_portal",
        "messaging_enabled",
        "text_ok",
        "version",
        "created_at",
        "username",
    )
    (row,) = house.run(select(*(PEOPLE.c[name] for name in names)).where(PEOPLE.c.id == number))
    assert row == ("omer celik", "oe@example.org", True, False, False, False, 1, NOON, None)
    boxes = house.run(select(BOXES.c.change, BOXES.c.unread, BOXES.c.horizon).where(BOXES.c.person_id == number))
    assert boxes == [(0, 0, 0)]


def test_adding_is_on_record_in_the_practice(house: House) -> None:
    what = NewPerson(house.ada.organization, "contact", "Ida", client=house.dana.person)
    number = house.do(add_person, house.dana, what)
    columns = (AUDIT.c.action, AUDIT.c.organization_id, AUDIT.c.actor_id, AUDIT.c.client_id)
    rows = house.run(select(*columns).where(AUDIT.c.person_id == number))
    assert rows == [("add_person", house.ada.organization, house.dana.person, house.dana.person)]
    nobody = house.do(add_person, None, NewPerson(house.ada.organization, "client", "Jo"))
    rows = house.run(select(AUDIT.c.organization_id, AUDIT.c.actor_id).where(AUDIT.c.person_id == nobody))
    assert rows == [(house.ada.organization, None)]


def test_without_an_address_there_is_no_key_to_find_one_by(house: House) -> None:
    number = house.do(add_person, None, NewPerson(house.ada.organization, "client", "Jo"))
    assert house.run(select(PEOPLE.c.email_key).where(PEOPLE.c.id == number)) == [(None,)]


def test_pairs_are_assigned_once(house: House) -> None:
    fay, ben = house.fay.person, house.ben.person
    for _ in range(2):
        house.do(assign_all, None, [(fay, ben), (fay, house.cleo.person)])
    here = table(Assignment)
    rows = house.run(select(here.c.therapist_id).where(here.c.client_id == fay).order_by(here.c.therapist_id))
    assert rows == [(ben,), (house.cleo.person,)]


@pytest.mark.parametrize(
    ("given", "name"),
    [("Ada", "Ada"), ("  Ada \u00a0 Lindgren ", "Ada Lindgren"), ("x" * 120, "x" * 120), ("👩🏽‍⚕️ Dr. Ο’Νηλ", "👩🏽‍⚕️ Dr. Ο’Νηλ")],
)
def test_a_name_is_what_people_write(given: str, name: str) -> None:
    assert check_name(given) == name


@pytest.mark.parametrize("given", ["", " \u2003 ", "x" * 121, "a\nb", "a\tb", "a\x00", "a\x7f", "a\u2028b", "\ud800"])
def test_what_is_no_name_is_refused(given: str) -> None:
    with pytest.raises(Invalid) as caught:
        check_name(given)
    assert caught.value.details == {"field": "name"}
