"""What somebody may take along."""

from __future__ import annotations

import dataclasses
from uuid import uuid4

import pytest

from chat.actions.deletions import delete_permanently
from chat.actions.mailboxes import Selection, move_to_trash
from chat.actions.marks import MarkRead, mark_read
from chat.actions.mass_messages import SendMass, advance, send_mass_message
from chat.errors import NotFound
from chat.queries.exports import exportable, exported_messages
from chat.queries.prints import Exchange, Party
from chat.transaction import Who
from tests.databases import House, Sent
from tests.people import NOON, later


def talks(*places: Sent) -> list[tuple[int, int]]:
    return sorted((place.conversation, place.seq) for place in places)


def test_a_client_takes_along_all_that_they_see_trash_included_and_nothing_else(house: House) -> None:
    direct, thread, gone = house.begin(house.ben, house.dana), *(house.begin(house.ben, house.dana, subject=w) for w in "ab")
    house.begin(house.ben, house.eli)
    for place in (thread, gone):
        house.do(move_to_trash, house.dana, Selection((place.conversation,)))
    house.do(delete_permanently, house.dana, Selection((gone.conversation,)))
    assert house.ask(exportable, who=house.dana) == talks(direct, thread)
    assert house.ask(exportable, None, direct.conversation, who=house.dana) == [
        pair for pair in talks(direct, thread) if pair[0] > direct.conversation
    ]
    with house.at(later(days=15)):
        assert house.ask(exportable, who=house.dana) == talks(direct)


def test_a_contact_takes_along_what_they_were_ccd_on(house: House) -> None:
    talk, _ = house.begin(house.ben, house.dana, subject="With Hal"), house.begin(house.ben, house.dana)
    house.add_cc(talk, house.hal, (1, None))
    assert house.ask(exportable, who=house.hal) == talks(talk)


def test_staff_take_along_what_they_wrote_with_one_client_whom_they_look_after(house: House) -> None:
    mine, _ = house.begin(house.ben, house.dana), house.begin(house.ben, house.eli)
    of_ada = house.begin(house.ada, house.dana)
    dana = house.dana.person
    assert house.ask(exportable, dana, who=house.ben) == talks(mine)
    assert house.ask(exportable, dana, who=house.ada) == talks(of_ada), "an administrator, too, only their own"
    for who in (house.cleo, house.jon, house.ivy):
        with pytest.raises(NotFound):
            house.ask(exportable, dana, who=who)
    house.unassign(house.dana, house.ben)
    with pytest.raises(NotFound):
        house.ask(exportable, dana, who=house.ben)


def test_what_a_mass_message_stands_for_goes_along(house: House) -> None:
    house.do(send_mass_message, house.ben, SendMass(str(uuid4()), "Holidays", "Closed.", everyone=True))
    while house.do(advance):
        pass
    assert len(house.ask(exportable, house.dana.person, who=house.ben)) == 1


def test_nobody_takes_along_by_the_other_way_or_by_a_quick_link(house: House) -> None:
    talk = house.begin(house.ben, house.dana)
    scoped = dataclasses.replace(house.dana, scope={talk.conversation: later(days=1)})
    for who, client in ((house.dana, house.dana.person), (house.ben, None), (scoped, None)):
        with pytest.raises(NotFound):
            house.ask(exportable, client, who=who)


def exchanges(house: House, who: Who, place: Sent) -> list[Exchange]:
    return house.ask(exported_messages, place.conversation, 0, 99, who=who).exchanges


def test_staff_are_told_when_each_message_was_first_read_and_a_client_when_they_read_themselves(house: House) -> None:
    with house.at(NOON):
        place = house.begin(house.ben, house.dana)
        house.reply(house.dana, place)
        house.reply(house.ben, place)
    with house.at(NOON + 5):
        house.do(mark_read, house.dana, MarkRead(place.conversation, 1))
    with house.at(NOON + 7):
        house.do(mark_read, house.ben, MarkRead(place.conversation, 2))
    assert [one.received_at for one in exchanges(house, house.ben, place)] == [NOON + 5, NOON + 7, None]
    assert [one.received_at for one in exchanges(house, house.dana, place)] == [NOON + 5, None, None]


def test_each_message_is_told_with_those_it_was_between(house: House) -> None:
    place = house.begin(house.ben, house.dana, subject="Sleep")
    house.reply(house.dana, place)
    house.add_cc(place, house.hal, (2, None))
    first, second = exchanges(house, house.ben, place)
    assert first.sender == Party(house.ben.person, "Ben Larsen", "therapist")
    assert [one.name for one in first.recipients] == ["Dana Reed"]
    assert [one.name for one in second.recipients] == ["Ben Larsen", "Hal Reed"]
    assert first.client == second.client == second.sender == Party(house.dana.person, "Dana Reed", "client")
    among = house.begin(house.ben, house.cleo)
    assert exchanges(house, house.ben, among)[0].client is None


def test_where_there_is_no_message_nothing_is_told(house: House) -> None:
    place = house.begin(house.ben, house.dana)
    assert house.ask(exported_messages, place.conversation, 5, 99, who=house.ben).exchanges == []
