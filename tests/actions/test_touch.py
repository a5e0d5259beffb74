"""Open pages learn of what changed around their conversations."""

from __future__ import annotations

from sqlalchemy import update

from chat.actions.touch import (
    lock_around_clients,
    lock_conversations_with,
    reset_organization,
    tell_everybody,
    tell_lookers,
)
from chat.models import Person
from chat.models.conversations import PARTICIPANTS
from chat.transaction import Transaction, Who
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


def told_of(house: House, *clients: Who) -> set[str]:
    """Tell of these clients; the answer is whose open pages hear of it, and each hears once."""
    cursors = {name: house.feed(who).cursor for name, who in house.cast.items()}
    numbers = [one.person for one in clients]

    def act(tx: Transaction, _: None) -> None:
        batch = lock_around_clients(tx, numbers)
        tell_lookers(batch, numbers)
        batch.save()

    house.do(act)
    answers = {name: house.feed(who, cursors[name]) for name, who in house.cast.items()}
    heard = {name for name, answer in answers.items() if answer.clients}
    assert {house.cast[name].person for name in heard} == house.rung
    for name in heard:
        assert answers[name].clients > cursors[name]
        assert house.feed(house.cast[name], answers[name].cursor).clients == 0
    assert recount.faults(house.connection) == []
    return heard


def test_all_staff_who_look_after_a_client_hear_of_them_also_who_never_wrote_with_them(house: House) -> None:
    assert told_of(house, house.dana) == {"ben", "ada"}
    house.begin(house.ben, house.dana)
    assert told_of(house, house.dana) == {"ben", "ada"}, "neither the client nor a therapist of others"
    assert told_of(house, house.fay) == {"cleo", "ada"}
    assert told_of(house, house.fay, house.kim) == {"cleo", "ada", "ivy", "jon"}, "a number may be known in two practices"


def test_who_looks_after_them_no_longer_and_who_was_deactivated_hears_nothing_of_a_client(house: House) -> None:
    house.unassign(house.dana, house.ben)
    assert told_of(house, house.dana) == {"ada"}
    house.set(Person, house.ada.person, active=False)
    assert told_of(house, house.dana) == set()


def test_of_a_contact_only_conversations_tell(house: House) -> None:
    assert told_of(house, house.hal) == set()
