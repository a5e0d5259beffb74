"""Contacts: their own client adds, changes and removes them; nobody else does."""

from __future__ import annotations

import dataclasses

import pytest
from sqlalchemy import select

from chat.actions.contacts import Contact, NamedContact, remove_contact, save_contact
from chat.actions.messages import send_messages
from chat.actions.quick_links import mint as mint_link
from chat.actions.sessions import SignIn, sign_in
from chat.errors import Conflict, Invalid, NotFound, Refused
from chat.lib import clock
from chat.models import Alert, AuditEntry, Person, Session, Span
from chat.models.columns import table
from chat.queries.clients import own_contacts
from chat.queries.quick_links import link_of
from chat.queries.sessions import account
from tests.databases import House, Template, into
from tests.people import NOON
from tests.races import at_once

PEOPLE, SESSIONS, SPANS, AUDIT, ALERTS = table(Person), table(Session), table(Span), table(AuditEntry), table(Alert)


def hal(house: House, **changed: object) -> Contact:
    """Hal as his daughter's page has him, with some fields changed."""
    (row,) = house.run(select(PEOPLE.c.version).where(PEOPLE.c.id == house.hal.person))
    found = Contact("Hal Reed", "father", "hal@example.org", house.hal.person, row[0])
    return dataclasses.replace(found, **changed)  # type: ignore[arg-type]


def test_a_client_adds_a_contact_who_may_not_sign_in_yet(house: House) -> None:
    what = Contact("  Ida   Reed ", " big \n sister ", "Ida@Example.org")
    number = house.do(save_contact, house.dana, what)["contact"]
    found = {row["id"]: row for row in house.ask(own_contacts, who=house.dana)}
    assert found[number] == {
        "id": number,
        "name": "Ida Reed",
        "relation": "big sister",
        "email": "Ida@example.org",
        "invited": True,
        "version": 1,
    }
    (row,) = house.run(select(PEOPLE.c.role, PEOPLE.c.client_id, PEOPLE.c.organization_id).where(PEOPLE.c.id == number))
    assert row == ("contact", house.dana.person, house.dana.organization)


def test_only_another_address_ends_what_went_to_the_old_one_which_is_told(house: House) -> None:
    sent = house.begin(house.dana, house.ben, subject="Friday")
    house.add_cc(sent, house.hal, (1, None))
    _, link = house.do(lambda tx, _: mint_link(tx, house.hal.person, sent.conversation, 1))
    here = select(ALERTS.c.kind, ALERTS.c.payload).where(ALERTS.c.person_id == house.hal.person)
    house.do(save_contact, house.dana, hal(house, relation="dad"))
    assert house.ask(link_of, link).alive  # type: ignore[union-attr]
    assert house.run(here) == []
    house.do(save_contact, house.dana, hal(house, email="hal.reed@example.org"))
    assert not house.ask(link_of, link).alive  # type: ignore[union-attr]
    assert house.run(here) == [("email_changed", "hal@example.org")]


def test_a_contact_is_changed_and_every_page_learns_of_it(house: House) -> None:
    sent = house.begin(house.dana, house.ben, subject="Friday")
    house.add_cc(sent, house.hal, (1, None))
    cursor = house.feed(house.ben).cursor
    house.do(save_contact, house.dana, hal(house, name="Hal R. Reed", relation="dad"))
    assert house.rung == {house.dana.person, house.ben.person, house.hal.person}
    (change,) = house.feed(house.ben, cursor).changes
    cc = [(person["name"], person["relation"]) for person in change.conversation["people"] if person["cc"]]
    assert cc == [("Hal R. Reed", "dad")]
    assert [row["version"] for row in house.ask(own_contacts, who=house.dana)] == [2]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": ""}, "name"),
        ({"email": "hal"}, "email"),
        ({"email": ""}, "email"),
        ({"relation": "x" * 61}, "relation"),
    ],
)
def test_what_cannot_be_saved_names_its_field(house: House, changed: dict[str, str], field: str) -> None:
    before = house.state()
    for what in (hal(house, **changed), hal(house, contact=None, **changed)):
        refusal = house.refusal(save_contact, house.dana, what)
        assert (type(refusal), refusal.details) == (Invalid, {"field": field})
    assert house.state() == before


def test_what_another_device_changed_meanwhile_is_not_overwritten(house: House) -> None:
    old = hal(house, name="Hal Old")
    house.do(save_contact, house.dana, hal(house, name="Hal New"))
    before = house.state()
    assert isinstance(house.refusal(save_contact, house.dana, old), Conflict)
    assert house.state() == before


def test_of_two_devices_that_save_at_once_one_is_told(postgresql_template: Template) -> None:
    dana, him = (postgresql_template.cast[name] for name in ("dana", "hal"))
    what = Contact("Hal Reed", "dad", "hal@example.org", him.person, 1)
    with postgresql_template.copy() as address, clock.frozen(NOON):
        first, second = at_once(address, (save_contact, dana, what), (save_contact, dana, what))
    assert (first, type(second)) == ({"contact": him.person}, Conflict)


def test_nobody_but_their_own_client_touches_a_contact(house: House) -> None:
    before = house.state()
    scoped = dataclasses.replace(house.dana, scope={})
    for who in (house.ada, house.ben, house.eli, house.hal, house.ivy, house.kim, scoped):
        assert isinstance(house.refusal(save_contact, who, hal(house)), NotFound), who
        assert isinstance(house.refusal(remove_contact, who, NamedContact(house.hal.person)), NotFound), who
    for who in (house.ada, house.ben, house.hal, scoped):
        assert isinstance(house.refusal(save_contact, who, hal(house, contact=None)), NotFound), who
    for other in (house.eli, house.ben, house.dana, house.kim):
        assert isinstance(house.refusal(save_contact, house.dana, hal(house, contact=other.person)), NotFound), other
        assert isinstance(house.refusal(remove_contact, house.dana, NamedContact(other.person)), NotFound), other
    assert house.state() == before


def test_a_removed_contact_is_out_at_once_and_no_later_message_reaches_them(house: House) -> None:
    sent = house.begin(house.dana, house.ben, subject="Friday")
    house.add_cc(sent, house.hal, (1, None))
    house.do(sign_in, None, SignIn(house.hal.person, "here"))
    before = house.feed(house.hal)
    assert house.sees(house.hal, sent)
    house.do(remove_contact, house.dana, NamedContact(house.hal.person))
    assert house.rung == {house.dana.person, house.ben.person, house.hal.person}
    reason = house.run(select(SESSIONS.c.end_reason).where(SESSIONS.c.person_id == house.hal.person))
    assert (reason, house.ask(account, "hal")) == ([("revoked",)], None)
    spans = house.run(select(SPANS.c.to_seq).where(SPANS.c.person_id == house.hal.person))
    assert (spans, house.sees(house.hal, sent)) == ([(1,)], False)
    assert [one.conversation.get("gone") for one in house.feed(house.hal, before.cursor).changes] == [True]
    house.reply(house.dana, sent)
    assert house.rung == {house.dana.person, house.ben.person}
    assert isinstance(house.refusal(send_messages, house.hal, into(sent)), (NotFound, Refused))
    assert [person["name"] for person in house.row(house.ben, sent)["people"]] == ["Dana Reed"]
    assert house.ask(own_contacts, who=house.dana) == []


def test_who_was_removed_is_changed_no_more(house: House) -> None:
    what = hal(house)
    house.do(remove_contact, house.dana, NamedContact(house.hal.person))
    before = house.state()
    assert isinstance(house.refusal(save_contact, house.dana, what), NotFound)
    assert isinstance(house.refusal(remove_contact, house.dana, NamedContact(house.hal.person)), NotFound)
    assert house.state() == before


def test_each_step_is_on_record_with_the_client_whose_contact_it_is(house: House) -> None:
    number = house.do(save_contact, house.dana, Contact("Ida", "", "ida@example.org"))["contact"]
    house.do(save_contact, house.dana, hal(house, relation="dad"))
    house.do(remove_contact, house.dana, NamedContact(number))
    columns = (AUDIT.c.action, AUDIT.c.person_id, AUDIT.c.client_id)
    rows = house.run(select(*columns).where(AUDIT.c.actor_id == house.dana.person).order_by(AUDIT.c.id))
    dana = house.dana.person
    assert rows == [("add_person", number, dana), ("save_contact", house.hal.person, dana), ("remove_contact", number, dana)]
