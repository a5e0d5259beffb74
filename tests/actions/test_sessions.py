"""Sessions: begun, kept alive by real input, ended here or from elsewhere."""

from __future__ import annotations

import dataclasses

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
from chat.errors import NotFound
from chat.lib.clock import DAY, HOUR, MINUTE
from chat.models import AuditEntry, Organization, Session
from chat.models.columns import table
from chat.queries.sessions import SignedIn, has_second_factor, own_sessions, session_of, sweep
from chat.transaction import Who
from tests.databases import House
from tests.people import NOON, later

SESSIONS, AUDIT = table(Session), table(AuditEntry)


def begun(house: House, who: Who, agent: str = "") -> tuple[str, SignedIn]:
    token = house.do(sign_in, None, SignIn(who.person, "192.0.2.1", agent))
    found = house.ask(session_of, token, "192.0.2.9")
    assert found
    return token, found


def audited(house: House, action: str) -> list[tuple[object, ...]]:
    names = (AUDIT.c.actor_id, AUDIT.c.person_id, AUDIT.c.session_id, AUDIT.c.outcome, AUDIT.c.address)
    return house.run(select(*names).where(AUDIT.c.action == action).order_by(AUDIT.c.id))


@pytest.mark.parametrize(("name", "length"), [("ben", 12 * HOUR), ("ada", 12 * HOUR), ("dana", 30 * DAY), ("hal", 30 * DAY)])
def test_a_session_belongs_to_its_person_and_ends_in_its_time(house: House, name: str, length: int) -> None:
    token, session = begun(house, house.cast[name])
    who = house.cast[name]
    assert session.who == dataclasses.replace(who, session=session.who.session, address="192.0.2.9")
    assert (session.locks_at, session.ends_at, session.restricted) == (NOON + 15 * MINUTE, NOON + length, False)
    with house.at(NOON + length - 1):
        assert house.ask(session_of, token, "")
    with house.at(NOON + length):
        assert house.ask(session_of, token, "") is None


def test_only_a_hash_of_the_token_is_stored(house: House) -> None:
    token, _ = begun(house, house.dana)
    assert token not in str(house.state())
    assert house.ask(session_of, token + "x", "") is None
    assert house.ask(session_of, "", "") is None


def test_every_sign_in_is_a_new_session_on_record(house: House) -> None:
    (first, one), (second, two) = begun(house, house.dana), begun(house, house.dana)
    assert first != second
    assert one.who.session != two.who.session
    dana = house.dana.person
    assert audited(house, "sign_in") == [
        (dana, dana, one.who.session, "done", "192.0.2.1"),
        (dana, dana, two.who.session, "done", "192.0.2.1"),
    ]


def test_a_failed_sign_in_is_on_record_also_for_nobody(house: House) -> None:
    house.do(note_failed_sign_in, None, FailedSignIn("192.0.2.1", house.dana.person, house.dana.organization))
    house.do(note_failed_sign_in, None, FailedSignIn("192.0.2.2"))
    assert audited(house, "sign_in") == [
        (None, house.dana.person, None, "refused", "192.0.2.1"),
        (None, None, None, "refused", "192.0.2.2"),
    ]


def test_real_input_moves_the_lock_and_a_locked_session_stays_locked(house: House) -> None:
    token, session = begun(house, house.dana)
    with house.at(later(minutes=14)):
        house.do(keep_active, session.who)
        moved = house.ask(session_of, token, "")
        assert moved
        assert (moved.locks_at, moved.ends_at) == (later(minutes=29), session.ends_at)
    with house.at(later(minutes=29)):
        assert isinstance(house.refusal(keep_active, session.who), NotFound)
        house.do(unlock, session.who)
        house.do(keep_active, session.who)
    assert [row[2] for row in audited(house, "unlock")] == [session.who.session]


def test_an_ended_session_is_neither_moved_nor_unlocked(house: House) -> None:
    token, session = begun(house, house.ben)
    with house.at(later(hours=12)):
        assert isinstance(house.refusal(unlock, session.who), NotFound)
    house.do(sign_out, session.who)
    for action in (keep_active, unlock):
        assert isinstance(house.refusal(action, session.who), NotFound)
    assert house.ask(session_of, token, "") is None
    house.do(sign_out, session.who)
    assert len(audited(house, "sign_out")) == 1


def test_the_practice_says_how_long_idle_is(house: House) -> None:
    house.set(Organization, house.dana.organization, idle_minutes=2)
    assert begun(house, house.dana)[1].locks_at == later(minutes=2)


def test_staff_without_the_required_second_factor_may_only_set_it_up(house: House) -> None:
    house.set(Organization, house.ben.organization, second_factor_required=True)
    assert begun(house, house.ben)[1].restricted
    assert not begun(house, house.dana)[1].restricted
    assert not house.ask(has_second_factor, house.ben.person)


def test_one_ends_ones_own_sessions_and_nobody_elses(house: House) -> None:
    (token, here), (other_token, other) = begun(house, house.dana, "x" * 300), begun(house, house.dana, "Phone")
    _, bens = begun(house, house.ben)
    listed = house.ask(own_sessions, who=here.who)
    assert [(one["id"], one["current"]) for one in listed] in (
        [(here.who.session, True), (other.who.session, False)],
        [(other.who.session, False), (here.who.session, True)],
    )
    assert {one["agent"] for one in listed} == {"x" * 200, "Phone"}
    assert isinstance(house.refusal(end_session, here.who, NamedSession(bens.who.session or 0)), NotFound)
    house.do(end_session, here.who, NamedSession(other.who.session or 0))
    assert house.ask(session_of, other_token, "") is None
    assert house.ask(session_of, token, "")
    assert len(house.ask(own_sessions, who=here.who)) == 1


def test_all_sessions_of_somebody_end_but_one(house: House) -> None:
    tokens = [begun(house, house.dana) for _ in range(3)]
    bens, _ = begun(house, house.ben)
    kept = tokens[1][1].who.session
    ended = house.do(lambda tx, _: end_all_sessions(tx, [house.dana.person], "password", but=kept or 0))
    assert ended == 2
    assert [house.ask(session_of, token, "") is not None for token, _ in tokens] == [False, True, False]
    assert house.ask(session_of, bens, "")
    swept = house.ask(sweep, [(session.who.session or 0, house.dana.person) for _, session in tokens])
    assert [swept[session.who.session or 0].state for _, session in tokens] == ["password", "", "password"]
