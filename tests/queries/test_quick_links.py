"""What a quick link's page and a session's scope are made of."""

from __future__ import annotations

from chat.actions.letters import Letter
from chat.actions.quick_links import Opening, open_quick_link
from chat.models import Organization, Person
from chat.queries.quick_links import link_numbered, link_of, scopes
from chat.queries.sessions import session_of, sweep
from tests.databases import House
from tests.outbox import leaving
from tests.people import later

OVER = later(minutes=15, seconds=10)


def a_letter(house: House) -> Letter:
    house.begin(house.ben, house.dana)
    (letter,) = leaving(house, seconds=10)
    return letter


def test_a_link_tells_its_page_what_it_needs_and_no_name(house: House) -> None:
    house.set(Organization, house.dana.organization, mail_name="Harbor", time_zone="America/New_York")
    letter = a_letter(house)
    link = house.ask(link_of, letter.word or "")
    assert link is not None
    assert (link.person, link.conversation, link.client) == (house.dana.person, letter.conversation, house.dana.person)
    assert (link.alive, link.password, link.opened, link.ends_at) == (True, True, 0, OVER)
    assert (link.mail_name, link.time_zone) == ("Harbor", "America/New_York")
    assert house.ask(link_numbered, letter.link or 0) == link
    house.set(Person, house.dana.person, time_zone="Europe/Berlin", password_hash=None)
    again = house.ask(link_of, letter.word or "")
    assert again is not None
    assert (again.time_zone, again.password) == ("Europe/Berlin", False)


def test_a_word_that_was_never_made_leads_nowhere(house: House) -> None:
    a_letter(house)
    assert house.ask(link_of, "made up") is None
    assert house.ask(link_numbered, 999_999) is None


def test_a_link_dies_at_its_moment(house: House) -> None:
    letter = a_letter(house)
    alive = []
    for instant in (OVER - 1, OVER):
        with house.at(instant):
            link = house.ask(link_of, letter.word or "")
            assert link is not None
            alive.append(link.alive)
    assert alive == [True, False]


def test_the_sweep_tells_open_sockets_what_is_left_of_their_scope(house: House) -> None:
    letter = a_letter(house)
    opened = house.do(open_quick_link, None, Opening(letter.word or ""))
    sockets = [(opened.session, house.dana.person)]
    swept = house.ask(sweep, sockets)[opened.session]
    assert (swept.state, swept.scope) == ("", {letter.conversation: OVER})
    with house.at(OVER):
        assert house.ask(sweep, sockets)[opened.session].state == "expired"
    house.set(Person, house.dana.person, messaging_enabled=False)
    assert house.ask(sweep, sockets)[opened.session].state == "expired"


def test_a_session_without_links_has_no_scope_and_is_no_session(house: House) -> None:
    letter = a_letter(house)
    opened = house.do(open_quick_link, None, Opening(letter.word or ""))
    assert house.ask(session_of, opened.token, "") is not None
    assert house.ask(scopes, [opened.session, 12345]) == {opened.session: {letter.conversation: OVER}, 12345: {}}
    assert house.ask(scopes, []) == {}
