"""Whose mails come to nothing is marked for staff, until one arrives or there is another address."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from chat.actions.clients import ClientInfo, NamedClient, disable_messaging, enable_messaging, save_client
from chat.actions.contacts import Contact, save_contact
from chat.models import Person
from chat.models.columns import table
from chat.queries.clients import client, find_clients
from chat.queries.conversations import one
from chat.transaction import Who
from tests.databases import House, Sent
from tests.outbox import after, claim, leaving, prepare, settle

PEOPLE = table(Person)


def since(house: House, who: Who) -> int | None:
    found: int | None = house.run(select(PEOPLE.c.mail_failed_at).where(PEOPLE.c.id == who.person))[0][0]
    return found


def unreached(house: House, who: Who, sent: Sent) -> object:
    """What somebody's open pages say of how Dana is reached; None for nothing."""
    view = house.ask(one, sent.conversation, who=who)
    return view.get("unreached") if view else None


def failing(house: House, reason: str) -> Sent:
    """A message to Dana whose mail fails for good ten seconds later."""
    sent = house.begin(house.ben, house.dana)
    with after(house, seconds=10):
        (mine,) = claim(house).alerts
        prepare(house, mine)
        settle(house, mine, "failed", reason=reason)
    return sent


def test_who_has_no_address_is_not_marked_for_one_that_comes_back(house: House) -> None:
    house.begin(house.ben, house.dana)
    house.set(Person, house.dana.person, email=None)
    assert leaving(house, seconds=10) == []
    assert since(house, house.dana) is None


@pytest.mark.parametrize("reason", ["refused 550", "bad_address"])
def test_who_cannot_be_mailed_is_marked_for_staff_at_once(house: House, reason: str) -> None:
    sent = failing(house, reason)
    assert since(house, house.dana) is not None
    assert house.ask(client, house.dana.person, who=house.ben)["mail_failure"] is not None
    row = next(row for row in house.ask(find_clients, who=house.ben)[0] if row["id"] == house.dana.person)
    assert row["mail_failed_at"] == since(house, house.dana)
    assert unreached(house, house.ben, sent) == {"texts_off_at": None, "mail_failed_at": since(house, house.dana)}
    assert unreached(house, house.dana, sent) is None, "a client is told nothing"


def test_open_pages_of_staff_hear_of_it_and_of_its_end(house: House) -> None:
    sent = house.begin(house.ben, house.dana)
    before = house.row(house.ben, sent)["change"], house.row(house.dana, sent)["change"]
    with after(house, seconds=10):
        (mine,) = claim(house).alerts
        prepare(house, mine)
        settle(house, mine, "failed", reason="refused 550")
    assert house.row(house.ben, sent)["change"] == before[0] + 1
    assert house.row(house.dana, sent)["change"] == before[1]
    with after(house, minutes=20):
        house.reply(house.ben, sent)
    assert len(leaving(house, minutes=20, seconds=10)) == 1
    assert since(house, house.dana) is None
    assert unreached(house, house.ben, sent) == {"texts_off_at": None, "mail_failed_at": None}


@pytest.mark.parametrize("reason", ["unknown", "error", "server 530", "unreachable"])
def test_trouble_that_is_not_the_addresss_marks_nobody(house: House, reason: str) -> None:
    failing(house, reason)
    assert since(house, house.dana) is None


def test_a_second_failure_changes_nothing(house: House) -> None:
    sent = failing(house, "refused 550")
    first = since(house, house.dana)
    with after(house, minutes=20):
        house.reply(house.ben, sent)
    change = house.row(house.ben, sent)["change"]
    with after(house, minutes=20, seconds=10):
        (mine,) = claim(house).alerts
        prepare(house, mine)
        settle(house, mine, "failed", reason="refused 551")
    assert (since(house, house.dana), house.row(house.ben, sent)["change"]) == (first, change)


def test_an_address_that_answers_nothing_for_four_days_is_marked_without_another_mail(house: House) -> None:
    house.begin(house.ben, house.dana)
    with after(house, hours=4 * 24):
        assert not claim(house).alerts
    assert since(house, house.dana) is not None


def test_an_address_that_is_given_up_while_a_mail_is_made_is_marked_too(house: House) -> None:
    house.begin(house.ben, house.dana)
    with after(house, hours=4 * 24, seconds=-1):
        (mine,) = claim(house).alerts
    with after(house, hours=4 * 24):
        assert prepare(house, mine) is None
    assert since(house, house.dana) is not None


def test_another_address_begins_anew(house: House) -> None:
    failing(house, "refused 550")
    house.do(save_client, house.ben, ClientInfo("Dana Reed", house.dana.person, 1, email="dana@new.example.org"))
    assert since(house, house.dana) is None
    house.set(Person, house.dana.person, mail_failed_at=1, mail_failure="refused 550")
    house.do(disable_messaging, house.ben, NamedClient(house.dana.person))
    house.do(enable_messaging, house.ben, NamedClient(house.dana.person, "dana@newer.example.org"))
    assert since(house, house.dana) is None


def test_a_contacts_new_address_begins_anew(house: House) -> None:
    house.set(Person, house.hal.person, mail_failed_at=1, mail_failure="refused 550")
    house.do(save_contact, house.dana, Contact("Hal Reed", "father", "hal@new.example.org", house.hal.person, 1))
    assert since(house, house.hal) is None
