"""People: added with the mailbox that everybody has."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from chat.actions.people import add_person, assign_all, check_name
from chat.errors import Invalid
from chat.models import Assignment, AuditEntry, Mailbox, Person
from chat.models.columns import table
from chat.queries.changes import hello
from chat.transaction import Who
from tests.databases import House
from tests.people import new_person

PEOPLE, AUDIT = table(Person), table(AuditEntry)


def test_somebody_new_has_an_empty_mailbox_and_is_found_by_name_and_address(house: House) -> None:
    new = new_person(
        house.ben.organization, "client", "Zoë Müller", email="Zoe@Example.org", phone="+15550100", born="1990-01-02"
    )
    number = house.do(add_person, house.ben, new)
    row = house.connection.execute(PEOPLE.select().where(PEOPLE.c.id == number)).mappings().one()
    assert (row["search_name"], row["email"], row["email_key"]) == ("zoe muller", "Zoe@Example.org", "zoe@example.org")
    assert (row["active"], row["messaging_enabled"], row["version"]) == (True, True, 1)
    assert house.ask(hello, who=Who(number, house.ben.organization, "client"))[1:] == (0, 0)
    assert house.count(Mailbox) == len(house.cast) + 1
    rows = house.run(
        select(AUDIT.c.actor_id, AUDIT.c.person_id).where(AUDIT.c.action == "add_person", AUDIT.c.person_id == number)
    )
    assert rows == [(house.ben.person, number)]


def test_a_contact_belongs_to_its_client(house: House) -> None:
    new = new_person(house.dana.organization, "contact", "Ira Reed", client=house.dana.person, relation="brother")
    number = house.do(add_person, house.dana, new)
    rows = house.run(select(PEOPLE.c.client_id, PEOPLE.c.relation, PEOPLE.c.email_key).where(PEOPLE.c.id == number))
    assert rows == [(house.dana.person, "brother", None)]


def test_a_username_belongs_to_one_person(house: House) -> None:
    with pytest.raises(Exception, match=r"(?i)unique"):
        house.do(add_person, None, new_person(house.ivy.organization, "client", "Another Dana", username="dana"))


def test_an_assignment_made_twice_is_one(house: House) -> None:
    before = house.count(Assignment)
    pairs = [(house.fay.person, house.ben.person), (house.dana.person, house.ben.person)]
    for _ in range(2):
        house.do(lambda tx, _: assign_all(tx, pairs))
    assert house.count(Assignment) == before + 1


@pytest.mark.parametrize(
    ("text", "name"), [("  Zoë   Müller ", "Zoë Müller"), ("O’Neil-Ö. 王", "O’Neil-Ö. 王"), ("x" * 120, "x" * 120)]
)
def test_a_name_is_kept_as_people_write_it(text: str, name: str) -> None:
    assert check_name(text) == name


@pytest.mark.parametrize("text", ["", "   ", "x" * 121, "two\nlines", "a\x00b", "a\u2028b", "a\ud800b"])
def test_what_is_no_name_is_said_to_be_none(text: str) -> None:
    with pytest.raises(Invalid) as caught:
        check_name(text)
    assert caught.value.details == {"field": "name"}
