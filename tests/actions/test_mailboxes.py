"""To the trash and back: in the mailbox of the one who does it, and nowhere else."""

from __future__ import annotations

import dataclasses

import pytest
from sqlalchemy import select

from chat.actions.mailboxes import Selection, move_to_inbox, move_to_trash, undo_trash
from chat.actions.marks import MarkRead, mark_read
from chat.errors import NotFound
from chat.lib.clock import DAY
from chat.models import AuditEntry
from chat.models.columns import table
from chat.queries.conversations import conversations
from chat.transaction import Who
from tests import recount
from tests.databases import House, Sent
from tests.people import NOON, later

FOLDERS = ("inbox", "sent", "trash")


def selection(*places: Sent) -> Selection:
    return Selection(tuple(place.conversation for place in places))


def folders(house: House, who: Who, place: Sent) -> list[str]:
    """Where the conversation stands, by the listings and by the row, which must agree."""
    found = [name for name in FOLDERS if place.conversation in {row["id"] for row in house.ask(conversations, name, who=who)[0]}]
    assert not found or found == house.row(who, place)["folders"]
    return found


def test_a_conversation_stands_where_its_messages_put_it(house: House) -> None:
    sent = house.begin(house.ben, house.dana)
    assert (folders(house, house.ben, sent), folders(house, house.dana, sent)) == (["sent"], ["inbox"])
    house.reply(house.dana, sent)
    assert folders(house, house.ben, sent) == folders(house, house.dana, sent) == ["inbox", "sent"]


def test_the_trash_takes_it_out_of_both_and_tells_nobody_else(house: House) -> None:
    sent = house.begin(house.ben, house.dana)
    house.reply(house.dana, sent)
    cursor = house.feed(house.dana).cursor
    house.do(move_to_trash, house.ben, selection(sent))
    assert house.rung == {house.ben.person}
    assert (folders(house, house.ben, sent), folders(house, house.dana, sent)) == (["trash"], ["inbox", "sent"])
    assert house.feed(house.dana).cursor == cursor
    row = house.row(house.ben, sent)
    assert (row["trashed_at"], row["deleted_at"]) == (NOON, NOON + 15 * DAY)


def test_it_comes_back_read_state_and_all(house: House) -> None:
    sent = house.begin(house.ben, house.dana)
    house.reply(house.ben, sent)
    house.do(mark_read, house.dana, MarkRead(sent.conversation, 1))
    before = house.row(house.dana, sent)
    house.do(move_to_trash, house.dana, selection(sent))
    assert house.feed(house.dana).unread == 0
    house.do(move_to_inbox, house.dana, selection(sent))
    assert house.feed(house.dana).unread == 1
    assert house.row(house.dana, sent) == before | {"change": before["change"] + 2}


def test_move_to_inbox_shows_it_in_the_inbox_also_when_nobody_else_wrote(house: House) -> None:
    sent = house.begin(house.ben, house.dana)
    house.do(move_to_trash, house.ben, selection(sent))
    house.do(move_to_inbox, house.ben, selection(sent))
    assert folders(house, house.ben, sent) == ["inbox", "sent"]


def test_undo_puts_each_back_where_it_stood_read_state_and_all(house: House) -> None:
    sent, received = house.begin(house.ben, house.dana, subject="Sent"), house.begin(house.dana, house.ben, subject="Received")
    both = house.begin(house.ben, house.dana, subject="Both")
    house.reply(house.dana, both)
    places = {sent: ["sent"], received: ["inbox"], both: ["inbox", "sent"]}
    rows = {place: house.row(house.ben, place) for place in places}
    unread = house.feed(house.ben).unread
    house.do(move_to_trash, house.ben, selection(*places))
    assert [folders(house, house.ben, place) for place in places] == [["trash"]] * 3
    cursor = house.feed(house.ben).cursor
    house.do(undo_trash, house.ben, selection(*places))
    assert house.rung == {house.ben.person}
    for place, where in places.items():
        assert folders(house, house.ben, place) == where
        assert {**house.row(house.ben, place), "change": 0} == {**rows[place], "change": 0}
    answer = house.feed(house.ben, cursor)
    assert {one.conversation["id"]: one.conversation["folders"] for one in answer.changes} == {
        place.conversation: where for place, where in places.items()
    }
    assert answer.unread == unread
    assert recount.faults(house.connection) == []


def test_undo_of_what_a_new_message_brought_back_or_is_not_there_changes_nothing(house: House) -> None:
    sent = house.begin(house.ben, house.dana)
    house.do(move_to_trash, house.ben, selection(sent))
    house.reply(house.dana, sent)
    before = house.state()
    house.do(undo_trash, house.ben, selection(sent))
    assert house.state() == before
    assert folders(house, house.ben, sent) == ["inbox", "sent"]


def test_what_is_in_the_trash_keeps_its_day(house: House) -> None:
    sent = house.begin(house.ben, house.dana)
    house.do(move_to_trash, house.dana, selection(sent))
    before = house.state()
    with house.at(later(days=3)):
        house.do(move_to_trash, house.dana, selection(sent))
    assert house.state() == before
    assert house.rung == set()


def test_what_is_in_the_inbox_stays_as_it_is(house: House) -> None:
    sent = house.begin(house.ben, house.dana)
    before = house.state()
    house.do(move_to_inbox, house.dana, selection(sent))
    assert house.state() == before


def test_after_fifteen_days_to_the_millisecond_it_is_gone_for_its_owner_alone(house: House) -> None:
    sent = house.begin(house.ben, house.dana)
    house.do(move_to_trash, house.dana, selection(sent))
    with house.at(later(days=15) - 1):
        assert folders(house, house.dana, sent) == ["trash"]
    with house.at(later(days=15)):
        assert folders(house, house.dana, sent) == []
        assert not house.sees(house.dana, sent)
        for action in (move_to_inbox, move_to_trash, undo_trash):
            assert isinstance(house.refusal(action, house.dana, selection(sent)), NotFound)
        assert [change.conversation.get("gone") for change in house.feed(house.dana).changes] == [True]
        assert folders(house, house.ben, sent) == ["sent"]


@pytest.mark.parametrize("action", [move_to_trash, move_to_inbox, undo_trash])
def test_nobody_moves_the_conversations_of_others(house: House, action: object) -> None:
    sent, own = house.begin(house.ben, house.dana), house.begin(house.cleo, house.fay)
    before = house.state()
    for who in (house.cleo, house.ada, house.eli, house.jon, house.kim):
        assert isinstance(house.refusal(action, who, selection(sent)), NotFound)  # type: ignore[arg-type]
    assert house.state() == before
    house.do(move_to_trash, house.cleo, selection(sent, own))
    assert (folders(house, house.cleo, own), folders(house, house.ben, sent)) == (["trash"], ["sent"])


def test_a_therapist_no_longer_assigned_moves_nothing(house: House) -> None:
    sent = house.begin(house.ben, house.dana)
    house.unassign(house.dana, house.ben)
    assert isinstance(house.refusal(move_to_trash, house.ben, selection(sent)), NotFound)


def test_a_quick_link_moves_only_what_it_opens(house: House) -> None:
    sent, other = house.begin(house.ben, house.dana), house.begin(house.ben, house.dana, subject="Other")
    scoped = dataclasses.replace(house.dana, scope={other.conversation: later(minutes=15)})
    assert isinstance(house.refusal(move_to_trash, scoped, selection(sent)), NotFound)


def test_a_thousand_are_moved_by_as_many_statements_as_one(house: House) -> None:
    places = [house.begin(house.ben, house.dana, subject=f"Thread {n}") for n in range(20)]
    with house.counted() as one:
        house.do(move_to_trash, house.dana, selection(places[0]))
    with house.counted() as many:
        house.do(move_to_trash, house.dana, selection(*places))
    assert len(one) == len(many)
    assert len(house.ask(conversations, "trash", who=house.dana)[0]) == 20


def test_each_move_is_on_record(house: House) -> None:
    audit = table(AuditEntry)
    places = [house.begin(house.ben, house.dana, subject=subject) for subject in ("One", "Two")]
    house.do(move_to_trash, house.dana, selection(*places))
    house.do(move_to_inbox, house.dana, selection(places[0]))
    rows = house.run(select(audit.c.action, audit.c.actor_id, audit.c.conversation_id).where(audit.c.action.like("move%")))
    first, second = (place.conversation for place in places)
    dana = house.dana.person
    assert sorted(rows) == sorted(
        [("move_to_trash", dana, first), ("move_to_trash", dana, second), ("move_to_inbox", dana, first)]
    )
