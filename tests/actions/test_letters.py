"""What is made at the moment of handing over, and what is asked for on a link's page."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlmodel import SQLModel

from chat.actions.alerts import Handing, announce
from chat.actions.invitations import Accept, Forgot, accept, invite, request_password
from chat.actions.letters import (
    Letter,
    ask_for_mail,
    prepare_email_changed,
    prepare_fresh_link,
    prepare_invitation,
    prepare_message,
    prepare_not_read,
    prepare_password_reset,
)
from chat.actions.marks import MarkRead, mark_read
from chat.actions.messages import send_messages
from chat.actions.quick_links import Opening, open_quick_link
from chat.actions.watches import tell_unread
from chat.models import Alert, Invitation, Message, Organization, Person, QuickLink
from chat.models.columns import table
from chat.transaction import Transaction
from tests.databases import House, Sent, to_people
from tests.outbox import after, claim, leaving, settle, states
from tests.people import later

ALERTS = table(Alert)
PREPARE = {
    "message": prepare_message,
    "not_read": prepare_not_read,
    "fresh_link": prepare_fresh_link,
    "invitation": prepare_invitation,
    "password_reset": prepare_password_reset,
    "email_changed": prepare_email_changed,
}


def handed(house: House) -> list[Letter]:
    """All that leaves now, of whatever kind."""
    letters = []
    for mine in claim(house).alerts:
        letter = house.do(PREPARE[mine.kind], None, mine)
        if letter is not None:
            letters.append(letter)
            settle(house, mine, letter=letter)
    return letters


def opened_link(house: House) -> Letter:
    """A link that somebody has opened."""
    house.begin(house.ben, house.dana)
    (letter,) = leaving(house, seconds=10)
    assert house.do(open_quick_link, None, Opening(letter.word or "")) is not None
    return letter


def test_a_letter_holds_what_the_practice_set_and_names_nobody(house: House) -> None:
    here = house.dana.organization
    house.set(Organization, here, mail_name="Harbor", emergency_text="In an emergency call 911.")
    house.begin(house.ben, house.dana, body="canary")
    (letter,) = leaving(house, seconds=10)
    assert (letter.mail_name, letter.emergency_text) == ("Harbor", "In an emergency call 911.")
    assert (letter.prepared_at, letter.ends_at) == (later(seconds=10), later(minutes=15, seconds=10))
    assert not any(word in repr(letter) for word in ("Ben", "Larsen", "Dana", "Reed", "therapist", "canary", "Harbor Counseling"))


def test_elsewhere_a_fresh_link_can_be_mailed_that_ends_at_the_same_moment(house: House) -> None:
    first = opened_link(house)
    with after(house, minutes=9):
        assert house.do(ask_for_mail, None, first.word)
        (letter,) = handed(house)
    assert (letter.template, letter.address, letter.ends_at) == ("message", "dana@example.org", first.ends_at)
    with house.at(first.ends_at - 1):
        assert house.do(open_quick_link, None, Opening(letter.word or "")) is not None
    with house.at(first.ends_at):
        assert house.do(open_quick_link, None, Opening(letter.word or "")) is None


def test_a_fresh_link_that_leaves_too_late_is_not_made(house: House) -> None:
    first = opened_link(house)
    assert house.do(ask_for_mail, None, first.word)
    with house.at(first.ends_at):
        assert handed(house) == []
    assert states(house, house.dana)[-1] == ("dropped", "over")
    assert house.count(QuickLink) == 1


def test_a_page_can_ask_for_three_mails_and_no_more(house: House) -> None:
    first = opened_link(house)
    assert [house.do(ask_for_mail, None, first.word) for _ in range(4)] == [True, True, True, False]
    assert house.run(select(ALERTS.c.kind).where(ALERTS.c.kind == "fresh_link")) == [("fresh_link",)] * 3


def test_nothing_of_the_links_secret_is_kept_in_what_was_asked(house: House) -> None:
    first = opened_link(house)
    house.do(ask_for_mail, None, first.word)
    assert (first.word or "") not in repr(house.state())


def test_who_has_no_password_yet_is_invited_again_from_an_old_link(house: House) -> None:
    first = opened_link(house)
    house.set(Person, house.dana.person, password_hash=None, username=None)
    with after(house, hours=30):
        assert house.do(ask_for_mail, None, first.word)
        (letter,) = handed(house)
    assert (letter.template, letter.link) == ("invitation", None)


def test_who_has_a_password_signs_in_instead(house: House) -> None:
    first = opened_link(house)
    with house.at(first.ends_at):
        assert not house.do(ask_for_mail, None, first.word)
    assert not house.do(ask_for_mail, None, "made up")


def test_an_invitations_word_lets_its_person_choose_a_password(house: House) -> None:
    guest = house.someone("client", "Lee Park", like=house.ben, email="lee@example.org")
    house.do(lambda tx, people: invite(tx, guest.organization, people), None, [guest.person])
    (letter,) = handed(house)
    assert (letter.template, letter.address) == ("invitation", "lee@example.org")
    assert house.do(accept, None, Accept(letter.word or "", "hash", "lee.park")) == {"person": guest.person}


def test_an_invitation_is_dropped_for_who_has_a_password_by_now(house: House) -> None:
    house.do(lambda tx, people: invite(tx, house.dana.organization, people), None, [house.dana.person])
    assert handed(house) == []
    assert states(house, house.dana) == [("dropped", "over")]
    assert house.count(Invitation) == 0


def test_a_reset_is_made_for_who_has_a_password(house: House) -> None:
    house.do(request_password, None, Forgot("dana@example.org"))
    (letter,) = handed(house)
    assert (letter.template, letter.person) == ("password_reset", house.dana.person)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"email": None}, ("failed", "no_address")),
        ({"active": False}, ("dropped", "inactive")),
        ({"password_hash": None}, ("dropped", "over")),
    ],
)
def test_the_facts_of_the_moment_decide_here_too(house: House, change: dict[str, object], expected: tuple[str, str]) -> None:
    house.do(request_password, None, Forgot("ben@example.org"))
    house.set(Person, house.ben.person, **change)
    assert handed(house) == []
    assert states(house, house.ben) == [expected]


def test_an_inactive_client_still_gets_a_new_password_to_read_with(house: House) -> None:
    house.do(request_password, None, Forgot("dana@example.org"))
    house.set(Person, house.dana.person, active=False)
    assert len(handed(house)) == 1


def test_the_address_before_is_told_that_it_was_changed(house: House) -> None:
    def changed(tx: Transaction, payload: str) -> None:
        announce(tx, house.dana.organization, [house.dana.person], "email_changed", payload=payload)

    house.do(changed, None, "before@example.org")
    (letter,) = handed(house)
    assert (letter.template, letter.address, letter.word) == ("email_changed", "before@example.org", None)
    house.do(changed, None, "")
    assert handed(house) == []
    assert states(house, house.dana)[-1] == ("failed", "no_address")


def not_read(house: House) -> None:
    """Ben asked to be told of a message that Dana has not read, and is."""
    house.do(send_messages, house.ben, replace(to_people(house.dana), unread_after=1))
    with after(house, days=1):
        house.do(tell_unread)


def test_who_asked_to_be_told_gets_a_mail_that_says_neither_whose_nor_what(house: House) -> None:
    not_read(house)
    with after(house, days=1):
        letters = [letter for letter in handed(house) if letter.person == house.ben.person]
    (letter,) = letters
    assert (letter.template, letter.address, letter.word, letter.conversation) == ("not_read", "ben@example.org", None, None)
    assert (letter.emergency_text, letter.unread) == ("", 0)


@pytest.mark.parametrize(
    ("model", "change", "expected"),
    [
        (Person, {"active": False}, ("dropped", "inactive")),
        (Organization, {"messaging_enabled": False}, ("dropped", "off")),
        (Person, {"alerts_email": "none"}, ("dropped", "unsubscribed")),
        (Person, {"email": None}, ("failed", "no_address")),
    ],
)
def test_who_asked_to_be_told_is_mailed_by_the_facts_of_the_moment(
    house: House, model: type[SQLModel], change: dict[str, object], expected: tuple[str, str]
) -> None:
    not_read(house)
    house.set(model, house.ben.person if model is Person else house.ben.organization, **change)
    with after(house, days=1):
        assert [letter for letter in handed(house) if letter.person == house.ben.person] == []
    assert states(house, house.ben) == [expected]


def test_nothing_leaves_about_what_was_read_before_the_mail_did(house: House) -> None:
    not_read(house)
    talk = house.run(select(table(Message).c.conversation_id))[0][0]
    with after(house, days=1):
        house.do(mark_read, house.dana, MarkRead(talk, 1))
        assert handed(house) == []
    assert states(house, house.ben) == [("dropped", "read")]


@pytest.mark.parametrize("kind", ["fresh_link", "invitation", "password_reset", "email_changed", "not_read"])
def test_what_is_no_longer_in_these_hands_is_not_made(house: House, kind: str) -> None:
    first = opened_link(house)
    house.do(lambda tx, who: announce(tx, who.organization, [who.person], kind, payload=str(first.link)), None, house.eli)
    (mine,) = claim(house).alerts
    before = house.state()
    assert house.do(PREPARE[kind], None, Handing(mine.alert, mine.attempt - 1, kind, "email")) is None
    assert house.state() == before


def test_what_an_earlier_mail_spoke_of_is_no_reason_for_another(house: House) -> None:
    with after(house):
        house.do(send_messages, house.ben, replace(to_people(house.dana), unread_after=1))
    with after(house, minutes=10):
        place = Sent(**house.do(send_messages, house.ben, replace(to_people(house.eli), unread_after=1)))
    with after(house, days=1):
        house.do(tell_unread)
        assert [letter.template for letter in handed(house) if letter.person == house.ben.person] == ["not_read"]
    with after(house, days=1, minutes=10):
        house.do(tell_unread)
        house.do(mark_read, house.eli, MarkRead(place.conversation, place.seq))
    with after(house, days=1, minutes=70):
        assert [letter for letter in handed(house) if letter.person == house.ben.person] == []
    assert states(house, house.ben) == [("sent", None), ("dropped", "read")]
