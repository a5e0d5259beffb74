"""Ways to a password: each link works once and for its time, and asking for one tells nobody anything."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from chat.actions.contacts import NamedContact, remove_contact
from chat.actions.invitations import (
    Accept,
    Forgot,
    Mint,
    accept,
    check_password,
    checked_username,
    look_at,
    mint,
    request_password,
)
from chat.actions.sessions import SignIn, sign_in
from chat.actions.staff import Deactivate
from chat.actions.standing import deactivate
from chat.errors import Conflict, Invalid, Refused
from chat.lib import clock
from chat.lib.passwords import COMMON
from chat.models import Alert, AuditEntry, Invitation, Person, Session
from chat.models.columns import table
from chat.queries.people import me
from chat.queries.sessions import account
from chat.transaction import Who
from tests.databases import House, Template
from tests.people import NOON, later
from tests.races import alone, at_once

PEOPLE, ALERTS, SESSIONS, AUDIT = table(Person), table(Alert), table(Session), table(AuditEntry)
WEEK, HALF_HOUR = later(days=7), later(minutes=30)


@pytest.fixture
def lou(house: House) -> Who:
    """A new client, who has no password yet."""
    return house.someone("client", "Lou Weiss", like=house.ben, of=[house.ben], email="Lou@example.org")


def invitation(house: House, who: Who) -> str:
    word: str = house.do(mint, None, Mint(who.person, "invitation"))
    return word


def reset(house: House, who: Who) -> str:
    word: str = house.do(mint, None, Mint(who.person, "password_reset"))
    return word


def works(house: House, word: str) -> bool:
    """Whether the link still leads anywhere, by looking at it and by using it, which must agree."""
    answers = []
    with house.undone():
        for run in (lambda: house.ask(look_at, word), lambda: house.do(accept, None, Accept(word, "hash", "someone-new"))):
            try:
                answers.append(bool(run()))
            except Refused:
                answers.append(False)
    assert answers[0] == answers[1]
    return answers[0]


# Links


def test_an_invitation_chooses_username_and_password(house: House, lou: Who) -> None:
    word = invitation(house, lou)
    assert house.ask(look_at, word) == {"purpose": "invitation", "username": None, "name": "Lou Weiss"}
    assert house.do(accept, None, Accept(word, "the hash", " Lou.Weiss ")) == {"person": lou.person}
    found = house.ask(account, "lou.weiss")
    assert found is not None
    assert (found.id, found.password_hash) == (lou.person, "the hash")


def test_a_reset_keeps_the_username(house: House) -> None:
    word = reset(house, house.dana)
    assert house.ask(look_at, word) == {"purpose": "password_reset", "username": "dana", "name": "Dana Reed"}
    house.do(accept, None, Accept(word, "new hash", "somebody-else"))
    found = house.ask(account, "dana")
    assert found is not None
    assert found.password_hash == "new hash"


def test_the_page_that_one_accepted_on_becomes_ones_language_if_it_is_for_ones_role(house: House, lou: Who) -> None:
    house.do(accept, None, Accept(invitation(house, lou), "hash", "lou", "ar"))
    house.do(accept, None, Accept(reset(house, house.cleo), "hash", language="es"))
    house.do(accept, None, Accept(reset(house, house.ben), "hash", language="ar"))
    assert [house.ask(me, who=who)["language"] for who in (lou, house.cleo, house.ben)] == ["ar", "es", None]


def test_an_invitation_lasts_seven_days_to_the_millisecond_and_a_reset_thirty_minutes(house: House, lou: Who) -> None:
    for word, end in ((invitation(house, lou), WEEK), (reset(house, house.dana), HALF_HOUR)):
        with house.at(end - 1):
            assert works(house, word)
        with house.at(end):
            assert not works(house, word)


def test_a_link_works_once(house: House, lou: Who) -> None:
    for who, word in ((lou, invitation(house, lou)), (house.dana, reset(house, house.dana))):
        house.do(accept, None, Accept(word, "first", "lou"))
        before = house.state()
        refusal = house.refusal(accept, None, Accept(word, "second", "lou"))
        assert (type(refusal), refusal.details) == (Refused, {"gate": "link"})
        assert not works(house, word), who
        assert house.state() == before


def test_older_and_newer_links_work_until_one_of_them_is_used(house: House, lou: Who) -> None:
    older, newer, others = invitation(house, lou), invitation(house, lou), reset(house, house.dana)
    assert works(house, older)
    assert works(house, newer)
    house.do(accept, None, Accept(older, "hash", "lou"))
    assert [works(house, word) for word in (older, newer, others)] == [False, False, True]
    latest = reset(house, lou)
    assert works(house, latest)


def test_of_two_who_use_a_link_at_once_one_is_told(postgresql_template: Template) -> None:
    dana = postgresql_template.cast["dana"]
    with postgresql_template.copy() as address, clock.frozen(NOON):
        (word,) = alone(address, (mint, None, Mint(dana.person, "password_reset")))
        first, second = at_once(address, (accept, None, Accept(word, "first")), (accept, None, Accept(word, "second")))
    assert (first, type(second)) == ({"person": dana.person}, Refused)


def test_a_made_up_link_leads_nowhere(house: House) -> None:
    assert not works(house, "x" * 43)
    assert not works(house, "")


def test_only_the_hash_of_a_token_is_stored(house: House, lou: Who) -> None:
    word = invitation(house, lou)
    assert word not in repr(house.state())
    assert house.count(Invitation) == 1


def test_who_is_out_cannot_come_back_by_a_link_and_an_inactive_client_reads_on(house: House) -> None:
    links = {who: reset(house, who) for who in (house.ben, house.hal, house.dana)}
    house.do(deactivate, house.ada, Deactivate(house.ben.person, house.cleo.person))
    house.do(remove_contact, house.dana, NamedContact(house.hal.person))
    house.do(deactivate, house.ada, Deactivate(house.dana.person))
    assert [works(house, links[who]) for who in (house.ben, house.hal, house.dana)] == [False, False, True]


def test_a_new_password_ends_every_session(house: House) -> None:
    for _ in range(2):
        house.do(sign_in, None, SignIn(house.dana.person, "here"))
    house.do(sign_in, None, SignIn(house.eli.person, "here"))
    house.do(accept, None, Accept(reset(house, house.dana), "hash"))
    reasons = house.run(select(SESSIONS.c.person_id, SESSIONS.c.end_reason).order_by(SESSIONS.c.id))
    dana, eli = house.dana.person, house.eli.person
    assert reasons == [(dana, "password"), (dana, "password"), (eli, None)]


def test_both_ways_are_on_record(house: House, lou: Who) -> None:
    house.do(accept, None, Accept(invitation(house, lou), "hash", "lou"))
    house.do(accept, None, Accept(reset(house, lou), "hash"))
    rows = house.run(select(AUDIT.c.action, AUDIT.c.organization_id).where(AUDIT.c.actor_id == lou.person).order_by(AUDIT.c.id))
    assert rows == [("accept_invitation", lou.organization), ("reset_password", lou.organization)]


# Usernames and passwords


@pytest.mark.parametrize("name", [None, "", "ab", "a b c", "x" * 61, "tab\there"])
def test_a_username_has_3_to_60_characters_without_blanks(house: House, lou: Who, name: str | None) -> None:
    word = invitation(house, lou)
    before = house.state()
    refusal = house.refusal(accept, None, Accept(word, "hash", name))
    assert (type(refusal), refusal.details) == (Invalid, {"field": "username"})
    assert house.state() == before


@pytest.mark.parametrize("name", ["dana", "DANA", " ｄａｎａ ", "kim"])
def test_a_username_that_is_taken_anywhere_is_refused_and_the_link_still_works(house: House, lou: Who, name: str) -> None:
    word = invitation(house, lou)
    refusal = house.refusal(accept, None, Accept(word, "hash", name))
    assert (type(refusal), refusal.details) == (Conflict, {"field": "username"})
    assert works(house, word)


def test_ones_own_username_is_not_taken(house: House) -> None:
    def chosen(tx: object, person: int) -> str:
        return checked_username(tx, person, "Dana")  # type: ignore[arg-type]

    assert house.do(chosen, None, house.dana.person) == "dana"
    assert isinstance(house.refusal(chosen, None, 0), Conflict)


@pytest.mark.parametrize(
    ("password", "username"),
    [
        ("short pass"[:9], ""),
        ("", ""),
        ("aaaaaaaaaaaa", ""),
        ("abcabcabcabc", ""),
        ("Dana.Reed.1994", "dana.reed.1994"),
        (sorted(COMMON)[0], ""),
        (sorted(COMMON)[-1].upper(), ""),
    ],
)
def test_short_and_common_passwords_are_refused(password: str, username: str) -> None:
    with pytest.raises(Invalid) as caught:
        check_password(password, username)
    assert caught.value.details == {"field": "password"}


@pytest.mark.parametrize("password", ["four words are good", "x9!kq2m#7z", "пароль для нас"])
def test_other_passwords_are_good(password: str) -> None:
    check_password(password, "dana")


# Forgotten


def asked(house: House, name: str) -> list[tuple[int, str]]:
    """The mails that asking for a password by this name brings; the answer tells nothing."""
    before = {row[0] for row in house.run(select(ALERTS.c.id))}
    assert house.do(request_password, None, Forgot(name, "203.0.113.7")) == {}
    rows = house.run(select(ALERTS.c.id, ALERTS.c.person_id, ALERTS.c.kind, ALERTS.c.state, ALERTS.c.due_at))
    new = [row for row in rows if row[0] not in before]
    assert {row[3:] for row in new} <= {("waiting", NOON)}
    return [(row[1], row[2]) for row in new]


@pytest.mark.parametrize("name", ["dana", " DANA ", "dana@example.org", "Dana@Example.ORG"])
def test_a_reset_is_mailed_to_whom_the_username_or_address_names(house: House, name: str) -> None:
    assert asked(house, name) == [(house.dana.person, "password_reset")]


def test_who_has_no_password_yet_gets_the_invitation_again(house: House, lou: Who) -> None:
    assert asked(house, "lou@example.org") == [(lou.person, "invitation")]


@pytest.mark.parametrize("name", ["nobody", "nobody@example.org", "", " ", "%", "dan_"])
def test_an_unknown_name_gets_the_same_answer_and_no_mail(house: House, name: str) -> None:
    before = house.state()
    assert asked(house, name) == []
    assert house.state() == before


def test_nothing_is_mailed_to_who_is_out_or_has_no_address(house: House) -> None:
    nobody = house.someone("client", "Max", like=house.ben, username="max")
    house.do(deactivate, house.ada, Deactivate(house.ben.person, house.cleo.person))
    house.do(deactivate, house.ada, Deactivate(house.dana.person))
    assert [asked(house, name) for name in ("ben", "max")] == [[], []]
    assert asked(house, "dana") == [(house.dana.person, "password_reset")]
    assert nobody.person


def test_those_who_share_an_address_get_a_mail_each_and_not_too_many(house: House) -> None:
    family = [house.someone("client", f"Kid {n}", like=house.ben, email="family@example.org") for n in range(7)]
    assert len(asked(house, "family@example.org")) == 5
    assert len(family) == 7


def test_the_request_is_on_record_with_where_it_came_from(house: House) -> None:
    asked(house, "dana")
    rows = house.run(
        select(AUDIT.c.organization_id, AUDIT.c.person_id, AUDIT.c.address).where(AUDIT.c.action == "request_password")
    )
    assert rows == [(house.dana.organization, house.dana.person, "203.0.113.7")]
