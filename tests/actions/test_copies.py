"""Cc by clients: from a message on, for their own contacts, and nobody else's doing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from chat.actions.copies import DropCc, drop_cc
from chat.actions.messages import send_messages
from chat.errors import Conflict, NotFound, Refused
from chat.models import Alert
from chat.models.columns import table
from chat.transaction import Who
from tests.databases import House, Sent, into, to_people


def begin(house: House, *cc: Who, body: str = "With my father") -> Sent:
    what = replace(to_people(house.ben, body=body), cc=tuple(one.person for one in cc))
    return Sent(**house.do(send_messages, house.dana, what))


def bodies(house: House, who: Who, talk: Sent) -> list[str]:
    return [message["body"] for message in house.page(who, talk).messages]


def test_a_cc_begins_a_thread_that_the_contact_reads_and_answers(house: House) -> None:
    direct = house.begin(house.ben, house.dana)
    talk = begin(house, house.hal)
    assert talk.conversation != direct.conversation, "a Cc never joins the direct conversation"
    assert bodies(house, house.hal, talk) == ["With my father"]
    house.reply(house.hal, talk, body="Hello from Hal")
    message = house.page(house.ben, talk).messages[-1]
    assert (message["to"], message["cc"]) == (["Ben Larsen", "Dana Reed"], [])
    assert house.page(house.ben, talk).messages[0]["cc"] == ["Hal Reed"]


def test_what_was_said_before_stays_from_the_contact(house: House) -> None:
    talk = house.begin(house.dana, house.ben, subject="Plan", body="before")
    house.do(send_messages, house.dana, replace(into(talk, body="now with Hal"), cc=(house.hal.person,)))
    house.reply(house.ben, talk, body="to both")
    assert bodies(house, house.hal, talk) == ["now with Hal", "to both"]
    assert house.page(house.hal, talk).messages[0]["after"] == 0


def test_who_was_dropped_keeps_what_was_sent_and_gets_no_more(house: House) -> None:
    talk = begin(house, house.hal)
    house.do(drop_cc, house.dana, DropCc(talk.conversation, house.hal.person))
    house.reply(house.dana, talk, body="private")
    assert bodies(house, house.hal, talk) == ["With my father"]
    row = house.row(house.hal, talk)
    assert row["closed"] is not None
    assert row["closed"]["gate"] == "cc"
    assert isinstance(house.refusal(send_messages, house.hal, into(talk)), NotFound)
    house.do(send_messages, house.dana, replace(into(talk, body="again"), cc=(house.hal.person,)))
    assert bodies(house, house.hal, talk) == ["With my father", "again"]
    assert house.row(house.hal, talk)["visible"] == 2
    assert house.row(house.hal, talk)["closed"] is None


@pytest.mark.parametrize("other", ["ben", "eli", "hal", "ada", "kim"])
def test_nobody_but_the_client_adds_or_drops_a_contact(house: House, other: str) -> None:
    talk = begin(house, house.hal)
    who = getattr(house, other)
    before = house.state()
    assert isinstance(house.refusal(send_messages, who, replace(into(talk), cc=(house.hal.person,))), NotFound)
    assert isinstance(house.refusal(drop_cc, who, DropCc(talk.conversation, house.hal.person)), NotFound)
    assert house.state() == before


def test_somebody_elses_contact_and_people_who_are_none_are_not_found(house: House) -> None:
    for wrong in (house.eli, house.ben, house.kim):
        what = replace(to_people(house.ben), cc=(wrong.person,))
        assert isinstance(house.refusal(send_messages, house.dana, what), NotFound)
    talk = house.begin(house.eli, house.ben, subject="Eli's")
    assert isinstance(house.refusal(send_messages, house.eli, replace(into(talk), cc=(house.hal.person,))), NotFound)


def test_a_cc_never_joins_a_direct_conversation(house: House) -> None:
    talk = house.begin(house.ben, house.dana)
    assert isinstance(house.refusal(send_messages, house.dana, replace(into(talk), cc=(house.hal.person,))), Refused)


def test_staff_who_did_not_know_of_the_cc_are_told_and_nothing_is_sent(house: House) -> None:
    talk = begin(house, house.hal)
    refusal = house.refusal(send_messages, house.ben, replace(into(talk), expects=frozenset({house.dana.person})))
    assert isinstance(refusal, Conflict)
    assert refusal.details == {"people": ["Dana Reed", "Hal Reed"]}
    both = frozenset({house.dana.person, house.hal.person})
    assert house.do(send_messages, house.ben, replace(into(talk), expects=both))["seq"] == 2


def test_a_contact_without_a_password_is_invited_with_the_first_cc(house: House) -> None:
    ida = house.someone(
        "contact", "Ida Reed", like=house.dana, client=house.dana.person, email="ida@example.org", relation="sister"
    )
    begin(house, ida, house.hal)
    begin(house, ida)
    alerts = table(Alert)
    invited = house.run(select(alerts.c.person_id).where(alerts.c.kind == "invitation"))
    assert {row[0] for row in invited} == {ida.person}, "Hal has a password already"
