"""Holds: what one keeps, for whom it changes nothing, and what follows when it is lifted."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from chat.actions.deletions import delete_permanently, purge
from chat.actions.erasing import erase
from chat.actions.holds import HeldClient, lift_hold, set_hold
from chat.actions.mailboxes import Selection, move_to_trash
from chat.errors import Invalid, NotFound, Refused
from chat.models import AuditEntry, Erasure, Hold, Message
from chat.models.columns import table
from tests import recount
from tests.databases import House, Sent
from tests.people import NOON, later

WHY = "A letter from the county court"


def hold(house: House, client: str = "dana", reason: str = WHY) -> None:
    house.do(set_hold, house.ada, HeldClient(getattr(house, client).person, reason))


def lift(house: House, client: str = "dana", reason: str = "The case is closed") -> None:
    house.do(lift_hold, house.ada, HeldClient(getattr(house, client).person, reason))


def drop(house: House, talk: Sent, *people: str) -> None:
    for who in people:
        house.do(move_to_trash, getattr(house, who), Selection((talk.conversation,)))
        house.do(delete_permanently, getattr(house, who), Selection((talk.conversation,)))


def finish(house: House) -> None:
    while house.do(erase):
        pass


def kept(house: House, talk: Sent) -> list[int]:
    messages = table(Message)
    rows = house.run(select(messages.c.seq).where(messages.c.conversation_id == talk.conversation).order_by(messages.c.seq))
    return [row[0] for row in rows]


def test_what_was_deleted_by_all_before_the_hold_but_not_yet_erased_is_kept_and_seen_by_nobody(house: House) -> None:
    talk, other = house.begin(house.ben, house.dana), house.begin(house.ben, house.eli)
    drop(house, talk, "ben", "dana")
    drop(house, other, "ben", "eli")
    hold(house)
    finish(house)
    assert (kept(house, talk), kept(house, other)) == ([1], []), "the record on hold, and no other"
    assert not house.sees(house.ben, talk)
    assert not house.sees(house.dana, talk)
    assert house.count(Erasure) == 1
    lift(house)
    finish(house)
    assert (kept(house, talk), house.count(Erasure)) == ([], 0)


def test_staff_are_refused_by_name_and_the_client_deletes_as_ever(house: House) -> None:
    talk = house.begin(house.ben, house.dana)
    for who in (house.ben, house.dana):
        house.do(move_to_trash, who, Selection((talk.conversation,)))
    hold(house)
    refusal = house.refusal(delete_permanently, house.ben, Selection((talk.conversation,)))
    assert isinstance(refusal, Refused)
    assert refusal.message.startswith("Dana Reed’s record is on hold.")
    assert (refusal.details, house.sees(house.ben, talk)) == ({"kept_by": "hold", "until": None}, True)
    assert house.do(delete_permanently, house.dana, Selection((talk.conversation,))) == {"deleted": 1}
    assert not house.sees(house.dana, talk)
    finish(house)
    assert kept(house, talk) == [1]


def test_after_fifteen_days_it_leaves_the_trash_and_is_kept(house: House) -> None:
    with house.at(NOON):
        talk = house.begin(house.ben, house.dana)
        for who in (house.ben, house.dana):
            house.do(move_to_trash, who, Selection((talk.conversation,)))
        hold(house)
    with house.at(later(days=15)):
        house.do(purge)
        finish(house)
        assert not house.sees(house.ben, talk)
        assert kept(house, talk) == [1]


def test_only_the_pages_of_staff_hear_of_it(house: House) -> None:
    talk = house.begin(house.ben, house.dana)
    house.do(move_to_trash, house.ben, Selection((talk.conversation,)))
    cursors = {who: house.feed(who).cursor for who in (house.ben, house.dana)}
    hold(house)
    assert house.rung == {house.ben.person}
    (change,) = house.feed(house.ben, cursors[house.ben]).changes
    assert change.conversation["kept"] is not None
    assert change.conversation["kept"]["kept_by"] == "hold"
    assert house.feed(house.dana, cursors[house.dana]).changes == []
    lift(house)
    assert house.rung == {house.ben.person}
    assert house.row(house.ben, talk)["kept"] is None
    assert recount.faults(house.connection) == []


def test_the_clients_own_trash_says_nothing_of_it(house: House) -> None:
    talk = house.begin(house.ben, house.dana)
    house.do(move_to_trash, house.dana, Selection((talk.conversation,)))
    before = house.row(house.dana, talk)
    hold(house)
    assert house.row(house.dana, talk) == before


def test_a_second_hold_and_lifting_none_are_refused(house: House) -> None:
    before = house.state()
    assert isinstance(house.refusal(lift_hold, house.ada, HeldClient(house.dana.person, "x")), Refused)
    assert house.state() == before
    hold(house)
    assert isinstance(house.refusal(set_hold, house.ada, HeldClient(house.dana.person, "x")), Refused)
    assert house.count(Hold) == 1
    lift(house)
    hold(house)
    assert house.count(Hold) == 2


@pytest.mark.parametrize("reason", ["", "  \n", "x" * 501])
def test_a_hold_needs_a_reason_of_some_length(house: House, reason: str) -> None:
    refusal = house.refusal(set_hold, house.ada, HeldClient(house.dana.person, reason))
    assert (type(refusal), refusal.details) == (Invalid, {"field": "reason"})


@pytest.mark.parametrize("who", ["ben", "dana", "hal", "ivy", "jon"])
def test_nobody_but_an_administrator_of_the_practice_sets_or_lifts_one(house: House, who: str) -> None:
    hold(house, "eli")
    before = house.state()
    assert isinstance(house.refusal(set_hold, getattr(house, who), HeldClient(house.dana.person, WHY)), NotFound)
    assert isinstance(house.refusal(lift_hold, getattr(house, who), HeldClient(house.eli.person, WHY)), NotFound)
    assert house.state() == before


def test_both_are_on_record_and_the_reason_is_not_readable_in_the_table(house: House) -> None:
    hold(house)
    lift(house)
    audit, holds = table(AuditEntry), table(Hold)
    rows = house.run(
        select(audit.c.action, audit.c.actor_id, audit.c.client_id, audit.c.details).where(audit.c.action.like("%_hold"))
    )
    person, client = house.ada.person, house.dana.person
    assert rows == [("set_hold", person, client, ""), ("lift_hold", person, client, "")]
    assert WHY.encode() not in bytes(house.run(select(holds.c.reasons))[0][0])


def test_what_is_written_during_the_hold_is_kept_too(house: House) -> None:
    hold(house)
    talk = house.begin(house.ben, house.dana)
    house.do(move_to_trash, house.ben, Selection((talk.conversation,)))
    assert isinstance(house.refusal(delete_permanently, house.ben, Selection((talk.conversation,))), Refused)


def test_erasing_that_had_begun_comes_to_its_end_without_what_is_held(house: House) -> None:
    talk = house.begin(house.ben, house.dana, body="one")
    drop(house, talk, "ben", "dana")
    house.do(erase)  # its message is gone; the key is not yet
    house.begin(house.ben, house.dana, body="two")
    hold(house)
    house.do(move_to_trash, house.dana, Selection((talk.conversation,)))
    house.do(delete_permanently, house.dana, Selection((talk.conversation,)))
    finish(house)
    assert kept(house, talk) == [2]
    assert [m["body"] for m in house.page(house.ben, talk).messages] == ["two"]
    assert house.count(Erasure) == 0, "Ben still sees what is left"
