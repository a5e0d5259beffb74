"""The second factor: codes of an app, each once, and recovery codes for the day it is lost."""

from __future__ import annotations

import dataclasses
from contextlib import suppress

import pyotp
import pytest
from sqlalchemy import select, update

from chat.actions.sessions import SignIn, sign_in
from chat.actions.totp import CODES, Code, check_code, confirm_totp, start_totp, stop_totp
from chat.errors import Invalid, Refused
from chat.lib.clock import SECOND
from chat.models import AuditEntry, Organization, Totp
from chat.models.columns import table
from chat.queries.sessions import has_second_factor, session_of
from chat.transaction import Who
from tests.databases import House
from tests.people import NOON, later

AUDIT, TOTP = table(AuditEntry), table(Totp)
HALF = 30 * SECOND  # NOON is the beginning of a half minute


def code(secret: str, instant: int = NOON) -> str:
    return pyotp.TOTP(secret).at(instant // SECOND)


def begun(house: House, who: Who) -> tuple[str, list[str]]:
    """A second factor in force since a minute before noon: its secret and recovery codes."""
    with house.at(later(minutes=-1)):
        secret = house.do(start_totp, who)["secret"]
        return secret, house.do(confirm_totp, who, Code(code(secret, later(minutes=-1))))["recovery"]


def accepted(house: House, who: Who, word: str) -> bool:
    """Whether the code opens the door."""
    before = house.run(TOTP.select())
    with suppress(Invalid):
        house.do(check_code, None, Code(word, who.person))
        return True
    assert house.run(TOTP.select()) == before
    return False


def test_it_is_in_force_once_a_code_was_given(house: House) -> None:
    answer = house.do(start_totp, house.ben)
    assert (answer["account"], house.ask(has_second_factor, house.ben.person)) == ("ben", False)
    assert not accepted(house, house.ben, code(answer["secret"]))
    recovery = house.do(confirm_totp, house.ben, Code(code(answer["secret"])))["recovery"]
    assert (len(set(recovery)), house.ask(has_second_factor, house.ben.person)) == (CODES, True)
    assert not house.ask(has_second_factor, house.cleo.person)


def test_a_wrong_first_code_puts_nothing_in_force(house: House) -> None:
    secret = house.do(start_totp, house.ben)["secret"]
    refusal = house.refusal(confirm_totp, house.ben, Code(code(secret, later(minutes=5))))
    assert (type(refusal), refusal.details) == (Invalid, {"field": "code"})
    assert not house.ask(has_second_factor, house.ben.person)


def test_before_it_is_in_force_one_may_begin_anew(house: House) -> None:
    first, second = (house.do(start_totp, house.ben)["secret"] for _ in range(2))
    assert first != second
    assert isinstance(house.refusal(confirm_totp, house.ben, Code(code(first))), Invalid)
    house.do(confirm_totp, house.ben, Code(code(second)))


def test_while_one_is_in_force_no_other_begins(house: House) -> None:
    begun(house, house.ben)
    before = house.state()
    assert isinstance(house.refusal(start_totp, house.ben), Refused)
    assert isinstance(house.refusal(confirm_totp, house.ben, Code("123456")), Refused)
    assert isinstance(house.refusal(confirm_totp, house.cleo, Code("123456")), Refused)
    assert house.state() == before


@pytest.mark.parametrize(("halves", "good"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_code_of_the_neighbouring_half_minutes_is_good(house: House, halves: int, good: bool) -> None:
    with house.at(later(minutes=-5)):
        secret, _ = begun_at(house, later(minutes=-5))
    assert accepted(house, house.ben, code(secret, NOON + halves * HALF)) is good


def begun_at(house: House, instant: int) -> tuple[str, list[str]]:
    secret = house.do(start_totp, house.ben)["secret"]
    return secret, house.do(confirm_totp, house.ben, Code(code(secret, instant)))["recovery"]


def test_the_window_ends_to_the_millisecond(house: House) -> None:
    secret, _ = begun(house, house.ben)
    word = code(secret)
    with house.undone(), house.at(NOON + 2 * HALF - 1):
        assert accepted(house, house.ben, word)
    with house.undone(), house.at(NOON + 2 * HALF):
        assert not accepted(house, house.ben, word)


def test_no_code_is_good_twice_nor_one_before_it(house: House) -> None:
    secret, _ = begun(house, house.ben)
    assert accepted(house, house.ben, code(secret))
    assert not accepted(house, house.ben, code(secret))
    assert not accepted(house, house.ben, code(secret, NOON - HALF))
    assert accepted(house, house.ben, code(secret, NOON + HALF))


def test_the_code_that_began_it_is_used_up(house: House) -> None:
    secret, _ = begun_at(house, NOON)
    assert not accepted(house, house.ben, code(secret))


def test_blanks_in_a_code_do_no_harm(house: House) -> None:
    secret, _ = begun(house, house.ben)
    word = code(secret)
    assert accepted(house, house.ben, f" {word[:3]} {word[3:]} ")


@pytest.mark.parametrize("word", ["", "000000", "12345", "1234567", "abc-def", "١٢٣٤٥٦", "🙂", "\x00"])
def test_anything_else_is_refused(house: House, word: str) -> None:
    secret, _ = begun(house, house.ben)
    assert word not in {code(secret, NOON + skew * HALF) for skew in (-1, 0, 1)}
    assert not accepted(house, house.ben, word)


def test_a_code_belongs_to_one_person(house: House) -> None:
    bens, (cleos, recovery) = begun(house, house.ben)[0], begun(house, house.cleo)
    assert bens != cleos
    assert not accepted(house, house.ben, code(cleos))
    assert not accepted(house, house.ben, recovery[0])
    assert not accepted(house, house.dana, code(bens))
    assert accepted(house, house.cleo, code(cleos))


def test_each_recovery_code_opens_once_and_leaves_the_app_as_it_is(house: House) -> None:
    secret, recovery = begun(house, house.ben)
    assert accepted(house, house.ben, recovery[3])
    assert not accepted(house, house.ben, recovery[3])
    assert accepted(house, house.ben, f" {recovery[4].upper()} ")
    assert accepted(house, house.ben, code(secret))
    assert [accepted(house, house.ben, word) for word in recovery] == [index not in {3, 4} for index in range(CODES)]
    columns = (AUDIT.c.person_id, AUDIT.c.action)
    rows = house.run(select(*columns).where(AUDIT.c.action == "recovery_code"))
    assert rows == [(house.ben.person, "recovery_code")] * CODES


def test_a_recovery_code_makes_no_used_code_good_again(house: House) -> None:
    secret, recovery = begun(house, house.ben)
    assert accepted(house, house.ben, code(secret))
    assert accepted(house, house.ben, recovery[0])
    assert not accepted(house, house.ben, code(secret))


def test_neither_secret_nor_codes_are_stored_readably(house: House) -> None:
    secret, recovery = begun(house, house.ben)
    stored = repr(house.state())
    assert secret not in stored
    assert not [word for word in recovery if word in stored]


def test_the_secret_of_one_does_not_open_as_anothers(house: House) -> None:
    begun(house, house.ben)
    begun(house, house.cleo)
    rows = dict(house.run(select(TOTP.c.person_id, TOTP.c.secret)))
    house.run(update(TOTP).where(TOTP.c.person_id == house.ben.person).values(secret=rows[house.cleo.person]))
    with pytest.raises(Exception, match="sealed"):
        house.do(check_code, None, Code("123456", house.ben.person))


def test_it_is_turned_off_with_a_last_code(house: House) -> None:
    secret, recovery = begun(house, house.ben)
    assert isinstance(house.refusal(stop_totp, house.ben, Code("000000")), Invalid)
    assert isinstance(house.refusal(stop_totp, house.cleo, Code(code(secret))), Invalid)
    with house.undone():
        house.do(stop_totp, house.ben, Code(recovery[0]))
        assert not house.ask(has_second_factor, house.ben.person)
    house.do(stop_totp, house.ben, Code(code(secret)))
    assert not house.ask(has_second_factor, house.ben.person)
    assert not accepted(house, house.ben, recovery[0])
    house.do(start_totp, house.ben)


def test_confirming_releases_the_session_that_was_only_let_in_to_set_it_up(house: House) -> None:
    house.set(Organization, house.ben.organization, second_factor_required=True)
    here, there = (house.do(sign_in, None, SignIn(house.ben.person, "x")) for _ in range(2))
    session, other = house.ask(session_of, here, "x"), house.ask(session_of, there, "x")
    assert session is not None
    assert other is not None
    assert (session.restricted, other.restricted) == (True, True)
    stranger = dataclasses.replace(house.cleo, session=other.who.session)
    for who in (session.who, stranger):
        secret = house.do(start_totp, who)["secret"]
        house.do(confirm_totp, who, Code(code(secret)))
    released = [house.ask(session_of, token, "x") for token in (here, there)]
    assert [one is not None and one.restricted for one in released] == [False, True]


@pytest.mark.parametrize(("required", "held"), [(True, [True, True, False]), (False, [False, False, False])])
def test_where_one_is_required_nothing_else_is_open_after_turning_it_off(house: House, required: bool, held: list[bool]) -> None:
    secret, _ = begun(house, house.ben)
    house.set(Organization, house.ben.organization, second_factor_required=required)
    tokens = [house.do(sign_in, None, SignIn(who.person, "x")) for who in (house.ben, house.ben, house.dana)]
    house.do(stop_totp, house.ben, Code(code(secret)))
    found = [house.ask(session_of, token, "x") for token in tokens]
    assert [one is not None and one.restricted for one in found] == held


def test_both_steps_are_on_record(house: House) -> None:
    secret, _ = begun(house, house.ben)
    house.do(stop_totp, house.ben, Code(code(secret)))
    rows = house.run(select(AUDIT.c.action).where(AUDIT.c.action.like("%second_factor")).order_by(AUDIT.c.id))
    assert rows == [("start_second_factor",), ("stop_second_factor",)]
