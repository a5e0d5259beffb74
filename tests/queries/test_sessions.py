"""Sessions: whose a token is, and what became of those behind open sockets."""

from __future__ import annotations

from chat.actions.sessions import SignIn, sign_in
from chat.models import Person
from chat.queries.sessions import SignedIn, account, own_password_hash, session_of, sweep
from chat.transaction import Who
from tests.databases import House
from tests.people import later


def begun(house: House, who: Who) -> tuple[str, SignedIn]:
    token = house.do(sign_in, None, SignIn(who.person, "192.0.2.1"))
    found = house.ask(session_of, token, "192.0.2.9")
    assert found
    return token, found


def test_deactivated_staff_are_out_and_inactive_clients_still_read(house: House) -> None:
    ben, dana = begun(house, house.ben), begun(house, house.dana)
    for who in (house.ben, house.dana):
        house.set(Person, who.person, active=False)
    assert house.ask(session_of, ben[0], "") is None
    assert house.ask(session_of, dana[0], "")
    assert (house.ask(account, "ben") is None, house.ask(account, "dana") is None) == (True, False)
    swept = house.ask(sweep, [(one[1].who.session or 0, one[1].who.person) for one in (ben, dana)])
    assert [swept[one[1].who.session or 0].state for one in (ben, dana)] == ["revoked", ""]


def test_the_sweep_says_what_became_of_each_socket(house: House) -> None:
    (_, ben), (_, dana) = begun(house, house.ben), begun(house, house.dana)
    house.begin(house.ben, house.dana)
    sockets = [
        (ben.who.session or 0, house.ben.person),
        (dana.who.session or 0, house.dana.person),
        (dana.who.session or 0, house.eli.person),
    ]
    found = house.ask(sweep, [*sockets, (999_999, house.dana.person)])
    assert {session: (one.state, one.change) for session, one in found.items()} == {
        sockets[0][0]: ("", 1),
        sockets[1][0]: ("", 1),
    }
    with house.at(later(minutes=15)):
        assert house.ask(sweep, sockets[:1])[sockets[0][0]].state == "locked"
    with house.at(later(hours=12)):
        assert house.ask(sweep, sockets[:1])[sockets[0][0]].state == "expired"


def test_an_account_is_found_by_its_username_alone(house: House) -> None:
    found = house.ask(account, "dana")
    assert found
    assert (found.id, found.organization, found.role) == (house.dana.person, house.dana.organization, "client")
    assert found.password_hash == house.ask(own_password_hash, who=house.dana)
    assert house.ask(account, "Dana") is None
    assert house.ask(account, "nobody") is None
