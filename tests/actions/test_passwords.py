"""Changing one's own password."""

from __future__ import annotations

import dataclasses

from sqlalchemy import select

from chat.actions.passwords import NewPassword, change_password
from chat.actions.sessions import SignIn, sign_in
from chat.models import AuditEntry, Session
from chat.models.columns import table
from chat.queries.sessions import account, own_password_hash, session_of
from tests.databases import House

SESSIONS, AUDIT = table(Session), table(AuditEntry)


def test_a_new_password_ends_every_other_session(house: House) -> None:
    here, there = (house.do(sign_in, None, SignIn(house.dana.person, "x")) for _ in range(2))
    other = house.do(sign_in, None, SignIn(house.eli.person, "x"))
    session = house.ask(session_of, here, "x")
    assert session is not None
    house.do(change_password, session.who, NewPassword("the new hash"))
    assert [house.ask(session_of, token, "x") is not None for token in (here, there, other)] == [True, False, True]
    reasons = house.run(select(SESSIONS.c.end_reason).order_by(SESSIONS.c.id))
    assert reasons == [(None,), ("password",), (None,)]


def test_only_the_askers_password_changes(house: House) -> None:
    before = house.ask(own_password_hash, who=house.eli)
    house.do(change_password, house.dana, NewPassword("the new hash"))
    assert house.ask(own_password_hash, who=house.dana) == "the new hash"
    assert house.ask(own_password_hash, who=house.eli) == before
    found = house.ask(account, "dana")
    assert found is not None
    assert found.password_hash == "the new hash"


def test_without_a_session_every_one_ends(house: House) -> None:
    token = house.do(sign_in, None, SignIn(house.dana.person, "x"))
    house.do(change_password, dataclasses.replace(house.dana, session=None), NewPassword("the new hash"))
    assert house.ask(session_of, token, "x") is None


def test_the_change_is_on_record(house: House) -> None:
    house.do(change_password, house.dana, NewPassword("the new hash"))
    rows = house.run(select(AUDIT.c.actor_id, AUDIT.c.person_id).where(AUDIT.c.action == "change_password"))
    assert rows == [(house.dana.person, house.dana.person)]
    assert "the new hash" not in repr(house.run(AUDIT.select()))
