"""What somebody may take along."""

from __future__ import annotations

import dataclasses
from uuid import uuid4

import pytest

from chat.actions.deletions import delete_permanently
from chat.actions.mailboxes import Selection, move_to_trash
from chat.actions.mass_messages import SendMass, advance, send_mass_message
from chat.errors import NotFound
from chat.queries.exports import exportable
from tests.databases import House, Sent
from tests.people import later


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
