"""What is told of watched messages: to their author, of what is the author's to see, as long as it is unread."""

from __future__ import annotations

from dataclasses import replace

from chat.actions.messages import send_messages
from chat.actions.watches import tell_unread
from chat.lib.clock import DAY
from chat.queries.watches import LISTED, not_read, own_not_read, watches
from tests.databases import House, Sent, to_people
from tests.people import NOON


def asked(house: House) -> Sent:
    with house.at(NOON):
        return Sent(**house.do(send_messages, house.ben, replace(to_people(house.dana), unread_after=2)))


def test_a_watch_that_waits_is_shown_beside_its_message_but_stands_in_no_list(house: House) -> None:
    place = asked(house)
    found = house.ask(watches, {(place.conversation, house.ben.person), (place.conversation, house.dana.person)})
    pending = {"seq": 1, "days": 2, "due_at": NOON + 2 * DAY, "told_at": None}
    assert found == {(place.conversation, house.ben.person): [pending]}
    assert house.ask(own_not_read, who=house.ben) == []


def test_nothing_is_asked_where_nothing_is_wanted(house: House) -> None:
    with house.counted() as seen:
        assert house.ask(watches, set()) == {}
    assert seen == []


def test_a_list_of_staff_without_a_link_alone(house: House) -> None:
    place = asked(house)
    with house.at(NOON + 2 * DAY):
        house.do(tell_unread)
        assert len(house.ask(own_not_read, who=house.ben)) == 1
        scoped = replace(house.ben, scope={place.conversation: NOON + 9 * DAY})
        for who in (scoped, house.dana, house.hal, house.cleo, house.jon):
            assert house.ask(own_not_read, who=who) == []


def test_what_is_no_longer_its_authors_to_see_is_not_listed(house: House) -> None:
    asked(house)
    with house.at(NOON + 2 * DAY):
        house.do(tell_unread)
        house.unassign(house.dana, house.ben)
        assert house.ask(not_read, house.ben.person) == []
        house.assign(house.dana.person, house.ben.person)
        assert len(house.ask(not_read, house.ben.person, LISTED)) == 1
