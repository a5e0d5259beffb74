"""Sessions: begun at sign-in, kept alive by real input, ended at sign-out or from elsewhere."""

from __future__ import annotations

from typing import Any

import pyotp
import pytest
from sqlalchemy import select

from chat.actions.sessions import (
    FailedSignIn,
    NamedSession,
    SignIn,
    end_all_sessions,
    end_session,
    keep_active,
    note_failed_sign_in,
    sign_in,
    sign_out,
    unlock,
)
from chat.actions.totp import Code, confirm_totp, start_totp
from chat.errors import NotFound
from chat.models import AuditEntry, Organization, Session
from chat.models.columns import table
from chat.queries.sessions import SignedIn, session_of
from chat.transaction import Who
from tests.databases import House
from tests.people import NOON, later

SESSIONS, AUDIT = table(Session), table(AuditEntry)


def begun(house: House, who: Who, agent: str = "Firefox") -> str:
    token: str = house.do(sign_in, None, SignIn(who.person, "203.0.113.7", agent))
    return token


def session(house: House, token: str) -> SignedIn:
    """The live session behind a token; there must be one."""
    found = house.ask(session_of, token, "203.0.113.7")
    assert found is not None
    return found


def lives(house: House, token: str) -> bool:
    return house.ask(session_of, token, "203.0.113.7") is not None


# Beginning


def test_a_session_is_its_persons_and_knows_when_it_locks_and_ends(house: House) -> None:
    token = begun(house, house.ben)
    found = session(house, token)
    who = found.who
    assert (who.person, who.organization, who.role, who.scope) == (house.ben.person, house.ben.organization, "therapist", None)
    assert (found.locks_at, found.ends_at, found.restricted) == (later(minutes=15), later(hours=12), False)
    assert not lives(house, token + "x")
    assert not lives(house, "")


def test_only_the_hash_of_the_token_is_stored(house: House) -> None:
    token = begun(house, house.ben)
    assert len(token) >= 32
    assert token not in repr(house.state())
    assert begun(house, house.ben) != token


def test_staff_are_signed_out_after_twelve_hours_in_any_case_and_clients_after_thirty_days(house: House) -> None:
    staff, clients = later(hours=12), later(days=30)
    for who, end in ((house.ben, staff), (house.ada, staff), (house.dana, clients), (house.hal, clients)):
        token = begun(house, who)
        assert session(house, token).ends_at == end
        with house.at(end - 1):
            assert lives(house, token)
        with house.at(end):
            assert not lives(house, token)


def test_the_name_of_a_browser_is_kept_short(house: House) -> None:
    begun(house, house.ben, "x" * 500)
    assert house.run(select(SESSIONS.c.agent, SESSIONS.c.address)) == [("x" * 200, "203.0.113.7")]


@pytest.mark.parametrize(("name", "restricted"), [("ada", True), ("ben", True), ("dana", False), ("hal", False), ("jon", False)])
def test_where_a_second_factor_is_required_staff_without_one_only_set_it_up(house: House, name: str, restricted: bool) -> None:
    house.set(Organization, house.ada.organization, second_factor_required=True)
    assert session(house, begun(house, getattr(house, name))).restricted is restricted


def test_who_has_the_second_factor_is_not_held_up(house: House) -> None:
    house.set(Organization, house.ada.organization, second_factor_required=True)
    secret = house.do(start_totp, house.ben)["secret"]
    assert session(house, begun(house, house.ben)).restricted  # not in force yet
    house.do(confirm_totp, house.ben, Code(pyotp.TOTP(secret).at(NOON // 1_000)))
    assert not session(house, begun(house, house.ben)).restricted


# Idle


def test_an_idle_session_locks_as_the_practice_says(house: House) -> None:
    house.set(Organization, house.ada.organization, idle_minutes=3)
    token = begun(house, house.ben)
    assert session(house, token).locks_at == later(minutes=3)
    with house.at(later(minutes=2)):
        house.do(keep_active, session(house, token).who)
    assert session(house, token).locks_at == later(minutes=5)


def test_real_input_keeps_a_session_open_and_opens_no_locked_one(house: House) -> None:
    token = begun(house, house.ben)
    who = session(house, token).who
    with house.at(later(minutes=15) - 1):
        house.do(keep_active, who)
    end = later(minutes=30) - 1
    assert session(house, token).locks_at == end
    with house.at(end):
        before = house.state()
        assert isinstance(house.refusal(keep_active, who), NotFound)
        assert house.state() == before
        house.do(unlock, who)
        assert session(house, token).locks_at == end + 15 * 60_000
        house.do(keep_active, who)


def test_no_input_moves_the_end(house: House) -> None:
    token = begun(house, house.ben)
    who = session(house, token).who
    with house.at(later(hours=12) - 1):
        house.do(unlock, who)
        house.do(keep_active, who)
        assert session(house, token).ends_at == later(hours=12)
    with house.at(later(hours=12)):
        assert isinstance(house.refusal(unlock, who), NotFound)


@pytest.mark.parametrize("action", [keep_active, unlock])
def test_a_session_that_ended_stays_ended(house: House, action: Any) -> None:
    token = begun(house, house.ben)
    who = session(house, token).who
    house.do(sign_out, who)
    before = house.state()
    assert isinstance(house.refusal(action, who), NotFound)
    assert house.state() == before
    assert not lives(house, token)


# Ending


def test_signing_out_ends_the_session_that_asks_and_no_other(house: House) -> None:
    here, there, other = begun(house, house.ben), begun(house, house.ben), begun(house, house.dana)
    who = session(house, here).who
    house.do(sign_out, who)
    assert [lives(house, token) for token in (here, there, other)] == [False, True, True]
    before = house.state()
    assert house.do(sign_out, who) == {}
    assert house.state() == before
    assert house.run(select(SESSIONS.c.end_reason).order_by(SESSIONS.c.id)) == [("signed_out",), (None,), (None,)]


def test_one_ends_ones_own_sessions_only(house: House) -> None:
    here, there, other = begun(house, house.ben), begun(house, house.ben), begun(house, house.dana)
    who, mine = session(house, here).who, session(house, there).who.session or 0
    before = house.state()
    for foreign in (session(house, other).who.session or 0, 987_654):
        assert isinstance(house.refusal(end_session, who, NamedSession(foreign)), NotFound)
    assert house.state() == before
    house.do(end_session, who, NamedSession(mine))
    assert [lives(house, token) for token in (here, there, other)] == [True, False, True]
    assert isinstance(house.refusal(end_session, who, NamedSession(mine)), NotFound)
    house.do(end_session, who, NamedSession(who.session or 0))
    assert not lives(house, here)


def test_all_sessions_of_some_people_end_but_one(house: House) -> None:
    tokens = [begun(house, who) for who in (house.ben, house.ben, house.cleo, house.dana)]
    keep = session(house, tokens[0]).who.session or 0
    people = [house.ben.person, house.cleo.person]
    assert house.do(lambda tx, _: end_all_sessions(tx, people, "revoked", but=keep)) == 2
    assert [lives(house, token) for token in tokens] == [True, False, False, True]
    assert house.do(lambda tx, _: end_all_sessions(tx, people, "revoked")) == 1
    assert house.do(lambda tx, _: end_all_sessions(tx, people, "revoked")) == 0


# On record


def test_each_step_is_on_record_with_session_and_address(house: House) -> None:
    token = begun(house, house.ben)
    who = session(house, token).who
    house.do(unlock, who)
    other = session(house, begun(house, house.ben)).who.session or 0
    house.do(end_session, who, NamedSession(other))
    house.do(sign_out, who)
    columns = (AUDIT.c.action, AUDIT.c.session_id, AUDIT.c.address, AUDIT.c.outcome)
    rows = house.run(select(*columns).where(AUDIT.c.actor_id == house.ben.person).order_by(AUDIT.c.id))
    number, place = who.session, "203.0.113.7"
    assert rows == [
        ("sign_in", number, place, "done"),
        ("unlock", number, place, "done"),
        ("sign_in", other, place, "done"),
        ("end_session", number, place, "done"),
        ("sign_out", number, place, "done"),
    ]


def test_a_password_tried_in_vain_is_on_record_where_the_account_is(house: House) -> None:
    house.do(note_failed_sign_in, None, FailedSignIn("203.0.113.9", house.ben.person, house.ben.organization))
    house.do(note_failed_sign_in, None, FailedSignIn("203.0.113.9"))
    columns = (AUDIT.c.organization_id, AUDIT.c.person_id, AUDIT.c.address, AUDIT.c.actor_id)
    rows = house.run(select(*columns).where(AUDIT.c.outcome == "refused").order_by(AUDIT.c.id))
    assert rows == [(house.ben.organization, house.ben.person, "203.0.113.9", None), (None, None, "203.0.113.9", None)]
