"""What was deleted for good waits for the ledger, and is deleted again in a database that was restored."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from chat.actions.deletions import delete_permanently, purge
from chat.actions.erasing import erase
from chat.actions.ledger import delete_again, settle_deletions
from chat.actions.mailboxes import Selection, move_to_trash
from chat.actions.mass_messages import SendMass, advance, send_mass_message
from chat.actions.mass_trash import delete_mass_message, purge_mass_messages, trash_mass_message
from chat.lib import clock
from chat.lib.ledger import Line
from chat.models import Deletion, Message
from chat.models.columns import table
from chat.models.deletions import CONVERSATION, MASS_MESSAGE
from chat.queries.conversations import conversations
from chat.queries.ledger import waiting
from chat.queries.mass_messages import mass_messages
from chat.transaction import Policy, Transaction, Who
from tests.databases import House, Sent
from tests.people import NOON


def do(house: House, action: Any, who: Who | None = None, what: Any = None, *, ledger: bool = True) -> Any:
    """Carry out an action where a ledger is kept, or where none is."""
    with house.connection.begin_nested():
        tx = Transaction(house.connection, house.keys, who=who, policy=Policy(ledger=ledger))
        result = action(tx, what)
        tx.finish()
    return result


def lines(house: House) -> list[Line]:
    return list(house.ask(waiting)[1].values())


def said(house: House) -> list[tuple[str, int, int, int]]:
    return [(one.kind, one.item, one.person, one.through) for one in lines(house)]


def delete(house: House, who: Who, talk: Sent, *, ledger: bool = True) -> None:
    do(house, move_to_trash, who, Selection((talk.conversation,)))
    do(house, delete_permanently, who, Selection((talk.conversation,)), ledger=ledger)


def test_a_deletion_by_hand_waits_for_the_ledger_until_it_stands_there(house: House) -> None:
    talk, other = house.begin(house.ben, house.dana), house.begin(house.ben, house.eli)
    house.reply(house.dana, talk)
    delete(house, house.dana, talk)
    assert said(house) == [(CONVERSATION, talk.conversation, house.dana.person, 2)]
    delete(house, house.eli, other)
    first, second = house.ask(waiting)[1]
    house.do(settle_deletions, None, [first])
    assert list(house.ask(waiting)[1]) == [second]


def test_the_end_of_the_trash_s_days_is_a_deletion_too(house: House) -> None:
    talk = house.begin(house.ben, house.dana)
    do(house, move_to_trash, house.dana, Selection((talk.conversation,)))
    with house.at(NOON + 16 * clock.DAY):
        do(house, purge)
    assert said(house) == [(CONVERSATION, talk.conversation, house.dana.person, 1)]


def test_without_a_ledger_nothing_waits(house: House) -> None:
    delete(house, house.dana, house.begin(house.ben, house.dana), ledger=False)
    assert house.count(Deletion) == 0


def test_in_a_restored_database_it_is_deleted_again_for_its_owner_alone(house: House) -> None:
    talk, kept = house.begin(house.ben, house.dana, body="Gone"), house.begin(house.ben, house.eli)
    with house.undone():
        delete(house, house.dana, talk)
        told = lines(house)
    assert house.sees(house.dana, talk), "the backup has it"
    assert do(house, delete_again, None, told) == 1
    assert (house.sees(house.dana, talk), house.sees(house.ben, talk), house.sees(house.eli, kept)) == (False, True, True)
    assert do(house, delete_again, None, told) == 0, "a line that is there twice does no harm"


def test_what_everybody_deleted_is_erased_again(house: House) -> None:
    talk = house.begin(house.ben, house.dana, body="Gone")
    with house.undone():
        delete(house, house.dana, talk)
        delete(house, house.ben, talk)
        told = lines(house)
    assert do(house, delete_again, None, told) == 2
    while house.do(erase):
        pass
    here = table(Message)
    assert house.run(select(here.c.seq).where(here.c.conversation_id == talk.conversation)) == []


def test_what_came_after_a_deletion_that_the_backup_has_stays(house: House) -> None:
    talk = house.begin(house.ben, house.dana, body="Gone")
    delete(house, house.dana, talk)
    house.reply(house.ben, talk, body="Later")
    assert do(house, delete_again, None, lines(house)) == 0
    assert [one["body"] for one in house.page(house.dana, talk).messages] == ["Later"]


def test_of_two_deletions_the_later_one_counts(house: House) -> None:
    talk = house.begin(house.ben, house.dana)
    house.reply(house.ben, talk)
    line = Line("", NOON, CONVERSATION, talk.conversation, house.dana.person, 2)
    assert do(house, delete_again, None, [line, line._replace(through=1)]) == 1


def test_what_the_backup_does_not_know_is_passed_over(house: House) -> None:
    unknown = [Line("", NOON, kind, 999_999, house.dana.person, 3) for kind in (CONVERSATION, MASS_MESSAGE)]
    stranger = Line("", NOON, CONVERSATION, house.begin(house.ben, house.dana).conversation, house.ivy.person, 9)
    before = house.state()
    assert do(house, delete_again, None, [*unknown, stranger]) == 0
    assert house.state() == before


def mass(house: House, *, whole: bool = True) -> int:
    what = SendMass(str(uuid4()), "Closed", "The office is closed", everyone=True)
    number: int = house.do(send_mass_message, house.ben, what)["mass_message"]
    while whole and house.do(advance):
        pass
    return number


@pytest.mark.parametrize("by_hand", [True, False])
def test_a_mass_message_that_was_deleted_is_erased_again_with_its_sender_s_side(house: House, by_hand: bool) -> None:
    number = mass(house)
    with house.undone():
        do(house, trash_mass_message, house.ben, number)
        if by_hand:
            do(house, delete_mass_message, house.ben, number)
        else:
            with house.at(NOON + 16 * clock.DAY):
                while do(house, purge_mass_messages):
                    pass
        told = lines(house)
    assert sorted({one.kind for one in told}) == [CONVERSATION, MASS_MESSAGE]
    assert do(house, delete_again, None, told) == 3
    assert house.ask(mass_messages, trashed=False, who=house.ben)[0] == []
    assert len(house.ask(conversations, "inbox", who=house.dana)[0]) == 1, "it stays for those who got it"
    assert do(house, delete_again, None, told) == 0


def test_a_mass_message_that_the_backup_has_on_its_way_goes_on(house: House) -> None:
    number = mass(house, whole=False)
    line = Line("", NOON, MASS_MESSAGE, number, house.ben.person, 0)
    assert do(house, delete_again, None, [line]) == 0
    while house.do(advance):
        pass
    assert len(house.ask(conversations, "inbox", who=house.eli)[0]) == 1
