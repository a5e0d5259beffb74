"""Clients: what is known of them, and the third gate."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from sqlalchemy import select

from chat.actions.clients import (
    ClientInfo,
    NamedClient,
    disable_messaging,
    enable_messaging,
    invite_again,
    save_client,
)
from chat.actions.invitations import Mint, look_at, mint
from chat.actions.messages import send_messages
from chat.actions.quick_links import mint as mint_link
from chat.errors import Conflict, Invalid, NotFound, Refused
from chat.lib import clock
from chat.models import Alert, Assignment, AuditEntry, Person
from chat.models.columns import table
from chat.queries import clients as questions
from chat.queries.quick_links import link_of
from chat.transaction import Who
from tests import recount
from tests.databases import House, Template, into, to_people
from tests.people import NOON, later
from tests.races import at_once

PEOPLE, ALERTS, AUDIT, ASSIGNMENTS = table(Person), table(Alert), table(AuditEntry), table(Assignment)
PHONE, OTHER_PHONE = "+15550104477", "+15550104488"


def page(house: House, client: Who) -> questions.ClientView:
    """The client's page, as an administrator sees it."""
    return house.ask(questions.client, client.person, who=house.ada)


def info(house: House, client: Who, **changed: Any) -> ClientInfo:
    """What the Client Info tab would save, with some fields changed."""
    found: dict[str, Any] = {**page(house, client)}
    names = ("name", "version", "born", "email", "phone", "text_ok", "time_zone", "language")
    return ClientInfo(client=client.person, **({name: found[name] for name in names} | changed))


def saved(house: House, client: Who, by: Who | None = None, **changed: Any) -> questions.ClientView:
    house.do(save_client, by or house.ben, info(house, client, **changed))
    return page(house, client)


def mails(house: House) -> list[tuple[int, str]]:
    return [(row[0], row[1]) for row in house.run(select(ALERTS.c.person_id, ALERTS.c.kind).order_by(ALERTS.c.id))]


# What is known


def test_a_new_client_belongs_to_the_therapist_who_adds_them(house: House) -> None:
    more: dict[str, Any] = {
        "born": "1990-02-03",
        "email": "Lou@EXAMPLE.org",
        "phone": "(555) 010-4477",
        "time_zone": "Europe/Berlin",
    }
    what = ClientInfo(" Lou  Weiß ", **more)
    lou = Who(house.do(save_client, house.ben, what)["client"], house.ben.organization, "client")
    found = page(house, lou)
    assert (found["name"], found["born"], found["email"], found["phone"]) == ("Lou Weiß", "1990-02-03", "Lou@example.org", PHONE)
    assert (found["time_zone"], found["language"], found["created_at"]) == ("Europe/Berlin", None, NOON)
    assert (found["active"], found["messaging_enabled"], found["invited"]) == (True, False, True)
    assert (found["text_ok"], found["text_ok_at"], found["text_ok_by"]) == (False, None, None)
    assert found["therapists"] == [{"id": house.ben.person, "name": "Ben Larsen"}]
    assert mails(house) == []


def test_a_client_whom_an_administrator_adds_waits_to_be_assigned(house: House) -> None:
    what = ClientInfo("Lou", phone=PHONE, text_ok=True, language="de")
    lou = Who(house.do(save_client, house.ada, what)["client"], house.ada.organization, "client")
    found = page(house, lou)
    assert (found["therapists"], found["language"]) == ([], "de")
    assert (found["text_ok"], found["text_ok_at"], found["text_ok_by"]) == (True, NOON, "Ada Lindgren")


def test_what_is_saved_is_what_the_page_shows_and_the_search_finds(house: House) -> None:
    before = page(house, house.dana)
    found = saved(house, house.dana, name="Dána  Reed-Cole", born=None, email="d@example.org", language="en", time_zone="UTC")
    assert (found["name"], found["born"], found["email"]) == ("Dána Reed-Cole", None, "d@example.org")
    assert (found["language"], found["time_zone"], found["version"]) == ("en", "UTC", before["version"] + 1)
    rows, _ = house.ask(questions.find_clients, "cole dana", who=house.ben)
    assert [row["id"] for row in rows] == [house.dana.person]
    keys = house.run(select(PEOPLE.c.email_key, PEOPLE.c.search_name).where(PEOPLE.c.id == house.dana.person))
    assert keys == [("d@example.org", "dana reed-cole")]


def test_a_new_name_is_on_every_open_page_at_once(house: House) -> None:
    sent = house.begin(house.dana, house.ben)
    cursor = house.feed(house.ben).cursor
    saved(house, house.dana, name="Dana Cole")
    assert house.rung == {house.dana.person, house.ben.person}
    (change,) = house.feed(house.ben, cursor).changes
    assert (change.conversation["id"], change.conversation["people"][0]["name"]) == (sent.conversation, "Dana Cole")
    cursor = house.feed(house.ben).cursor
    saved(house, house.dana, email="other@example.org")
    assert (house.rung, house.feed(house.ben, cursor).changes) == (set(), [])
    assert recount.faults(house.connection) == []


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"name": "Dana\x00"}, "name"),
        ({"born": "4 March"}, "born"),
        ({"born": "2099-01-01"}, "born"),
        ({"email": "dana"}, "email"),
        ({"phone": "12"}, "phone"),
        ({"phone": "call me"}, "phone"),
        ({"phone": None, "text_ok": True}, "phone"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
    ],
)
def test_what_cannot_be_saved_names_its_field(house: House, changed: dict[str, Any], field: str) -> None:
    before = house.state()
    refusals = [house.refusal(save_client, house.ben, info(house, house.dana, **changed))]
    refusals.append(house.refusal(save_client, house.ben, ClientInfo(**({"name": "New"} | changed))))
    assert [(type(refusal), refusal.details) for refusal in refusals] == [(Invalid, {"field": field})] * 2
    assert house.state() == before


@pytest.mark.parametrize("email", [None, ""])
def test_a_client_who_is_written_to_keeps_an_address(house: House, email: str | None) -> None:
    before = house.state()
    refusal = house.refusal(save_client, house.ben, info(house, house.dana, email=email))
    assert (type(refusal), refusal.details) == (Invalid, {"field": "email"})
    assert "needs an email address while secure messaging is on" in refusal.message
    assert house.state() == before
    house.do(disable_messaging, house.ben, NamedClient(house.dana.person))
    assert saved(house, house.dana, email=email)["email"] is None


# A new address


def letters(house: House, who: Who) -> list[tuple[str, str | None]]:
    rows = house.run(select(ALERTS.c.kind, ALERTS.c.payload).where(ALERTS.c.person_id == who.person).order_by(ALERTS.c.id))
    return [(row[0], row[1]) for row in rows]


def test_the_old_address_is_told_and_what_went_there_opens_nothing(house: House) -> None:
    sent = house.begin(house.ben, house.dana)
    _, link = house.do(lambda tx, _: mint_link(tx, house.dana.person, sent.conversation, 1))
    reset = house.do(mint, None, Mint(house.dana.person, "password_reset"))
    before = letters(house, house.dana)
    assert house.ask(link_of, link).alive  # type: ignore[union-attr]
    saved(house, house.dana, phone=PHONE)
    assert letters(house, house.dana) == before
    saved(house, house.dana, email="new@example.org")
    assert letters(house, house.dana) == [*before, ("email_changed", "dana@example.org")]
    assert not house.ask(link_of, link).alive  # type: ignore[union-attr]
    assert isinstance(house.refusal(look_at, None, reset), Refused)
    assert letters(house, house.eli) == []


def test_an_invitation_follows_who_has_not_accepted_it_to_the_new_address(house: House) -> None:
    lou = house.someone("client", "Lou Park", like=house.ben, of=[house.ben], email="typo@example.org")
    saved(house, lou, email="lou@example.org")
    assert letters(house, lou) == []  # nothing ever went to the old one
    word = house.do(mint, None, Mint(lou.person, "invitation"))
    saved(house, lou, email="lou.park@example.org")
    assert letters(house, lou) == [("email_changed", "lou@example.org"), ("invitation", None)]
    assert isinstance(house.refusal(look_at, None, word), Refused)


def test_an_address_that_comes_with_enabling_ends_the_old_one_and_invites_once(house: House) -> None:
    gus = house.someone("client", "Gus Two", like=house.ben, of=[house.ben], email="old@example.org", messaging_enabled=False)
    house.do(mint, None, Mint(gus.person, "invitation"))
    house.do(enable_messaging, house.ben, NamedClient(gus.person, "new@example.org"))
    assert letters(house, gus) == [("email_changed", "old@example.org"), ("invitation", None)]
    eve = house.someone("client", "Eve Two", like=house.ben, of=[house.ben], email="eve@example.org", messaging_enabled=False)
    house.do(enable_messaging, house.ben, NamedClient(eve.person, "eve@example.org"))
    assert letters(house, eve) == [("invitation", None)]


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(house: House) -> None:
    old = info(house, house.dana, name="Dana Old")
    saved(house, house.dana, name="Dana New")
    before = house.state()
    assert isinstance(house.refusal(save_client, house.ben, old), Conflict)
    assert house.state() == before


def test_of_two_who_save_at_once_one_is_told(postgresql_template: Template) -> None:
    ada, ben, dana = (postgresql_template.cast[name] for name in ("ada", "ben", "dana"))
    what = ClientInfo("Dana Reed", client=dana.person, version=1, email="dana@example.org")
    other = dataclasses.replace(what, name="Dana Cole")
    with postgresql_template.copy() as address, clock.frozen(NOON):
        first, second = at_once(address, (save_client, ben, what), (save_client, ada, other))
    assert (first, type(second)) == ({"client": dana.person}, Conflict)


# Consent to texts


def test_each_tick_says_who_recorded_it_and_when(house: House) -> None:
    saved(house, house.dana, phone=PHONE)
    with house.at(later(days=1)):
        found = saved(house, house.dana, text_ok=True)
    assert (found["text_ok"], found["text_ok_at"], found["text_ok_by"]) == (True, later(days=1), "Ben Larsen")
    with house.at(later(days=2)):
        found = saved(house, house.dana, house.ada, name="Dana Cole")
    assert (found["text_ok"], found["text_ok_at"], found["text_ok_by"]) == (True, later(days=1), "Ben Larsen")
    with house.at(later(days=3)):
        found = saved(house, house.dana, house.ada, text_ok=False)
        assert (found["text_ok"], found["text_ok_at"], found["text_ok_by"]) == (False, None, None)
        found = saved(house, house.dana, house.ada, text_ok=True)
    assert (found["text_ok"], found["text_ok_at"], found["text_ok_by"]) == (True, later(days=3), "Ada Lindgren")
    columns = (AUDIT.c.at, AUDIT.c.actor_id, AUDIT.c.details, AUDIT.c.client_id)
    rows = house.run(select(*columns).where(AUDIT.c.action == "text_message_ok").order_by(AUDIT.c.id))
    ben, ada, dana = house.ben.person, house.ada.person, house.dana.person
    assert rows == [
        (NOON, ben, "off", dana),  # a number without a tick
        (later(days=1), ben, "on", dana),
        (later(days=3), ada, "off", dana),
        (later(days=3), ada, "on", dana),
    ]


def test_a_new_number_takes_the_consent_away(house: House) -> None:
    saved(house, house.dana, phone=PHONE, text_ok=True)
    found = saved(house, house.dana, phone=OTHER_PHONE)  # the tick of the old number still stands on the page
    assert (found["phone"], found["text_ok"], found["text_ok_at"], found["text_ok_by"]) == (OTHER_PHONE, False, None, None)
    with house.at(later(days=1)):
        found = saved(house, house.dana, text_ok=True)
    assert (found["text_ok"], found["text_ok_at"]) == (True, later(days=1))


def test_a_number_deleted_and_added_again_with_a_tick_turns_texts_on_again(house: House) -> None:
    saved(house, house.dana, phone=PHONE, text_ok=True)
    found = saved(house, house.dana, phone=None, text_ok=False)
    assert (found["phone"], found["text_ok"]) == (None, False)
    with house.at(later(days=1)):
        found = saved(house, house.dana, phone=PHONE, text_ok=True)
    assert (found["text_ok"], found["text_ok_at"], found["text_ok_by"]) == (True, later(days=1), "Ben Larsen")


def test_the_same_number_written_otherwise_is_the_same_number(house: House) -> None:
    saved(house, house.dana, phone=PHONE, text_ok=True)
    found = saved(house, house.dana, phone="555-010-4477")
    assert (found["phone"], found["text_ok"], found["text_ok_at"]) == (PHONE, True, NOON)


# Who may


def test_a_client_is_changed_by_those_who_look_after_them_only(house: House) -> None:
    what = info(house, house.dana, name="Dana Cole")
    before = house.state()
    for who in (house.cleo, house.dana, house.eli, house.hal, house.ivy, house.jon):
        assert isinstance(house.refusal(save_client, who, what), NotFound), who
        for action in (enable_messaging, disable_messaging, invite_again):
            assert isinstance(house.refusal(action, who, NamedClient(house.dana.person, "x@example.org")), NotFound), who
    for other in (house.kim, house.cleo, house.hal):
        what = dataclasses.replace(what, client=other.person)
        assert isinstance(house.refusal(save_client, house.ada, what), NotFound)
    assert house.state() == before


@pytest.mark.parametrize("name", ["dana", "hal"])
def test_only_staff_add_clients(house: House, name: str) -> None:
    assert isinstance(house.refusal(save_client, getattr(house, name), ClientInfo("New")), NotFound)
    scoped = dataclasses.replace(house.ben, scope={})
    assert isinstance(house.refusal(save_client, scoped, ClientInfo("New")), NotFound)


def test_a_therapist_no_longer_assigned_changes_nothing(house: House) -> None:
    what = info(house, house.dana)
    house.unassign(house.dana, house.ben)
    assert isinstance(house.refusal(save_client, house.ben, what), NotFound)


# The third gate


def test_enabling_opens_the_gate_and_invites_who_has_no_password(house: House) -> None:
    lou = house.someone("client", "Lou", like=house.ben, of=[house.ben], email="lou@example.org", messaging_enabled=False)
    refusal = house.refusal(send_messages, house.ben, to_people(lou))
    assert (type(refusal), refusal.details["gate"]) == (Refused, "client")
    house.do(enable_messaging, house.ben, NamedClient(lou.person))
    assert (mails(house), page(house, lou)["messaging_enabled"]) == ([(lou.person, "invitation")], True)
    house.begin(house.ben, lou)  # also before the invitation is accepted
    before = house.state()
    house.do(enable_messaging, house.ben, NamedClient(lou.person, "other@example.org"))
    assert house.state() == before


def test_who_has_a_password_is_not_invited_again(house: House) -> None:
    house.do(enable_messaging, house.ben, NamedClient(house.gus.person))
    assert mails(house) == []
    house.begin(house.gus, house.ben)


def test_enabling_asks_for_an_address_if_there_is_none(house: House) -> None:
    lou = house.someone("client", "Lou", like=house.ben, of=[house.ben], messaging_enabled=False)
    before = house.state()
    for email in (None, "", "nowhere"):
        refusal = house.refusal(enable_messaging, house.ben, NamedClient(lou.person, email))
        assert (type(refusal), refusal.details) == (Invalid, {"field": "email"})
    assert house.state() == before
    house.do(enable_messaging, house.ben, NamedClient(lou.person, "Lou@Example.org"))
    found = page(house, lou)
    assert (found["email"], found["messaging_enabled"]) == ("Lou@example.org", True)
    assert mails(house) == [(lou.person, "invitation")]
    keys = house.run(select(PEOPLE.c.email_key).where(PEOPLE.c.id == lou.person))
    assert keys == [("lou@example.org",)]


def test_disabling_keeps_the_history_readable_and_refuses_every_message_with_the_reason(house: House) -> None:
    sent = house.begin(house.ben, house.dana, body="one")
    cursors = {who: house.feed(who).cursor for who in (house.dana, house.ben)}
    house.do(disable_messaging, house.ben, NamedClient(house.dana.person))
    assert house.rung == {house.dana.person, house.ben.person}
    for who in (house.dana, house.ben):
        (change,) = house.feed(who, cursors[who]).changes
        assert (change.conversation["closed"] or {})["gate"] == "client"
        assert [message["body"] for message in house.page(who, sent).messages] == ["one"]
    for who, what in (
        (house.dana, into(sent)),
        (house.ben, into(sent)),
        (house.ada, to_people(house.dana)),
        (house.dana, to_people(house.ben, subject="New")),
    ):
        refusal = house.refusal(send_messages, who, what)
        assert (type(refusal), refusal.details["gate"]) == (Refused, "client")
    before = house.state()
    house.do(disable_messaging, house.ben, NamedClient(house.dana.person))
    assert house.state() == before
    house.do(enable_messaging, house.ben, NamedClient(house.dana.person))
    house.reply(house.dana, sent)
    assert recount.faults(house.connection) == []


def test_a_new_invitation_goes_to_who_has_an_address_and_no_password(house: House) -> None:
    lou = house.someone("client", "Lou", like=house.ben, of=[house.ben], email="lou@example.org")
    house.do(invite_again, house.ben, NamedClient(lou.person))
    assert mails(house) == [(lou.person, "invitation")]
    nobody = house.someone("client", "Max", like=house.ben, of=[house.ben])
    for who, words in ((house.dana, "a password already"), (nobody, "no email address")):
        refusal = house.refusal(invite_again, house.ben, NamedClient(who.person))
        assert words in refusal.message
    assert len(mails(house)) == 1


def test_the_gate_is_on_record(house: House) -> None:
    house.do(disable_messaging, house.ben, NamedClient(house.dana.person))
    house.do(enable_messaging, house.ada, NamedClient(house.dana.person))
    saved(house, house.dana, email="new@example.org")
    columns = (AUDIT.c.action, AUDIT.c.actor_id, AUDIT.c.client_id, AUDIT.c.details)
    mine = select(*columns).where(AUDIT.c.client_id == house.dana.person, AUDIT.c.actor_id.is_not(None))
    rows = house.run(mine.order_by(AUDIT.c.id))
    assert rows == [
        ("disable_messaging", house.ben.person, house.dana.person, ""),
        ("enable_messaging", house.ada.person, house.dana.person, ""),
        ("save_client", house.ben.person, house.dana.person, "email changed"),
    ]
