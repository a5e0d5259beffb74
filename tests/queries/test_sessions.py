"""Whose a token is, and what became of the sessions of open sockets."""

from __future__ import annotations

from typing import Any

import pytest

from chat.actions.contacts import NamedContact, remove_contact
from chat.actions.messages import send_messages
from chat.actions.sessions import SignIn, end_all_sessions, keep_active, sign_in, sign_out
from chat.actions.staff import Deactivate
from chat.actions.standing import deactivate
from chat.models import Person
from chat.models import Session as SessionRow
from chat.queries.sessions import account, own_password_hash, own_sessions, session_of, sweep
from chat.transaction import Who
from tests.databases import House, to_people
from tests.people import later


def begun(house: House, who: Who, address: str = "203.0.113.7") -> tuple[str, Who]:
    """A new session: its token, and who asks by it."""
    token = house.do(sign_in, None, SignIn(who.person, address, "Firefox"))
    found = house.ask(session_of, token, address)
    assert found is not None
    return token, found.who


def states(house: House, *asking: Who) -> list[str | None]:
    """What the sweep says of each of these sessions; None for one that it does not know."""
    found = house.ask(sweep, [(who.session or 0, who.person) for who in asking])
    return [found[who.session or 0].state if who.session in found else None for who in asking]


# Tokens


def test_a_token_leads_to_its_person_from_where_it_comes_now(house: House) -> None:
    token, who = begun(house, house.dana, "203.0.113.7")
    found = house.ask(session_of, token, "198.51.100.1")
    assert found is not None
    assert (found.who.person, found.who.session, found.who.address) == (house.dana.person, who.session, "198.51.100.1")


def test_the_role_is_the_one_that_the_person_has_now(house: House) -> None:
    token, _ = begun(house, house.ben)
    house.set(Person, house.ben.person, role="administrator")
    found = house.ask(session_of, token, "x")
    assert found is not None
    assert found.who.role == "administrator"


def test_who_is_out_has_no_session_and_an_inactive_client_reads_on(house: House) -> None:
    tokens = {who: begun(house, who)[0] for who in (house.ben, house.hal, house.dana)}
    for who in tokens:
        house.set(Person, who.person, active=False)
    assert [house.ask(session_of, token, "x") is not None for token in tokens.values()] == [False, False, True]


# Accounts


def test_an_account_is_found_by_its_folded_username_alone(house: House) -> None:
    found = house.ask(account, "ben")
    assert found is not None
    assert (found.id, found.organization, found.role) == (house.ben.person, house.ben.organization, "therapist")
    assert found.password_hash == house.ask(own_password_hash, who=house.ben)
    for name in ("nobody", "", "BEN", "ben@example.org"):
        assert house.ask(account, name) is None


def test_who_is_out_has_no_account_and_an_inactive_client_has(house: House) -> None:
    house.do(deactivate, house.ada, Deactivate(house.ben.person, house.cleo.person))
    house.do(deactivate, house.ada, Deactivate(house.dana.person))
    house.do(remove_contact, house.dana, NamedContact(house.hal.person))
    assert [house.ask(account, name) is not None for name in ("ben", "dana", "hal", "cleo")] == [False, True, False, True]


# One's own


def test_ones_own_live_sessions_are_listed_the_latest_used_first(house: House) -> None:
    _, first = begun(house, house.dana, "203.0.113.1")
    begun(house, house.eli)
    with house.at(later(minutes=1)):
        _, second = begun(house, house.dana, "203.0.113.2")
    with house.at(later(minutes=2)):
        house.do(keep_active, first)
    rows = house.ask(own_sessions, who=second)
    assert [(row["id"], row["current"], row["address"]) for row in rows] == [
        (first.session, False, "203.0.113.1"),
        (second.session, True, "203.0.113.2"),
    ]
    assert (rows[0]["agent"], rows[0]["active_at"], rows[0]["scoped"]) == ("Firefox", later(minutes=2), False)
    house.do(sign_out, first)
    assert [row["id"] for row in house.ask(own_sessions, who=second)] == [second.session]
    with house.at(later(days=30, minutes=1)):
        assert house.ask(own_sessions, who=second) == []


# The sweep


def test_the_sweep_tells_each_socket_how_far_its_mailbox_has_come(house: House) -> None:
    _, dana = begun(house, house.dana)
    _, eli = begun(house, house.eli)
    house.do(send_messages, house.ben, to_people(house.dana))
    found = house.ask(sweep, [(who.session or 0, who.person) for who in (dana, eli)])
    assert [(found[who.session or 0].state, found[who.session or 0].change) for who in (dana, eli)] == [("", 1), ("", 0)]


def test_the_sweep_says_which_sockets_must_close_and_why(house: House) -> None:
    asking = [begun(house, who)[1] for who in (house.ada, house.ben, house.cleo, house.dana, house.eli)]
    ada, ben, cleo, dana, eli = asking
    house.do(sign_out, ben)
    house.do(lambda tx, _: end_all_sessions(tx, [house.cleo.person], "password"))
    house.set(Person, house.dana.person, active=False)
    assert states(house, *asking) == ["", "signed_out", "password", "", ""]
    house.set(Person, house.ada.person, active=False)
    assert states(house, ada) == ["revoked"]
    with house.at(later(minutes=15) - 1):
        assert states(house, dana, eli) == ["", ""]
        house.do(keep_active, dana)
    with house.at(later(minutes=15)):
        assert states(house, ada, ben, dana, eli) == ["revoked", "signed_out", "", "locked"]
    house.set(Person, house.ada.person, active=True)
    with house.at(later(hours=12)):
        assert states(house, ada, eli) == ["expired", "locked"]
    assert cleo.session


def test_who_must_set_up_a_second_factor_first_loses_the_socket(house: House) -> None:
    _, ben = begun(house, house.ben)
    _, cleo = begun(house, house.cleo)
    house.set(SessionRow, ben.session or 0, restricted=True)
    assert states(house, ben, cleo) == ["second_factor", ""]
    with house.at(later(minutes=15)):
        assert states(house, ben, cleo) == ["second_factor", "locked"]
    with house.at(later(hours=12)):
        assert states(house, ben, cleo) == ["expired", "expired"]


def test_an_end_without_a_reason_is_a_revocation(house: House) -> None:
    _, who = begun(house, house.dana)
    house.set(SessionRow, who.session or 0, ended_at=later())
    assert states(house, who) == ["revoked"]


def test_a_session_of_somebody_else_or_of_nobody_is_not_known(house: House) -> None:
    _, dana = begun(house, house.dana)
    assert house.ask(sweep, [(dana.session or 0, house.eli.person), (987_654, house.dana.person)]) == {}
    assert house.ask(sweep, []) == {}


@pytest.mark.parametrize("count", [1, 20])
def test_the_sweep_takes_the_same_statements_for_any_number_of_sockets(house: House, count: int) -> None:
    asking: list[Any] = [begun(house, house.dana)[1] for _ in range(count)]
    with house.counted() as seen:
        assert states(house, *asking) == [""] * count
    assert len(seen) == 1
