"""Open pages learn of what changed around their conversations."""

from __future__ import annotations

from sqlalchemy import update

from chat.actions.touch import lock_conversations_with, reset_organization, tell_everybody
from chat.models.conversations import PARTICIPANTS
from chat.transaction import Transaction
from tests import recount
from tests.databases import House


def told(house: House, *people: int) -> None:
    def act(tx: Transaction, _: None) -> None:
        batch = lock_conversations_with(tx, people)
        tell_everybody(batch)
        tell_everybody(batch)
        batch.save()

    house.do(act)


def test_all_who_see_a_conversation_with_somebody_hear_once_that_it_changed(house: House) -> None:
    sent, _, _ = house.begin(house.ben, house.dana), house.begin(house.ben, house.eli), house.begin(house.cleo, house.fay)
    cursors = {who: house.feed(who).cursor for who in house.cast.values()}
    told(house, house.dana.person)
    assert house.rung == {house.ben.person, house.dana.person}
    for who in (house.ben, house.dana):
        answer = house.feed(who, cursors[who])
        assert [(change.number, change.conversation["id"], change.messages) for change in answer.changes] == [
            (cursors[who] + 1, sent.conversation, [])
        ]
    assert house.feed(house.eli).cursor == cursors[house.eli]
    assert house.feed(house.fay).cursor == cursors[house.fay]
    assert recount.faults(house.connection) == []


def test_who_sees_it_no_longer_hears_nothing(house: House) -> None:
    sent = house.begin(house.dana, house.ben)
    house.run(update(PARTICIPANTS).where(PARTICIPANTS.c.person_id == house.ben.person).values(ended_at=1))
    cursor = house.feed(house.ben).cursor
    told(house, house.dana.person)
    assert (house.rung, house.feed(house.ben).cursor) == ({house.dana.person}, cursor)
    assert house.row(house.dana, sent)["change"] == 2


def test_a_reset_reaches_every_page_of_one_practice(house: House) -> None:
    house.begin(house.ben, house.dana)
    cursors = {name: house.feed(who).cursor for name, who in house.cast.items()}
    house.do(lambda tx, _: reset_organization(tx, house.ada.organization))
    for name, who in house.cast.items():
        here = who.organization == house.ada.organization
        answer = house.feed(who, cursors[name])
        assert (answer.reset, answer.cursor) == (here, cursors[name] + here), name
        assert not house.feed(who, answer.cursor).reset
        assert (who.person in house.rung) is here
    assert recount.faults(house.connection) == []
